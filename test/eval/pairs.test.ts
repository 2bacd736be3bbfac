import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { operatingPoint, pairIntervals, pairMetrics } from '../../src/eval/pairs.ts';

const scored = (...rows: [number, number][]) => rows.map(([score, label]) => ({ score, label }));

describe('pairMetrics', () => {
  it('computes AUC, AP, best F1 and recall at precision by hand', () => {
    const metrics = pairMetrics(scored([0.9, 1], [0.8, 1], [0.7, 0], [0.6, 1], [0.1, 0]));
    expect(metrics.auc).toBeCloseTo(5 / 6, 12);
    expect(metrics.averagePrecision).toBeCloseTo((1 + 1 + 3 / 4) / 3, 12);
    expect(metrics.bestF1).toBeCloseTo(6 / 7, 12);
    expect(metrics.bestF1Threshold).toBe(0.6);
    expect(metrics.recallAtPrecision90).toBeCloseTo(2 / 3, 12);
  });

  it('counts ties half', () => {
    expect(pairMetrics(scored([0.5, 1], [0.5, 0])).auc).toBe(0.5);
  });

  it('has an AUC equal to the share of pairs in the right order', () => {
    const pair = fc.record({ score: fc.integer({ min: 0, max: 9 }), label: fc.constantFrom(0, 1) });
    fc.assert(fc.property(fc.array(pair, { minLength: 2, maxLength: 40 }), (pairs) => {
      const positives = pairs.filter(({ label }) => label === 1);
      const negatives = pairs.filter(({ label }) => label === 0);
      fc.pre(positives.length > 0 && negatives.length > 0);
      let right = 0;
      for (const p of positives) for (const n of negatives) right += p.score > n.score ? 1 : p.score === n.score ? 0.5 : 0;
      expect(pairMetrics(pairs).auc).toBeCloseTo(right / (positives.length * negatives.length), 10);
    }));
  });
});

describe('pairIntervals', () => {
  it('brackets each metric, the same every time, and narrows with more pairs', () => {
    const some = (count: number) => Array.from({ length: count }, (_, i) => ({ score: ((i * 37) % 101) / 101 + (i % 3 === 0 ? 0.3 : 0), label: i % 3 === 0 ? 1 : 0 }));
    const [few, many] = [some(60), some(600)];
    expect(pairIntervals(few)).toEqual(pairIntervals(few));
    for (const name of ['auc', 'averagePrecision', 'bestF1'] as const) {
      const { low, high } = pairIntervals(few)[name];
      expect(low).toBeLessThan(pairMetrics(few)[name]);
      expect(high).toBeGreaterThan(pairMetrics(few)[name]);
      expect(high - low).toBeGreaterThan(pairIntervals(many)[name].high - pairIntervals(many)[name].low);
    }
  });

  it('has no bounds where there is one class only', () => {
    expect(pairIntervals(scored([0.9, 1], [0.8, 1])).auc).toEqual({ low: Number.NaN, high: Number.NaN });
  });
});

describe('operatingPoint', () => {
  it('calls at or above the threshold', () => {
    expect(operatingPoint(scored([0.9, 1], [0.5, 0], [0.5, 1], [0.4, 1]), 0.5)).toMatchObject({ precision: 2 / 3, recall: 2 / 3 });
  });
});
