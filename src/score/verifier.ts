import type { CloneType } from '../types.ts';
import type { Calibration } from './calibration.ts';
import type { FeatureName } from './features.ts';
import { columnOf } from './features.ts';
import { shapeValue } from './fit.ts';
import { proposalFloor } from './proposal.ts';

/** What one feature adds to a pair's log-odds. */
export interface Contribution {
  readonly feature: FeatureName;
  readonly value: number;
  readonly logOdds: number;
}

/** Feature vector (ordered as `FEATURE_NAMES`) → probability in [0, 1] that a reviewer calls the pair a clone. */
export type Verifier = (features: Float64Array) => number;

/** The calibration as a function. */
export function createVerifier(calibration: Calibration): Verifier {
  const margin = calibration.kind === 'logistic' ? logisticMargin(calibration) : treeMargin(calibration);
  return (features) => 1 / (1 + Math.exp(-margin(features)));
}

const COSINE = columnOf('cosine');

/** Where the similarities of renamed and of edited copies part, and the least an edited copy of the upper part can have. */
export const SURE = 0.9;
const RENAMED = 0.99;

/** Features and clone type → similarity in [0, 1]. */
export type Judge = (features: Float64Array, type: CloneType) => number;

/**
 * The verifier's probability, spread above 0.9 so that a renamed copy (Type-1, 2: 0.99 to 1) always ranks above an edited
 * one (0.9 to 0.99), and one that calls the same functions with the same literals above one that does not: what the one
 * does, the other may do no more. Alike by behaviour alone (Type-4) is what the model says: where it would not propose a pair,
 * that is no more alike than its cosine.
 */
export function createJudge(calibration: Calibration): Judge {
  const verify = createVerifier(calibration);
  const floor = proposalFloor(calibration);
  return (features, type) => {
    const cosine = features[COSINE] ?? 0;
    const probability = type === 4 && cosine < floor ? Math.min(verify(features), Math.max(0, cosine)) : verify(features);
    if (probability <= SURE) return probability;
    const share = (probability - SURE) / (1 - SURE);
    return type <= 2 ? RENAMED + (1 - RENAMED) * share * (1 - otherwiseUsed(features)) : SURE + (RENAMED - SURE) * share;
  };
}

/** Largest share of callees, numbers or strings that one side alone has. */
function otherwiseUsed(features: Float64Array): number {
  return Math.max(...USES.map((column) => features[column] ?? 0));
}

const USES = (['calleeDisagreement', 'numberDisagreement', 'stringDisagreement'] as const).map(columnOf);

type Logistic = Extract<Calibration, { kind: 'logistic' }>;
type Sum = Pick<Logistic, 'bias' | 'terms'>;
type Term = Sum['terms'][number];

function termValue(term: Term, features: Float64Array): number {
  return term.weight * shapeValue(term, features);
}

function logisticMargin(calibration: Logistic): Verifier {
  const main = summing(calibration);
  if (calibration.alternative === undefined) return main;
  const alternative = summing(calibration.alternative);
  return (features) => Math.max(main(features), alternative(features));
}

/** Bias and `termValue` of every term, with the columns looked up once: scoring takes it for every candidate. */
function summing({ bias, terms }: Sum): Verifier {
  const [columns, others] = [Int32Array.from(terms, ({ feature }) => columnOf(feature)), Int32Array.from(terms, ({ and }) => (and === undefined ? -1 : columnOf(and)))];
  const [weights, knots] = [Float64Array.from(terms, ({ weight }) => weight), Float64Array.from(terms, ({ knot }) => knot ?? -Infinity)];
  return (features) => {
    let sum = bias;
    for (let i = 0; i < weights.length; i++) {
      const value = features[columns[i] as number] ?? 0;
      const knot = knots[i] as number;
      const other = others[i] as number;
      const hinged = knot === -Infinity ? value : Math.max(0, value - knot);
      sum += (weights[i] as number) * hinged * (other === -1 ? 1 : (features[other] ?? 0));
    }
    return sum;
  };
}

/** Of the two ways to be a clone, the one that speaks more for it. */
function decisive(calibration: Logistic, features: Float64Array): Sum {
  const { alternative } = calibration;
  return alternative !== undefined && summing(alternative)(features) > summing(calibration)(features) ? alternative : calibration;
}

function treeMargin({ bias, trees, features: names }: Extract<Calibration, { kind: 'gbdt' }>): Verifier {
  const columns = names.map((name) => columnOf(name));
  return (features) => {
    let sum = bias;
    for (const tree of trees) {
      let node = 0;
      for (let split = tree.feature[0] ?? -1; split !== -1; split = tree.feature[node] ?? -1) {
        const value = features[columns[split] ?? -1] ?? 0;
        node = (value < (tree.knot[node] ?? 0) ? tree.left[node] : tree.right[node]) ?? 0;
      }
      sum += tree.value[node] ?? 0;
    }
    return sum;
  };
}

/**
 * Why a pair got its similarity: log-odds per feature, largest first, features without effect left out.
 * For trees, a feature's part is what the margin loses when the feature takes its value in `reference`.
 */
export function contributions(calibration: Calibration, features: Float64Array, reference = new Float64Array(features.length)):
  readonly Contribution[] {
  const parts = calibration.kind === 'logistic'
    ? logisticParts(decisive(calibration, features).terms, features)
    : treeParts(treeMargin(calibration), calibration.features, features, reference);
  return [...parts].filter(([, logOdds]) => logOdds !== 0)
    .map(([feature, logOdds]) => ({ feature, value: features[columnOf(feature)] ?? 0, logOdds }))
    .toSorted((x, y) => Math.abs(y.logOdds) - Math.abs(x.logOdds) || (x.feature < y.feature ? -1 : 1));
}

function logisticParts(terms: readonly Term[], features: Float64Array): Map<FeatureName, number> {
  const parts = new Map<FeatureName, number>();
  for (const term of terms) parts.set(term.feature, (parts.get(term.feature) ?? 0) + termValue(term, features));
  return parts;
}

function treeParts(margin: Verifier, names: readonly FeatureName[], features: Float64Array, reference: Float64Array):
  Map<FeatureName, number> {
  const whole = margin(features);
  return new Map(names.map((name) => {
    const column = columnOf(name);
    const without = Float64Array.from(features);
    without[column] = reference[column] ?? 0;
    return [name, whole - margin(without)] as const;
  }));
}
