import { SimcodeError } from '../errors.ts';
import type { Calibration } from '../score/calibration.ts';
import { MIN_STRUCTURAL } from '../score/candidates.ts';
import { FEATURE_NAMES, type FeatureName } from '../score/features.ts';
import { CROSS_SHAPES, fitLogistic, shapeValue, TERM_SHAPES, type Sample, type TermShape } from '../score/fit.ts';
import { brierScore, reliability, thresholdFor, type Forecast, type ReliabilityBin } from '../score/reliability.ts';
import { createVerifier } from '../score/verifier.ts';
import type { PairRow } from './dataset.ts';
import { describePairs, type CalibrationPorts } from './describe-pairs.ts';

export interface CalibrationResult {
  readonly calibration: Calibration;
  /** Measured on the fifth of the pairs that was not fitted on. */
  readonly heldOut: { readonly pairs: number; readonly brier: number; readonly bins: readonly ReliabilityBin[] };
}

/** Pairs of either label. */
const LEAST = 20;
/** Every fifth pair is kept for measuring. */
const HELD_OUT = 5;

/**
 * Fits a model's calibration on labelled pairs that a scan would propose, those with a cosine at or above `floor` or with
 * alike token structure: what is never proposed says nothing of what is. Both classes count the same in all; thresholds are those that reach a
 * precision of 0.98 (default), 0.9 (recall) and 0.95 (plagiarism) on pairs that were not fitted on.
 * @throws SimcodeError `bad-input` when either label has fewer than 20 pairs
 */
export async function calibrate(rows: readonly PairRow[], name: string, floor: number, ports: CalibrationPorts): Promise<CalibrationResult> {
  const samples = (await describePairs(rows, ports)).flatMap((features, i): Sample[] => {
    const { label = 0, weight = 1 } = rows[i] ?? {};
    return at('cosine', features) >= floor || at('structural', features) >= MIN_STRUCTURAL ? [{ features, label, weight }] : [];
  });
  checkEnough(samples);
  const { bias, terms } = fitFamilies(samples.filter((_, i) => i % HELD_OUT !== 0));
  const draft: Calibration = {
    schemaVersion: 1, kind: 'logistic', threshold: 0.5, floor, operatingPoints: {}, bias, terms,
    provenance: `Fitted by simcode calibrate on four fifths of ${samples.length} pairs of ${name} with ${ports.embedder.id} ${ports.embedder.revision}; signs constrained, classes balanced.`,
  };
  const verify = createVerifier(draft);
  const forecasts = balance(samples).filter((_, i) => i % HELD_OUT === 0).map(({ features: own, label, weight }): Forecast => ({ probability: verify(own), label, weight }));
  const point = (precision: number): number => Math.min(0.99, Math.max(0.05, Math.ceil(thresholdFor(forecasts, precision) * 100) / 100));
  return {
    calibration: { ...draft, threshold: point(0.98), operatingPoints: { default: point(0.98), recall: point(0.9), plagiarism: point(0.95) } },
    heldOut: { pairs: forecasts.length, brier: brierScore(forecasts), bins: reliability(forecasts) },
  };
}

type Terms = Extract<Calibration, { kind: 'logistic' }>['terms'];
interface Fitted { readonly bias: number; readonly terms: Terms }

/** Pairs of one language family and pairs of two are fitted apart where there are enough of both; else all alike. */
function fitFamilies(samples: readonly Sample[]): Fitted {
  const cross = samples.filter(({ features }) => at('otherFamily', features) === 1);
  const same = samples.filter(({ features }) => at('otherFamily', features) !== 1);
  if (![cross, same].every(isEnough)) return fitTerms(balance(samples), TERM_SHAPES);
  const [within, across] = [fitTerms(balance(same), TERM_SHAPES), fitTerms(balance(cross), CROSS_SHAPES)];
  const only = (terms: Terms, family: FeatureName): Terms => terms.map((term) => ({ ...term, and: term.and ?? family }));
  return {
    bias: within.bias,
    terms: [...only(within.terms, 'sameFamily'), { feature: 'otherFamily', weight: round(across.bias - within.bias) }, ...only(across.terms, 'otherFamily')],
  };
}

function fitTerms(samples: readonly Sample[], shapes: readonly TermShape[]): Fitted {
  const columns = Float64Array.from(samples.flatMap(({ features }) => shapes.map((shape) => shapeValue(shape, features))));
  const fit = fitLogistic(columns, samples, shapes);
  const terms = shapes.flatMap(({ sign: _sign, ...shape }, j) => {
    const weight = round(fit.weights[j] ?? 0);
    return weight === 0 ? [] : [{ ...shape, weight }];
  });
  return { bias: round(fit.bias), terms };
}

function isEnough(samples: readonly Sample[]): boolean {
  const clones = samples.filter(({ label }) => label === 1).length;
  return Math.min(clones, samples.length - clones) >= LEAST;
}

function checkEnough(samples: readonly Sample[]): void {
  if (isEnough(samples)) return;
  const clones = samples.filter(({ label }) => label === 1).length;
  throw new SimcodeError('bad-input', `${clones} clones and ${samples.length - clones} others that a scan would propose are too few to calibrate on`, { hint: `Give at least ${LEAST} of each, better thousands, or a lower --floor.` });
}

/** Both labels weigh the same in all. */
function balance(samples: readonly Sample[]): Sample[] {
  const total = (of: number): number => samples.reduce((sum, { label, weight }) => sum + (label === of ? weight : 0), 0);
  const totals = [total(0), total(1)];
  return samples.map((sample) => ({ ...sample, weight: sample.weight / (totals[sample.label] ?? 1) }));
}

const at = (name: FeatureName, features: Float64Array): number => features[FEATURE_NAMES.indexOf(name)] ?? 0;

const round = (value: number): number => Number(value.toFixed(4));
