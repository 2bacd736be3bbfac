import { afterAll, expect, test } from 'vitest';
import { createPairKernel } from '../../src/io/pair-kernel.ts';
import { findNeighbors } from '../../src/neighbors/neighbors.ts';
import type { KeptNeighbors, Matrix } from '../../src/types.ts';
import { createRandom } from '../bench/random.ts';
import { clusteredRows, createBruteForce, toMatrix } from './helpers.ts';

const kernel = createPairKernel();
afterAll(() => kernel.close());

test('neighbours are those of a search of everything, after any rows came, went, moved or were embedded anew', async () => {
  const random = createRandom(5);
  const vectors = new Map<string, readonly number[]>(clusteredRows(random, Array.from({ length: 8 }, () => 60), 16, 0.6).map((row, i) => [`k${i}`, row] as const));
  const below = (end: number): number => Math.floor(random() * end);
  const all = [...vectors.keys()];
  let keys: readonly string[] = all.slice(0, 200);
  let kept: KeptNeighbors | undefined;
  let searches = 0;
  const counted = { ...kernel, pairsAbove: (...given: Parameters<typeof kernel.pairsAbove>) => { searches++; return kernel.pairsAbove(...given); } };
  for (let step = 0; step < 300; step++) {
    const fresh = new Set<string>();
    for (let edits = below(3); edits > 0; edits--) {
      const at = below(keys.length);
      const [one = '', next = ''] = [keys[at], all[below(all.length)]];
      const kinds: readonly (() => readonly string[])[] = [
        () => keys.toSpliced(at, 1),
        () => keys.toSpliced(below(keys.length), 0, next),
        () => keys.with(at, next),
        () => [...keys.toSpliced(at, 1), one],
        () => {
          // another processor gives other last bits
          fresh.add(one);
          vectors.set(one, (vectors.get(one) ?? []).map((value) => value * (1 + 1e-4 * random())));
          return keys;
        },
      ];
      keys = kinds[below(kinds.length)]?.() ?? keys;
    }
    const matrix: Matrix = { ...toMatrix(keys.map((key) => vectors.get(key) ?? [])), keys, fresh };
    const options = { index: 'exact', floor: 0.3, k: 6 } as const;
    const again = await findNeighbors(matrix, { ...options, recall: { kept } }, counted, createBruteForce());
    const scratch = await findNeighbors(matrix, options, kernel, createBruteForce());
    expect(again.neighbors).toEqual(scratch.neighbors);
    expect(again.groups).toEqual(scratch.groups);
    kept = structuredClone(again.kept);
  }
  expect(searches).toBeLessThan(60);
});
