import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPairKernel } from '../../src/io/pair-kernel.ts';
import { exactPairs } from '../../src/neighbors/exact.ts';
import { findNeighbors, type NeighborOptions, type NeighborResult } from '../../src/neighbors/neighbors.ts';
import { createPairBuffer } from '../../src/neighbors/pairs.ts';
import { gatherUnits } from '../../src/neighbors/units.ts';
import type { Matrix, PairKernel } from '../../src/types.ts';
import { createRandom } from '../bench/random.ts';
import { clusteredRows, createBruteForce, naivePairs, toMatrix } from './helpers.ts';

let kernel: PairKernel;
beforeAll(async () => { kernel = await createPairKernel(0); });
afterAll(() => kernel.close());

const find = (matrix: Matrix, options: Partial<NeighborOptions> & { floor: number }): Promise<NeighborResult> =>
  findNeighbors(matrix, { index: 'exact', ...options }, kernel, createBruteForce());

/** Small whole components: many equal rows, many ties, cosines far from the floor or exactly on it. */
const smallRows = (maxRows: number): fc.Arbitrary<number[][]> =>
  fc.integer({ min: 1, max: 6 }).chain((dims) =>
    fc.array(fc.array(fc.integer({ min: -3, max: 3 }), { minLength: dims, maxLength: dims }), { minLength: 1, maxLength: maxRows }));

/** Writes out what groups stand for. */
function expand({ neighbors, groups }: NeighborResult): Map<string, number> {
  const group = new Map(groups.flatMap((rows) => rows.map((row) => [row, rows] as const)));
  const pairs = new Map<string, number>();
  const put = (a: number, b: number, cosine: number): void => {
    if (a !== b) pairs.set(`${Math.min(a, b)}-${Math.max(a, b)}`, cosine);
  };
  for (const rows of groups) for (const a of rows) for (const b of rows) put(a, b, 1);
  for (const { a, b, cosine } of neighbors) {
    for (const x of group.get(a) ?? [a]) for (const y of group.get(b) ?? [b]) put(x, y, cosine);
  }
  return pairs;
}

test('exact finds what a double loop finds', async () => {
  await fc.assert(fc.asyncProperty(smallRows(40), fc.double({ min: 0.05, max: 0.99, noNaN: true }), async (rows, floor) => {
    const matrix = toMatrix(rows);
    const naive = [...naivePairs(matrix, 0)].filter(([, cosine]) => Math.abs(cosine - floor) > 1e-9);
    const found = expand(await find(matrix, { floor }));
    for (const [pair, cosine] of naive) {
      if (cosine < floor) expect(found.has(pair), `${pair} ${cosine}`).toBe(false);
      else expect(found.get(pair), pair).toBeCloseTo(cosine, 12);
    }
  }), { numRuns: 80 });
});

test('neighbours are a < b, in order, each once, cosines within [floor, 1]', async () => {
  await fc.assert(fc.asyncProperty(smallRows(30), async (rows) => {
    const { neighbors, groups } = await find(toMatrix(rows), { floor: 0.5 });
    for (const [i, { a, b, cosine }] of neighbors.entries()) {
      const before = neighbors[i - 1];
      expect(a).toBeLessThan(b);
      expect(before === undefined || before.a < a || (before.a === a && before.b < b)).toBe(true);
      expect(cosine).toBeGreaterThanOrEqual(0.5);
      expect(cosine).toBeLessThanOrEqual(1);
    }
    const grouped = groups.flat();
    expect(new Set(grouped).size).toBe(grouped.length);
  }), { numRuns: 60 });
});

test('the order of rows does not change what is found', async () => {
  const matrix = toMatrix(clusteredRows(createRandom(7), [12, 5, 5, 3, 1, 1], 24, 0.3));
  await fc.assert(fc.asyncProperty(fc.shuffledSubarray(matrix.chunkIds.map((_, i) => i), { minLength: matrix.chunkIds.length }), async (order) => {
    const { dims, rows } = matrix;
    const shuffled: Matrix = {
      dims,
      rows: Float32Array.from(order.flatMap((row) => [...rows.subarray(row * dims, (row + 1) * dims)])),
      chunkIds: order.map((row) => `c${row}`),
    };
    const named = ({ chunkIds }: Matrix, { neighbors }: NeighborResult): string[] =>
      neighbors.map(({ a, b, cosine }) => [...[chunkIds[a], chunkIds[b]].toSorted(), cosine].join(' ')).toSorted();
    expect(named(shuffled, await find(shuffled, { floor: 0.8 }))).toEqual(named(matrix, await find(matrix, { floor: 0.8 })));
  }), { numRuns: 20 });
});

test.each([Infinity, 3])('tile sizes change nothing, not even the last bit, with k = %s', async (k) => {
  const units = gatherUnits(toMatrix(clusteredRows(createRandom(3), Array.from({ length: 40 }, (_, i) => 1 + (i % 9)), 48, 0.35)));
  const run = async (tileRows: number): Promise<unknown> => {
    const buffer = createPairBuffer(units.members.length, k, 1e6);
    await exactPairs(units, 0.85, kernel, buffer, () => {}, tileRows);
    return buffer.finish();
  };
  const whole = await run(4096);
  for (const tileRows of [1, 7, 64]) expect(await run(tileRows)).toEqual(whole);
});

test('a pair exactly on the floor is in, just above it is out', async () => {
  const matrix: Matrix = { dims: 2, rows: Float32Array.of(1, 0, 0.6, 0.8), chunkIds: ['x', 'y'] };
  const { neighbors: [pair] } = await find(matrix, { floor: 0.5 });
  const cosine = pair?.cosine ?? 0;
  expect(cosine).toBeCloseTo(0.6, 6);
  expect((await find(matrix, { floor: cosine })).neighbors).toHaveLength(1);
  expect((await find(matrix, { floor: cosine + 1e-15 })).neighbors).toHaveLength(0);
});

test('at floor 1 identical rows pair and near ones do not', async () => {
  const rows = Float32Array.of(0.6, 0.8, 0.6, 0.8, 0.6000001, 0.8);
  const { neighbors, groups } = await find({ dims: 2, rows, chunkIds: ['a', 'b', 'c'] }, { floor: 1 });
  expect(neighbors).toEqual([{ a: 0, b: 1, cosine: 1 }]);
  expect(groups).toEqual([[0, 1]]);
});

test.each([0, -0.5, 1.0001, Number.NaN])('floor %s is refused', async (floor) => {
  await expect(find(toMatrix([[1, 0]]), { floor })).rejects.toMatchObject({ code: 'bad-option' });
});

test.each([0, Number.NaN])('k = %s is refused', async (k) => {
  await expect(find(toMatrix([[1, 0]]), { floor: 0.5, k })).rejects.toMatchObject({ code: 'bad-option' });
});

test('vectors that are not finite or not of length 1, and shapes that do not fit, are refused by name', async () => {
  const broken = (rows: number[]): Promise<unknown> => find({ dims: 2, rows: Float32Array.from(rows), chunkIds: ['a.ts#ok', 'b.ts#bad'] }, { floor: 0.5 });
  await expect(broken([1, 0, Number.NaN, 0])).rejects.toMatchObject({ code: 'bad-input', message: 'the vector of b.ts#bad holds NaN or infinity' });
  await expect(broken([1, 0, Infinity, 0])).rejects.toMatchObject({ code: 'bad-input' });
  await expect(broken([1, 0, 3, 4])).rejects.toMatchObject({ message: 'the vector of b.ts#bad has length 5.000, not 1' });
  await expect(broken([1, 0, 0])).rejects.toMatchObject({ code: 'bad-input' });
});

test('no rows, one row and all-zero rows have no neighbours', async () => {
  const none = { neighbors: [], groups: [], index: 'exact' };
  expect(await find({ dims: 4, rows: new Float32Array(0), chunkIds: [] }, { floor: 0.5 })).toEqual(none);
  expect(await find(toMatrix([[1, 2]]), { floor: 0.5 })).toEqual(none);
  expect(await find({ dims: 2, rows: new Float32Array(4), chunkIds: ['a', 'b'] }, { floor: 0.1 })).toEqual(none);
});

test('10,000 identical vectors cost one link each', async () => {
  const dims = 8;
  const rows = new Float32Array(10_001 * dims);
  for (let row = 0; row < 10_000; row++) rows[row * dims] = 1;
  rows.set([0.96, 0.28], 10_000 * dims);
  const { neighbors, groups } = await find({ dims, rows, chunkIds: Array.from({ length: 10_001 }, (_, i) => `c${i}`) }, { floor: 0.9 });
  expect(groups.map(({ length }) => length)).toEqual([10_000]);
  expect(neighbors).toHaveLength(10_000);
  expect(neighbors.find(({ b }) => b === 10_000)?.a).toBe(0);
});
