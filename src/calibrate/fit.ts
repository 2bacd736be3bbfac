import type { Calibration } from '../score/calibration.ts';
import type { FeatureName } from '../score/features.ts';
import { FEATURE_NAMES } from '../score/features.ts';

/** A described pair and whether it is a clone. */
export interface Example {
  /** Ordered as `FEATURE_NAMES`. */
  readonly features: Float64Array;
  readonly label: 0 | 1;
}

type Term = Extract<Calibration, { kind: 'logistic' }>['terms'][number];

/** What a fit yields: the arithmetic of a calibration. */
export interface Fit {
  readonly bias: number;
  readonly terms: readonly Term[];
}

interface Template { readonly feature: FeatureName; readonly knot?: number; readonly and?: FeatureName; readonly sign: 1 | -1 }

/** Evidence for and against, each with the only sign that makes sense; token similarities must never count against. */
const TEMPLATES: readonly Template[] = [
  { feature: 'lexical', knot: 0.4, sign: 1 }, { feature: 'lexical', knot: 0.7, sign: 1 },
  { feature: 'renamed', knot: 0.6, sign: 1 }, { feature: 'renamed', knot: 0.9, sign: 1 }, { feature: 'renamed', knot: 0.9, and: 'logLength', sign: 1 },
  { feature: 'wordOverlap', sign: 1 }, { feature: 'nameOverlap', sign: 1 }, { feature: 'calleeOverlap', sign: 1 }, { feature: 'stringOverlap', sign: 1 },
  { feature: 'propertyOverlap', sign: 1 }, { feature: 'sizeRatio', knot: 0.5, sign: 1 },
  { feature: 'calleeDisagreement', and: 'sameFamily', sign: -1 }, { feature: 'propertyDisagreement', and: 'sameFamily', sign: -1 },
  { feature: 'stringDisagreement', sign: -1 }, { feature: 'numberDisagreement', sign: -1 },
  { feature: 'operatorDisagreement', and: 'sameFamily', sign: -1 }, { feature: 'controlDistance', sign: -1 }, { feature: 'oppositeWords', sign: -1 },
];
/** Bends of the cosine's curve, as quantiles of the examples: every model has a scale of its own. */
const COSINE_QUANTILES = [0.1, 0.4, 0.7, 0.9];
/** Strength of the pull of weights to 0, in examples. */
const RIDGE = 1;
const MAX_SWEEPS = 2000;
const TOLERANCE = 1e-5;

/**
 * Logistic regression with an L2 penalty and fixed signs, by cyclic coordinate descent on a quadratic upper bound of the
 * loss (Böhning and Lindsay 1988), which never overshoots. Deterministic.
 */
export function fitLogistic(examples: readonly Example[]): Fit {
  const templates = [...cosineTemplates(examples), ...TEMPLATES];
  const columns = templates.map((template) => Float64Array.from(examples, ({ features }) => valueOf(template, features)));
  const curvature = columns.map((column) => column.reduce((sum, x) => sum + x * x, 0) / 4 + RIDGE);
  const weights = new Float64Array(templates.length);
  const margins = new Float64Array(examples.length);
  let bias = 0;
  for (let sweep = 0, moved = Infinity; sweep < MAX_SWEEPS && moved > TOLERANCE; sweep++) {
    moved = 0;
    for (const [j, column] of columns.entries()) {
      const before = weights[j] ?? 0;
      const slope = gradient(examples, margins, column) + RIDGE * before;
      const next = (before - slope / (curvature[j] ?? 1)) * (templates[j]?.sign ?? 1) > 0 ? before - slope / (curvature[j] ?? 1) : 0;
      if (next === before) continue;
      for (const [i, x] of column.entries()) margins[i] = (margins[i] ?? 0) + (next - before) * x;
      weights[j] = next;
      moved = Math.max(moved, Math.abs(next - before));
    }
    const step = -gradient(examples, margins) / Math.max(1, examples.length / 4);
    bias += step;
    for (let i = 0; i < margins.length; i++) margins[i] = (margins[i] ?? 0) + step;
    moved = Math.max(moved, Math.abs(step));
  }
  return {
    bias: round(bias),
    terms: templates.flatMap(({ sign: _sign, ...term }, j) => (round(weights[j] ?? 0) === 0 ? [] : [{ ...term, weight: round(weights[j] ?? 0) }])),
  };
}

function cosineTemplates(examples: readonly Example[]): Template[] {
  const column = FEATURE_NAMES.indexOf('cosine');
  const cosines = Float64Array.from(examples, ({ features }) => features[column] ?? 0).toSorted();
  const knots = COSINE_QUANTILES.map((share) => Number((cosines[Math.floor(share * cosines.length)] ?? 0).toFixed(3)));
  return [...new Set(knots)].map((knot) => ({ feature: 'cosine', knot, sign: 1 }));
}

function valueOf({ feature, knot, and }: Template, features: Float64Array): number {
  const value = features[FEATURE_NAMES.indexOf(feature)] ?? 0;
  return (knot === undefined ? value : Math.max(0, value - knot)) * (and === undefined ? 1 : features[FEATURE_NAMES.indexOf(and)] ?? 0);
}

/** Derivative of the loss by the weight of a column, or by the bias. */
function gradient(examples: readonly Example[], margins: Float64Array, column?: Float64Array): number {
  let sum = 0;
  for (const [i, { label }] of examples.entries()) {
    const x = column === undefined ? 1 : column[i] ?? 0;
    if (x !== 0) sum += x * (1 / (1 + Math.exp(-(margins[i] ?? 0))) - label);
  }
  return sum;
}

function round(value: number): number {
  return Number(value.toFixed(4));
}
