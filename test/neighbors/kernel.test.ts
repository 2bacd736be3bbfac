import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { kernels } from '../../models/kernels/make.ts';
import { createPairKernel } from '../../src/io/pair-kernel.ts';
import { createRandom } from '../bench/random.ts';

const KERNELS = { onnxruntime: createPairKernel(0), 'this thread': createPairKernel() };
afterAll(() => Promise.all(Object.values(KERNELS).map((kernel) => kernel.close())));

const randomRows = (seed: number, count: number, dims: number): Float32Array => {
  const random = createRandom(seed);
  return Float32Array.from({ length: count * dims }, () => Math.round(random() * 8 - 4) / 4);
};

test('every committed graph is what its script writes', () => {
  for (const [file, bytes] of kernels) {
    expect(Buffer.compare(readFileSync(new URL(`../../models/kernels/${file}`, import.meta.url)), bytes), file).toBe(0);
  }
});

test.each(Object.entries(KERNELS))('%s gives exactly the products at or above the floor, by row, then column', async (_, kernel) => {
  const shapes = fc.record({ m: fc.integer({ min: 1, max: 40 }), n: fc.integer({ min: 1, max: 40 }), dims: fc.integer({ min: 1, max: 20 }), seed: fc.nat() });
  await fc.assert(fc.asyncProperty(shapes, fc.integer({ min: -8, max: 20 }), async ({ m, n, dims, seed }, quarters) => {
    // quarters multiply to sixteenths, exact in float32: equality at the floor is meaningful
    const a = randomRows(seed, m + 1, dims).subarray(dims);
    const b = randomRows(seed + 1, n, dims);
    const floor = quarters / 4;
    const expected: [number, number, number][] = [];
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        let dot = 0;
        for (let d = 0; d < dims; d++) dot += (a[i * dims + d] as number) * (b[j * dims + d] as number);
        if (dot >= floor) expected.push([i, j, dot]);
      }
    }
    const { rows, cols, cosines } = await kernel.pairsAbove(a, b, dims, floor);
    expect([...rows].map((row, hit) => [row, cols[hit], cosines[hit]])).toEqual(expected);
  }), { numRuns: 60 });
});

test.each(Object.entries(KERNELS))('no rows, no hits and a full tile are answered by %s', async (_, kernel) => {
  const row = Float32Array.of(1, 0);
  expect(await kernel.pairsAbove(new Float32Array(0), row, 2, 0.5)).toMatchObject({ cosines: new Float32Array(0) });
  expect((await kernel.pairsAbove(row, Float32Array.of(0, 1), 2, 0.5)).rows).toHaveLength(0);
  const same = new Float32Array(600).fill(1);
  expect((await kernel.pairsAbove(same, same, 1, 1)).cosines).toHaveLength(360_000);
});

test.each(Object.entries(KERNELS))('numbers that are not whole rows are refused by %s', async (_, kernel) => {
  await expect(kernel.pairsAbove(new Float32Array(5), new Float32Array(4), 2, 0.5)).rejects.toMatchObject({ code: 'bad-input' });
});
