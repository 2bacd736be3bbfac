import { middle, mulberry32 } from './bootstrap.ts';

/** A scored pair: `score` on any scale, higher is more alike; `label` 1 for a clone, 0 for none. */
export interface ScoredLabel {
  readonly score: number;
  readonly label: number;
}

export interface PairMetrics {
  readonly pairs: number;
  readonly positives: number;
  /** Area under the ROC curve, ties counted half (Mann–Whitney U). */
  readonly auc: number;
  /** Average precision: mean precision at each positive, ties resolved as one step. */
  readonly averagePrecision: number;
  readonly bestF1: number;
  readonly bestF1Threshold: number;
  readonly recallAtPrecision90: number;
  readonly recallAtPrecision99: number;
}

/** Threshold metrics of one operating point: a pair is called a clone when `score >= threshold`. */
export interface OperatingPoint {
  readonly threshold: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

/** Bounds of the middle 95 % of a resampled metric. */
export type PairIntervals = Readonly<Record<'auc' | 'averagePrecision' | 'bestF1' | 'recallAtPrecision90' | 'recallAtPrecision99', { readonly low: number; readonly high: number }>>;

interface Step { readonly threshold: number; readonly tp: number; readonly fp: number }

/** Metrics over all thresholds, each in [0, 1]; NaN where a class is empty. */
export function pairMetrics(scored: readonly ScoredLabel[]): PairMetrics {
  return metricsOf(scored.toSorted((x, y) => y.score - x.score), new Uint32Array(scored.length).fill(1));
}

/** 95 % percentile bootstrap intervals over pairs; seeded. Resamples without a clone, or without anything else, do not count. */
export function pairIntervals(scored: readonly ScoredLabel[], resamples = 500, seed = 1): PairIntervals {
  const sorted = scored.toSorted((x, y) => y.score - x.score);
  const random = mulberry32(seed);
  const drawn = Array.from({ length: resamples }, () => {
    const times = new Uint32Array(sorted.length);
    for (let i = 0; i < sorted.length; i++) {
      const at = Math.floor(random() * sorted.length);
      times[at] = (times[at] ?? 0) + 1;
    }
    return metricsOf(sorted, times);
  }).filter(({ auc }) => !Number.isNaN(auc));
  const interval = (name: keyof PairIntervals) => middle(drawn.map((metrics) => metrics[name]).toSorted((x, y) => x - y), Number.NaN);
  return {
    auc: interval('auc'), averagePrecision: interval('averagePrecision'), bestF1: interval('bestF1'),
    recallAtPrecision90: interval('recallAtPrecision90'), recallAtPrecision99: interval('recallAtPrecision99'),
  };
}

/** `sorted`: highest score first; `times`: how often each counts. */
function metricsOf(sorted: readonly ScoredLabel[], times: Uint32Array): PairMetrics {
  const pairs = times.reduce((sum, count) => sum + count, 0);
  const positives = sorted.reduce((sum, { label }, i) => sum + label * (times[i] ?? 0), 0);
  let [area, ap, bestF1, bestF1Threshold, recall90, recall99] = [0, 0, 0, Number.POSITIVE_INFINITY, 0, 0];
  let [tp, fp, tpBefore, fpBefore] = [0, 0, 0, 0];
  for (const [i, { score, label }] of sorted.entries()) {
    const count = times[i] ?? 0;
    tp += label * count;
    fp += (1 - label) * count;
    if (sorted[i + 1]?.score === score || tp + fp === tpBefore + fpBefore) continue;
    area += (fp - fpBefore) * ((tp + tpBefore) / 2);
    const { precision, recall, f1 } = point({ threshold: score, tp, fp }, positives);
    ap += ((tp - tpBefore) / positives) * precision;
    if (f1 > bestF1) [bestF1, bestF1Threshold] = [f1, score];
    if (precision >= 0.9) recall90 = Math.max(recall90, recall);
    if (precision >= 0.99) recall99 = Math.max(recall99, recall);
    [tpBefore, fpBefore] = [tp, fp];
  }
  return {
    pairs, positives, auc: area / (positives * (pairs - positives)), averagePrecision: ap, bestF1, bestF1Threshold,
    recallAtPrecision90: recall90, recallAtPrecision99: recall99,
  };
}

/** Precision (1 when nothing is called), recall and F1 at a threshold. */
export function operatingPoint(scored: readonly ScoredLabel[], threshold: number): OperatingPoint {
  const positives = scored.reduce((sum, pair) => sum + pair.label, 0);
  const called = scored.filter((pair) => pair.score >= threshold);
  const tp = called.reduce((sum, pair) => sum + pair.label, 0);
  return point({ threshold, tp, fp: called.length - tp }, positives);
}

function point({ threshold, tp, fp }: Step, positives: number): OperatingPoint {
  const precision = tp + fp === 0 ? 1 : tp / (tp + fp);
  const recall = positives === 0 ? Number.NaN : tp / positives;
  const f1 = tp === 0 ? 0 : (2 * precision * recall) / (precision + recall);
  return { threshold, precision, recall, f1 };
}
