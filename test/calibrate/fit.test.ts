import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calibrate } from '../../src/calibrate/calibrate.ts';
import type { Example } from '../../src/calibrate/fit.ts';
import { fitLogistic } from '../../src/calibrate/fit.ts';
import { SimcodeError } from '../../src/errors.ts';
import { parseCalibration } from '../../src/score/calibration.ts';
import { FEATURE_NAMES } from '../../src/score/features.ts';
import { createVerifier } from '../../src/score/verifier.ts';

/** A feature vector: named values, 0 for the others. */
function features(values: Readonly<Record<string, number>>): Float64Array {
  return Float64Array.from(FEATURE_NAMES, (name) => values[name] ?? 0);
}

/** Examples whose true log-odds are 12·(cosine − 0.6), labelled by a fixed low-discrepancy draw. */
function drawn(count: number): Example[] {
  return Array.from({ length: count }, (_, i) => {
    const cosine = 0.2 + 0.8 * ((i * 0.618_034) % 1);
    const draw = (i * 0.754_877) % 1;
    return { features: features({ cosine, sizeRatio: 1 }), label: draw < 1 / (1 + Math.exp(-12 * (cosine - 0.6))) ? 1 : 0 };
  });
}

describe('calibrate', () => {
  it('recovers probabilities from labelled pairs', () => {
    const { calibration, quality } = calibrate(drawn(600), 'drawn');
    const verify = createVerifier(calibration);
    for (const cosine of [0.3, 0.5, 0.6, 0.7, 0.9]) {
      expect(Math.abs(verify(features({ cosine, sizeRatio: 1 })) - 1 / (1 + Math.exp(-12 * (cosine - 0.6))))).toBeLessThan(0.12);
    }
    expect(quality.brier).toBeLessThan(0.14);
    expect(quality.precision).toBeGreaterThanOrEqual(0.95);
    const { default: normal = 0, plagiarism = 1, recall = 1 } = calibration.operatingPoints;
    expect([normal, plagiarism <= normal, recall <= plagiarism]).toEqual([calibration.threshold, true, true]);
  });

  it('makes a file that scans read, the same every time', () => {
    const text = JSON.stringify(calibrate(drawn(200), 'drawn').calibration);
    expect(parseCalibration(text, 'calibration.json')).toMatchObject({ kind: 'logistic', schemaVersion: 1 });
    expect(JSON.stringify(calibrate(drawn(200), 'drawn').calibration)).toBe(text);
  });

  it('never lets more likeness count against a pair, whatever the labels', () => {
    const names = ['cosine', 'lexical', 'structural', 'renamed', 'wordOverlap', 'stringDisagreement', 'sameFamily'];
    const example = fc.tuple(fc.array(fc.integer({ min: 0, max: 4 }), { minLength: names.length, maxLength: names.length }), fc.constantFrom(0 as const, 1 as const))
      .map(([values, label]): Example => ({ label, features: features(Object.fromEntries(names.map((name, i) => [name, (values[i] ?? 0) / 4]))) }));
    fc.assert(fc.property(fc.array(example, { minLength: 4, maxLength: 30 }), (examples) => {
      const { bias, terms } = fitLogistic(examples);
      expect(Number.isFinite(bias)).toBe(true);
      for (const { feature, weight } of terms) expect(/Disagreement|Distance|opposite/.test(feature) ? weight < 0 : weight > 0).toBe(true);
    }), { numRuns: 25 });
  });

  it('refuses too few pairs', () => {
    expect(() => calibrate(drawn(30), 'drawn')).toThrow(SimcodeError);
    expect(() => calibrate(drawn(600).map(({ features }) => ({ features, label: 1 as const })), 'drawn')).toThrow(/600 clone pairs and 0 others are too few/);
  });
});
