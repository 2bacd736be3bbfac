import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPairKernel } from '../../src/io/pair-kernel.ts';
import { createAncestry } from '../../src/neighbors/ancestry.ts';
import { findNeighbors } from '../../src/neighbors/neighbors.ts';
import { createPairBuffer } from '../../src/neighbors/pairs.ts';
import type { PairKernel } from '../../src/types.ts';
import { createRandom } from '../bench/random.ts';
import { clusteredRows, createBruteForce, toMatrix } from './helpers.ts';

let kernel: PairKernel;
beforeAll(async () => { kernel = await createPairKernel(0); });
afterAll(() => kernel.close());

const pairs = fc.array(fc.tuple(fc.nat(11), fc.nat(11), fc.integer({ min: 1, max: 5 })), { maxLength: 60 }).map((drawn) => {
  const seen = new Map(drawn.filter(([u, v]) => u < v).map(([u, v, c]) => [u * 12 + v, [u, v, c / 5] as const]));
  return [...seen.values()];
});

test('k keeps a pair when either side counts it among its k nearest, ties to the smaller index', () => {
  fc.assert(fc.property(pairs, fc.integer({ min: 1, max: 4 }), (drawn, k) => {
    const nearest = (unit: number): Set<string> => new Set(drawn.filter(([u, v]) => u === unit || v === unit)
      .toSorted((x, y) => y[2] - x[2] || x[0] + x[1] - y[0] - y[1]).slice(0, k).map(([u, v]) => `${u}-${v}`));
    const near = Array.from({ length: 12 }, (_, unit) => nearest(unit));
    const expected = drawn.filter(([u, v]) => near[u]?.has(`${u}-${v}`) || near[v]?.has(`${u}-${v}`))
      .toSorted((x, y) => x[0] - y[0] || x[1] - y[1]);
    const buffer = createPairBuffer(12, k, 1000);
    for (const [u, v, cosine] of drawn) buffer.push(u, v, cosine);
    const { us, vs, cosines, limitedTo } = buffer.finish();
    expect([...us].map((u, i) => [u, vs[i], cosines[i]])).toEqual(expected);
    expect(limitedTo).toBe(expected.length < drawn.length ? k : undefined);
  }));
});

test('when pruned happens under way makes no difference', () => {
  fc.assert(fc.property(pairs, (drawn) => {
    const run = (order: typeof drawn, budget: number): unknown => {
      const buffer = createPairBuffer(12, 1, budget);
      for (const [u, v, cosine] of order) buffer.push(u, v, cosine);
      const { us, vs, cosines } = buffer.finish();
      return { us, vs, cosines };
    };
    expect(run(drawn.toReversed(), 24)).toEqual(run(drawn, 1000));
  }));
});

test('a k that gives more pairs than the bound is halved until it does not', () => {
  fc.assert(fc.property(pairs, fc.integer({ min: 2, max: 8 }), fc.integer({ min: 12, max: 24 }), (drawn, k, budget) => {
    const run = (nearest: number, most: number) => {
      const buffer = createPairBuffer(12, nearest, most);
      for (const [u, v, cosine] of drawn) if (buffer.admits(u, v, cosine)) buffer.push(u, v, cosine);
      return buffer.finish();
    };
    const { limitedTo, ...bounded } = run(k, budget);
    const { limitedTo: _, ...plain } = run(limitedTo ?? k, 1000);
    expect(bounded).toEqual(plain);
    expect(bounded.us.length).toBeLessThanOrEqual(budget);
    expect(limitedTo === undefined).toBe(bounded.us.length === drawn.length);
  }));
});

test('more pairs than the bound: the nearest of each are kept, and the result says so', async () => {
  const matrix = toMatrix(clusteredRows(createRandom(5), [300], 32, 0.2));
  const options = { index: 'exact', floor: 0.5 } as const;
  const all = await findNeighbors(matrix, options, kernel, createBruteForce());
  expect(all.neighbors).toHaveLength(44_850);
  expect(all.limitedTo).toBeUndefined();
  const bounded = await findNeighbors(matrix, { ...options, maxPairs: 5000 }, kernel, createBruteForce());
  expect(bounded.neighbors.length).toBeLessThanOrEqual(5000);
  expect(bounded.limitedTo).toBeGreaterThan(1);
  const cosines = new Map(all.neighbors.map(({ a, b, cosine }) => [`${a}-${b}`, cosine]));
  for (const { a, b, cosine } of bounded.neighbors) expect(cosines.get(`${a}-${b}`)).toBe(cosine);
  const linked = new Set(bounded.neighbors.flatMap(({ a, b }) => [a, b]));
  expect(linked.size).toBe(300);
});

test('a chunk is never paired with what encloses it, and its twin stands in for it', async () => {
  const chunks = [{ id: 'outer' }, { id: 'inner', parentId: 'outer' }, { id: 'innermost', parentId: 'inner' }, { id: 'twin' }];
  const matrix = { dims: 2, rows: Float32Array.of(1, 0, 0.98, 0.199, 0.98, 0.199, 1, 0), chunkIds: chunks.map(({ id }) => id) };
  const { neighbors, groups } = await findNeighbors(
    matrix, { index: 'exact', floor: 0.9, excludes: createAncestry(chunks) }, kernel, createBruteForce());
  expect(groups).toEqual([[0, 3], [1, 2]]);
  expect(neighbors.map(({ a, b }) => [a, b])).toEqual([[0, 3], [1, 3]]);
});

test('a cycle of parents ends', () => {
  const excludes = createAncestry([{ id: 'a', parentId: 'b' }, { id: 'b', parentId: 'a' }, { id: 'c' }]);
  expect(excludes('a', 'b')).toBe(true);
  expect(excludes('c', 'a')).toBe(false);
});
