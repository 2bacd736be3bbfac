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

interface Step { readonly threshold: number; readonly tp: number; readonly fp: number }

/** Metrics over all thresholds, each in [0, 1]; NaN where a class is empty. */
export function pairMetrics(scored: readonly ScoredLabel[]): PairMetrics {
  const positives = scored.reduce((sum, pair) => sum + pair.label, 0);
  const negatives = scored.length - positives;
  let area = 0;
  let ap = 0;
  let best = { f1: 0, threshold: Number.POSITIVE_INFINITY };
  let recall90 = 0;
  let recall99 = 0;
  let previous: Step = { threshold: Number.POSITIVE_INFINITY, tp: 0, fp: 0 };
  for (const step of steps(scored)) {
    area += (step.fp - previous.fp) * ((step.tp + previous.tp) / 2);
    const { precision, recall, f1 } = point(step, positives);
    ap += ((step.tp - previous.tp) / positives) * precision;
    if (f1 > best.f1) best = { f1, threshold: step.threshold };
    if (precision >= 0.9) recall90 = Math.max(recall90, recall);
    if (precision >= 0.99) recall99 = Math.max(recall99, recall);
    previous = step;
  }
  return {
    pairs: scored.length, positives, auc: area / (positives * negatives), averagePrecision: ap,
    bestF1: best.f1, bestF1Threshold: best.threshold, recallAtPrecision90: recall90, recallAtPrecision99: recall99,
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

function* steps(scored: readonly ScoredLabel[]): Generator<Step> {
  const sorted = scored.toSorted((x, y) => y.score - x.score);
  let tp = 0;
  let fp = 0;
  for (const [i, pair] of sorted.entries()) {
    tp += pair.label;
    fp += 1 - pair.label;
    if (sorted[i + 1]?.score !== pair.score) yield { threshold: pair.score, tp, fp };
  }
}
