import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Postings } from '../../src/score/postings.ts';

test('fingerprints of a unit lead to the units that have them, unless they are too many', () => {
  const print = fc.oneof(fc.nat(6), fc.constantFrom(2 ** 32 - 1, 2 ** 31, 2 ** 31 + 1));
  fc.assert(fc.property(fc.array(fc.uniqueArray(print, { maxLength: 6 }), { maxLength: 30 }), fc.integer({ min: 1, max: 8 }), (prints, most) => {
    const postings = new Postings(prints.length, (unit) => prints[unit] ?? []);
    for (const [unit, own] of prints.entries()) {
      expect(postings.size(unit)).toBe(own.length);
      const sharing: number[] = [];
      postings.eachSharing(unit, most, (other) => sharing.push(other));
      expect(sharing.toSorted()).toEqual(own.flatMap((one) => {
        const having = prints.flatMap((theirs, other) => (theirs.includes(one) ? [other] : []));
        return having.length > most ? [] : having;
      }).toSorted());
    }
  }));
});
