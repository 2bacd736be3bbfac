import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { PairSet } from '../../src/util/pair-set.ts';

test('a set of pairs does what a set of their names does', () => {
  const index = fc.oneof(fc.nat(40), fc.integer({ min: 0, max: 2 ** 26 - 1 }));
  fc.assert(fc.property(fc.array(fc.tuple(index, index), { maxLength: 3000 }), (pairs) => {
    const set = new PairSet();
    const names = new Set<string>();
    for (const [a, b] of pairs) {
      expect(set.add(a, b)).toBe(!names.has(`${a},${b}`));
      names.add(`${a},${b}`);
    }
    expect(set.size).toBe(names.size);
  }), { numRuns: 40 });
});
