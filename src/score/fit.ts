import { columnOf, type FeatureName } from './features.ts';

/** A feature vector with its label (1 clone, 0 none) and how much it counts. */
export interface Sample {
  readonly features: Float64Array;
  readonly label: number;
  readonly weight: number;
}

/** One term of the verifier: see `Calibration`. `sign` is what its weight may be. */
export interface TermShape {
  readonly feature: FeatureName;
  readonly knot?: number;
  readonly and?: FeatureName;
  readonly sign: 1 | -1;
}

/** What the weight of a term is multiplied by for a feature vector. */
export function shapeValue({ feature, knot, and }: { readonly [K in 'feature' | 'knot' | 'and']?: TermShape[K] | undefined } & Pick<TermShape, 'feature'>, features: Float64Array): number {
  const value = features[columnOf(feature)] ?? 0;
  return (knot === undefined ? value : Math.max(0, value - knot)) * (and === undefined ? 1 : (features[columnOf(and)] ?? 0));
}

/** What is alike can only speak for a clone, what disagrees only against it. */
const AGREEMENTS: readonly TermShape[] = [
  { feature: 'calleeOverlap', sign: 1 },
  { feature: 'stringOverlap', sign: 1 },
  { feature: 'propertyOverlap', sign: 1 },
  { feature: 'nameOverlap', sign: 1 },
  { feature: 'sizeRatio', knot: 0.5, sign: 1 },
];
const DISAGREEMENTS: readonly TermShape[] = [
  { feature: 'calleeDisagreement', sign: -1 },
  { feature: 'propertyDisagreement', sign: -1 },
  { feature: 'operatorDisagreement', sign: -1 },
  { feature: 'numberDisagreement', sign: -1 },
  { feature: 'stringDisagreement', sign: -1 },
  { feature: 'controlDistance', sign: -1 },
  { feature: 'oppositeWords', sign: -1 },
];

/** Evidence of a pair in one language family. */
export const TERM_SHAPES: readonly TermShape[] = [
  { feature: 'renamed', knot: 0.9, and: 'logLength', sign: 1 },
  { feature: 'renamed', knot: 0.6, sign: 1 },
  { feature: 'lexical', knot: 0.4, sign: 1 },
  { feature: 'lexical', knot: 0.7, sign: 1 },
  { feature: 'structural', knot: 0.7, sign: 1 },
  { feature: 'cosine', knot: 0.4, sign: 1 },
  { feature: 'cosine', knot: 0.6, sign: 1 },
  { feature: 'cosine', knot: 0.75, sign: 1 },
  { feature: 'cosine', knot: 0.85, sign: 1 },
  { feature: 'wordOverlap', knot: 0.15, sign: 1 },
  { feature: 'wordOverlap', knot: 0.5, sign: 1 },
  ...AGREEMENTS,
  ...DISAGREEMENTS,
];

/** Evidence across languages, where a vector alone says little: of some 10 million pairs of a repository few are ports. */
export const CROSS_SHAPES: readonly TermShape[] = [
  { feature: 'cosine', knot: 0.4, sign: 1 },
  { feature: 'cosine', knot: 0.6, sign: 1 },
  { feature: 'cosine', knot: 0.7, sign: 1 },
  { feature: 'wordOverlap', sign: 1 },
  { feature: 'wordOverlap', knot: 0.2, sign: 1 },
  { feature: 'lexical', sign: 1 },
  ...AGREEMENTS,
  { feature: 'logLength', sign: 1 },
  ...DISAGREEMENTS,
];

export interface Fit {
  readonly bias: number;
  /** One a shape, in its order. */
  readonly weights: readonly number[];
}

const STEPS = 3000;
const RATE = 0.05;

/**
 * Logistic regression with an L2 penalty and the signs of the shapes kept, by Adam (Kingma & Ba 2015) on the whole set
 * with projection after each step. Deterministic.
 *
 * @param columns value of each shape for each sample, row-major
 * @param l2 penalty per weight, relative to the mean loss
 */
export function fitLogistic(columns: Float64Array, samples: readonly Sample[], shapes: readonly TermShape[], l2 = 1e-5): Fit {
  const width = shapes.length;
  const total = samples.reduce((sum, { weight }) => sum + weight, 0);
  const theta = new Float64Array(width + 1);
  const mean = new Float64Array(width + 1);
  const square = new Float64Array(width + 1);
  const gradient = new Float64Array(width + 1);
  for (let step = 1; step <= STEPS; step++) {
    gradient.fill(0);
    for (const [i, { label, weight }] of samples.entries()) {
      const error = (weight / total) * (sigmoid(margin(theta, columns, i * width, width)) - label);
      for (let j = 0; j < width; j++) gradient[j] = at(gradient, j) + error * at(columns, i * width + j);
      gradient[width] = at(gradient, width) + error;
    }
    for (let j = 0; j <= width; j++) {
      const slope = at(gradient, j) + (j < width ? l2 * at(theta, j) : 0);
      mean[j] = 0.9 * at(mean, j) + 0.1 * slope;
      square[j] = 0.999 * at(square, j) + 0.001 * slope * slope;
      const moved = at(theta, j) - (RATE * (at(mean, j) / (1 - 0.9 ** step))) / (Math.sqrt(at(square, j) / (1 - 0.999 ** step)) + 1e-9);
      const sign = shapes[j]?.sign;
      theta[j] = sign === undefined ? moved : sign * Math.max(0, sign * moved);
    }
  }
  return { bias: at(theta, width), weights: [...theta.subarray(0, width)] };
}

function margin(theta: Float64Array, columns: Float64Array, from: number, width: number): number {
  let sum = at(theta, width);
  for (let j = 0; j < width; j++) sum += at(theta, j) * at(columns, from + j);
  return sum;
}

const at = (array: Float64Array, i: number): number => array[i] as number;
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
