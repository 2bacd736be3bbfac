import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { structuralCandidates } from '../../src/score/candidates.ts';
import { gatherUnits } from '../../src/score/units.ts';
import { fingerprints } from '../../src/score/winnow.ts';
import { toyChunk } from '../helpers/toy-chunk.ts';

function candidatesOf(codes: readonly string[]): number[][] {
  const units = gatherUnits(codes.map((code, i) => toyChunk(code, { path: `${String(i).padStart(6, '0')}.ts` })));
  const found: number[][] = [];
  structuralCandidates(units, (a, b) => found.push([a, b]));
  return found;
}

test('two sequences that share a run of eleven symbols share a fingerprint', () => {
  const symbols = (min: number, max: number) => fc.array(fc.integer({ min: 0, max: 50 }), { minLength: min, maxLength: max });
  fc.assert(fc.property(symbols(0, 30), symbols(0, 30), symbols(11, 20), symbols(0, 30), symbols(0, 30), (a, b, shared, c, d) => {
    const one = new Set(fingerprints(Int32Array.from([...a, ...shared, ...b])));
    expect(fingerprints(Int32Array.from([...c, ...shared, ...d])).some((print) => one.has(print))).toBe(true);
  }));
});

test('an edited copy is a candidate, a function of another shape is not', () => {
  const base = 'function total(items) { let sum = 0; for (const item of items) { if (item.active) { sum += item.price * item.count } } return sum }';
  const edited = base.replace('return sum', 'if (sum < 0) { throw new Error("negative") } return sum');
  const other = 'function listen(target, key, run) { const listener = (event) => { run(event) }; target.add(key, listener); return () => target.remove(key, listener) }';
  expect(candidatesOf([base, edited, other])).toContainEqual([0, 1]);
  expect(candidatesOf([base, edited, other]).flat()).not.toContain(2);
});

test('candidates stay bounded when thousands of functions share their shape', () => {
  const codes = Array.from({ length: 3000 }, (_, i) =>
    `function f(items) { let sum = ${i}; for (const item of items) { if (item.active) { sum += item.a${i} } } return sum ${'+ sum '.repeat(i % 60)}}`);
  expect(candidatesOf(codes).length).toBeLessThan(3000 * 41);
});
