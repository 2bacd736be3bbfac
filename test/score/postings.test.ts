import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Postings } from '../../src/score/postings.ts';

test('the units of a fingerprint are those that have it, unless they are too many', () => {
  const print = fc.oneof(fc.nat(6), fc.constantFrom(2 ** 32 - 1, 2 ** 31, 2 ** 31 + 1));
  fc.assert(fc.property(fc.array(fc.uniqueArray(print, { maxLength: 6 }), { maxLength: 30 }), fc.integer({ min: 1, max: 8 }), (prints, most) => {
    const postings = new Postings(prints.length, (unit) => prints[unit] ?? []);
    for (const [unit, own] of prints.entries()) {
      expect([...postings.printsOf(unit)]).toEqual(own);
      expect(postings.size(unit)).toBe(own.length);
    }
    for (const one of [0, 3, 6, 2 ** 31, 2 ** 31 + 1, 2 ** 32 - 1, 99]) {
      const having = prints.flatMap((own, unit) => (own.includes(one) ? [unit] : []));
      expect(postings.unitsOf(one, most)).toEqual(having.length > most ? [] : having);
    }
  }));
});
