import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Calibration } from '../../src/score/calibration.ts';
import { parseCalibration } from '../../src/score/calibration.ts';
import { FEATURE_NAMES } from '../../src/score/features.ts';
import { contributions, createJudge, createVerifier } from '../../src/score/verifier.ts';

const shipped = parseCalibration(readFileSync('models/mini/calibration.json', 'utf8'), 'models/mini/calibration.json');
const vector = (values: Partial<Record<(typeof FEATURE_NAMES)[number], number>>): Float64Array =>
  Float64Array.from(FEATURE_NAMES, (name) => values[name] ?? 0);
const shared = { schemaVersion: 1, provenance: 'test', threshold: 0.5, operatingPoints: {} } as const;
const stump: Calibration = {
  ...shared, kind: 'gbdt', bias: 0, features: ['lexical', 'cosine'],
  trees: [{ feature: [1, -1, -1], knot: [0.5, 0, 0], left: [1, 0, 0], right: [2, 0, 0], value: [0, -2, 3] }],
};

test('the calibration in the package parses and names its default', () => {
  expect(shipped.operatingPoints['default']).toBe(shipped.threshold);
});

test('every feature vector gets a probability', () => {
  const entry = fc.double({ min: -1, max: 10, noNaN: true });
  fc.assert(fc.property(fc.array(entry, { minLength: FEATURE_NAMES.length, maxLength: FEATURE_NAMES.length }), (values) => {
    const similarity = createVerifier(shipped)(Float64Array.from(values));
    expect(similarity).toBeGreaterThanOrEqual(0);
    expect(similarity).toBeLessThanOrEqual(1);
  }));
});

test('alike by behaviour alone is what the model says', () => {
  const always: Calibration = { ...shared, kind: 'logistic', floor: 0.4, bias: 9, terms: [] };
  const judge = createJudge(always);
  expect(judge(vector({ cosine: 0.39 }), 4)).toBe(0.39);
  expect(judge(vector({ cosine: -0.2 }), 4)).toBe(0);
  expect(judge(vector({ cosine: 0.4 }), 4)).toBeGreaterThan(0.9);
  expect(judge(vector({ cosine: 0.1 }), 3)).toBeGreaterThan(0.9);
});

test('a renamed copy ranks above any edited one, and the one with the same calls and literals first; order within a type stays', () => {
  const always: Calibration = { ...shared, kind: 'logistic', bias: 0, terms: [{ feature: 'cosine', weight: 10 }] };
  const [judge, verify] = [createJudge(always), createVerifier(always)];
  const cosine = fc.double({ min: 0.23, max: 1, noNaN: true });
  fc.assert(fc.property(cosine, cosine, fc.constantFrom(3 as const, 4 as const), (x, y, edited) => {
    expect(judge(vector({ cosine: x }), 2)).toBeGreaterThanOrEqual(judge(vector({ cosine: y }), edited));
    const [less, more] = x < y ? [x, y] : [y, x];
    for (const type of [2, edited] as const) expect(judge(vector({ cosine: less }), type)).toBeLessThanOrEqual(judge(vector({ cosine: more }), type));
  }));
  expect(judge(vector({ cosine: 0.5, calleeDisagreement: 0.2 }), 2)).toBeLessThan(judge(vector({ cosine: 0.5 }), 2));
  expect(judge(vector({ cosine: 0.1 }), 2)).toBe(verify(vector({ cosine: 0.1 })));
});

test('of two ways to be a clone the larger counts, and is the one explained', () => {
  const either: Calibration = {
    ...shared, kind: 'logistic', bias: -2, terms: [{ feature: 'lexical', weight: 4 }],
    alternative: { bias: -3, terms: [{ feature: 'cosine', weight: 5 }] },
  };
  const verify = createVerifier(either);
  const odds = (margin: number): number => 1 / (1 + Math.exp(-margin));
  expect(verify(vector({ lexical: 1, cosine: 0.8 }))).toBeCloseTo(odds(2), 12);
  expect(verify(vector({ lexical: 0.2, cosine: 0.9 }))).toBeCloseTo(odds(1.5), 12);
  expect(contributions(either, vector({ lexical: 1, cosine: 0.8 })).map(({ feature }) => feature)).toEqual(['lexical']);
  expect(contributions(either, vector({ lexical: 0.2, cosine: 0.9 })).map(({ feature }) => feature)).toEqual(['cosine']);
  const falling = { ...either, alternative: { bias: 0, terms: [{ feature: 'lexical', weight: -1 }] } };
  expect(() => parseCalibration(JSON.stringify(falling), 'here')).toThrow(/less similar/);
});

test('logistic terms, knots and products are what they say', () => {
  const verify = createVerifier({ ...shared, kind: 'logistic', bias: -1, terms: [
    { feature: 'cosine', weight: 2 }, { feature: 'lexical', knot: 0.5, weight: 10 }, { feature: 'sizeRatio', and: 'cosine', weight: 4 }] });
  expect(verify(vector({ cosine: 0.5, lexical: 0.6, sizeRatio: 0.25 }))).toBeCloseTo(1 / (1 + Math.exp(-1.5)), 12);
  expect(verify(vector({ lexical: 0.4 }))).toBeCloseTo(1 / (1 + Math.exp(1)), 12);
});

test('trees go left below the knot and right from it on', () => {
  const verify = createVerifier(stump);
  expect(verify(vector({ cosine: 0.49 }))).toBeCloseTo(1 / (1 + Math.exp(2)), 12);
  expect(verify(vector({ cosine: 0.5 }))).toBeCloseTo(1 / (1 + Math.exp(-3)), 12);
});

test('contributions name the features that moved the result, strongest first', () => {
  expect(contributions(stump, vector({ cosine: 0.7, lexical: 1 }))).toEqual([{ feature: 'cosine', value: 0.7, logOdds: 5 }]);
  const [first] = contributions(shipped, vector({ cosine: 0.99, renamed: 0.41, sameFamily: 1 }));
  expect(first?.feature).toBe('cosine');
});

test.each([
  ['not JSON', '{'],
  ['an unknown feature', JSON.stringify({ ...shared, kind: 'logistic', bias: 0, terms: [{ feature: 'magic', weight: 1 }] })],
  ['a threshold above 1', JSON.stringify({ ...shared, threshold: 1.1, kind: 'logistic', bias: 0, terms: [] })],
  ['a tree that loops', JSON.stringify({ ...stump, trees: [{ feature: [0], knot: [0], left: [0], right: [0], value: [0] }] })],
  ['a tree that leads outside', JSON.stringify({ ...stump, trees: [{ feature: [0], knot: [0], left: [1], right: [2], value: [0] }] })],
  ['a split on an unlisted feature', JSON.stringify({ ...stump, features: ['cosine'] })],
])('%s is refused with the source and a hint', (_, text) => {
  expect(() => parseCalibration(text, 'some/calibration.json')).toThrow(
    expect.objectContaining({ code: 'bad-model', message: expect.stringContaining('some/calibration.json'), hint: expect.any(String) }));
});
