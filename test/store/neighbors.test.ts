import { describe, expect, it } from 'vitest';
import { createPairKernel } from '../../src/io/pair-kernel.ts';
import { findNeighbors } from '../../src/neighbors/neighbors.ts';
import { storeNeighbors } from '../../src/store/neighbors.ts';
import type { StoredVector, StoreSearch } from '../../src/store/port.ts';
import type { Matrix } from '../../src/types.ts';
import { toyFunctions } from './functions.ts';

/** A complete search that gives other queries' answers in no particular order. */
function completeSearch({ rows, dims }: Matrix, ids: readonly string[]): StoreSearch {
  const cosine = (values: Float32Array, row: number): number => values.reduce((sum, value, dim) => sum + value * (rows[row * dims + dim] ?? 0), 0);
  const near = ({ values }: StoredVector, k: number) => [...new Map(ids.map((id, row) => [id, cosine(values, row)] as const))]
    .toSorted((x, y) => y[1] - x[1]).slice(0, k).map(([id, value]) => ({ id, cosine: value })).toReversed();
  return { nearest: (queries, k) => Promise.resolve(queries.map((query) => near(query, k))), holders: () => Promise.resolve([]) };
}

describe('neighbours by a store\'s search', () => {
  it('are the pairs of the complete search, each once, with the same bits', async () => {
    const { matrix } = toyFunctions(700);
    // some functions have the same vector
    for (let row = 500; row < 520; row++) matrix.rows.copyWithin(row * 8, (row - 500) * 8, (row - 499) * 8);
    const ids = matrix.chunkIds.map((_, row) => `v${row >= 500 && row < 520 ? row - 500 : row}`);
    const kernel = await createPairKernel();
    const options = { floor: 0.9, k: 12 };
    const expected = await findNeighbors(matrix, { ...options, index: 'exact' }, kernel, () => Promise.reject(new Error('not asked for')));
    await kernel.close();
    const found = await storeNeighbors({ matrix, vectorIds: ids }, completeSearch(matrix, ids), options);
    // the complete search links equal vectors too, which the groups say already
    const distinct = expected.neighbors.filter(({ a, b }) => ids[a] !== ids[b]);
    expect(found.neighbors).toEqual(distinct);
    expect(found.groups).toEqual(expected.groups);
    expect(distinct.length).toBeGreaterThan(2000);
  });
});
