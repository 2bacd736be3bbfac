import { describe, expect, it } from 'vitest';
import { FEATURE_NAMES } from '../../src/score/features.ts';
import { fitLogistic, type Sample, type TermShape } from '../../src/score/fit.ts';
import { brierScore, reliability, thresholdFor } from '../../src/score/reliability.ts';

const shapes: TermShape[] = [{ feature: 'cosine', sign: 1 }, { feature: 'controlDistance', sign: -1 }];
/** A grid of two features in [0, 1] with the label that a known logistic model finds likelier. */
function grid(weights: readonly [number, number], bias: number) {
  const samples: Sample[] = [];
  const columns: number[] = [];
  for (let i = 0; i <= 20; i++) {
    for (let j = 0; j <= 20; j++) {
      const probability = 1 / (1 + Math.exp(-(bias + (weights[0] * i) / 20 + (weights[1] * j) / 20)));
      for (const [label, weight] of [[1, probability], [0, 1 - probability]] as const) {
        samples.push({ features: new Float64Array(FEATURE_NAMES.length), label, weight });
        columns.push(i / 20, j / 20);
      }
    }
  }
  return { samples, columns: Float64Array.from(columns) };
}

describe('fitLogistic', () => {
  it('recovers the model that made the labels', () => {
    const { samples, columns } = grid([4, -3], -0.5);
    const { weights, bias } = fitLogistic(columns, samples, shapes, 0);
    expect(weights[0]).toBeCloseTo(4, 1);
    expect(weights[1]).toBeCloseTo(-3, 1);
    expect(bias).toBeCloseTo(-0.5, 1);
  });

  it('keeps the signs, whatever the labels say', () => {
    const { samples, columns } = grid([-4, 3], 0);
    const { weights } = fitLogistic(columns, samples, shapes);
    expect(weights.every((weight) => weight === 0)).toBe(true);
  });
});

describe('reliability', () => {
  const forecasts = [
    { probability: 0.95, label: 1, weight: 1 }, { probability: 0.9, label: 1, weight: 1 },
    { probability: 0.6, label: 0, weight: 1 }, { probability: 0.1, label: 0, weight: 1 },
  ];

  it('scores, bins and finds the threshold of a precision', () => {
    expect(brierScore(forecasts)).toBeCloseTo((0.05 ** 2 + 0.1 ** 2 + 0.6 ** 2 + 0.1 ** 2) / 4, 12);
    expect(reliability(forecasts).map(({ from, observed }) => [from, observed])).toEqual([[0.1, 0], [0.6, 0], [0.9, 1]]);
    expect(thresholdFor(forecasts, 1)).toBe(0.9);
    expect(thresholdFor(forecasts, 0.6)).toBe(0.6);
    expect(thresholdFor(forecasts.filter(({ label }) => label === 0), 0.5)).toBe(1);
  });
});
