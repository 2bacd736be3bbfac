import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { coverageByFile, coverageOf } from '../../src/compare/coverage.ts';
import { crossNeighbors } from '../../src/compare/neighbors.ts';
import { createPairKernel } from '../../src/io/pair-kernel.ts';
import { toyChunk } from '../helpers/toy-chunk.ts';

const kernel = await createPairKernel();
afterAll(() => kernel.close());

describe('compare: neighbours across trees', () => {
  it('are the pairs of different blocks at or above the floor, and no others', async () => {
    const dims = 4;
    const vector = fc.array(fc.integer({ min: -3, max: 3 }), { minLength: dims, maxLength: dims }).filter((row) => row.some((x) => x !== 0));
    await fc.assert(fc.asyncProperty(fc.array(fc.array(vector, { maxLength: 5 }), { minLength: 2, maxLength: 3 }), async (sides) => {
      const all = sides.flat().map((row) => row.map((x) => x / Math.hypot(...row)));
      let at = 0;
      const blocks = sides.map((side) => ({ from: at, to: (at += side.length) }));
      const blockOf = (row: number): number => blocks.findIndex(({ from, to }) => row >= from && row < to);
      const found = await crossNeighbors({ dims, rows: Float32Array.from(all.flat()), chunkIds: all.map((_, i) => String(i)) }, blocks, { floor: 0.5, k: 100 }, kernel);
      const got = new Set(found.map(({ a, b }) => `${a} ${b}`));
      for (const [a, x] of all.entries()) {
        for (const [b, y] of all.entries()) {
          const cosine = x.reduce((sum, value, i) => sum + value * (y[i] ?? 0), 0);
          if (b <= a || Math.abs(cosine - 0.5) < 1e-5) continue;
          expect([a, b, got.has(`${a} ${b}`)]).toEqual([a, b, blockOf(a) !== blockOf(b) && cosine > 0.5]);
        }
      }
    }), { numRuns: 30 });
  });
});

describe('compare: coverage', () => {
  it('counts a line of nested functions once, and names the file that most lines are like', () => {
    const outer = toyChunk('function outer() {\n  const inner = () => {\n    return 1;\n  };\n  return inner;\n}', { path: 'x.ts' });
    const inner = toyChunk('function inner() {\n  return 1;\n}', { path: 'x.ts', at: 1 });
    const other = toyChunk('function other() {\n  return 2;\n}', { path: 'y.ts' });
    const counted = [{ chunk: outer, counterpart: undefined }, { chunk: inner, counterpart: 'z.ts' }, { chunk: other, counterpart: undefined }];
    expect(coverageOf(counted)).toEqual({ functions: 3, functionsFound: 1, functionShare: 1 / 3, lines: 9, linesFound: 3, lineShare: 3 / 9 });
    expect(coverageByFile(counted, (path) => path)).toMatchObject([
      { path: 'x.ts', lines: 6, linesFound: 3, lineShare: 0.5, counterpart: 'z.ts' }, { path: 'y.ts', functionShare: 0, counterpart: null },
    ]);
    expect(coverageOf([])).toMatchObject({ functions: 0, functionShare: 0, lineShare: 0 });
  });
});
