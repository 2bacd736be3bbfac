import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createLcs } from '../../src/score/lcs.ts';

const ALPHABET = 6;
const sequence = fc.array(fc.integer({ min: 0, max: ALPHABET - 1 }), { maxLength: 120 }).map((s) => Int32Array.from(s));

/** The textbook table. */
function tableLength(a: Int32Array, b: Int32Array): number {
  let row = [0, ...Array.from(b, () => 0)];
  for (const x of a) {
    const next = [0];
    for (const [j, y] of b.entries()) next.push(x === y ? (row[j] ?? 0) + 1 : Math.max(row[j + 1] ?? 0, next[j] ?? 0));
    row = next;
  }
  return row.at(-1) ?? 0;
}

test('the bit-parallel length is the length of the textbook table, across block borders', () => {
  const lcs = createLcs(ALPHABET);
  fc.assert(fc.property(sequence, sequence, (a, b) => {
    expect(lcs.length(a, b)).toBe(tableLength(a, b));
  }));
});

test('an alignment is a common subsequence of the longest length', () => {
  const lcs = createLcs(ALPHABET);
  fc.assert(fc.property(sequence, sequence, (a, b) => {
    const { inA, inB, length } = lcs.align(a, b);
    expect(length).toBe(tableLength(a, b));
    for (let i = 0; i < length; i++) {
      expect(a[inA[i] ?? -1]).toBe(b[inB[i] ?? -1]);
      if (i > 0) expect([(inA[i] ?? 0) > (inA[i - 1] ?? 0), (inB[i] ?? 0) > (inB[i - 1] ?? 0)]).toEqual([true, true]);
    }
  }));
});
