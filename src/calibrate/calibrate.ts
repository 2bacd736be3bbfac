import { SimcodeError } from '../errors.ts';
import type { Calibration } from '../score/calibration.ts';
import { createVerifier } from '../score/verifier.ts';
import type { Example } from './fit.ts';
import { fitLogistic } from './fit.ts';

/** How well the fit does on pairs that it has not seen (cross-validation). */
export interface Quality {
  readonly pairs: number;
  readonly clones: number;
  /** Mean squared error of the probability, 0 is best. */
  readonly brier: number;
  /** At the default threshold. */
  readonly precision: number;
  readonly recall: number;
}

const FOLDS = 5;
/** Examples of each label that a fit needs at least. */
export const MIN_EXAMPLES = 20;
/** Precision that each operating point keeps on unseen pairs. */
const PRECISION = { default: 0.95, plagiarism: 0.9, recall: 0.8 } as const;

/**
 * Fits a calibration on labelled pairs. Thresholds are the lowest at which the precision on unseen pairs is as stated;
 * both hold for pairs as common as in the examples.
 *
 * @throws SimcodeError `bad-input` for fewer than 20 clones or 20 others
 */
export function calibrate(examples: readonly Example[], source: string): { readonly calibration: Calibration; readonly quality: Quality } {
  const clones = examples.filter(({ label }) => label === 1).length;
  if (Math.min(clones, examples.length - clones) < MIN_EXAMPLES) {
    throw new SimcodeError('bad-input', `${clones} clone pairs and ${examples.length - clones} others are too few to fit.`, {
      hint: `Label at least ${MIN_EXAMPLES} of each; some hundred give a usable calibration.`,
    });
  }
  const unseen = crossValidate(examples);
  const points = Object.fromEntries(Object.entries(PRECISION).map(([name, wanted]) => [name, lowestThreshold(unseen, wanted)]));
  const threshold = points['default'] ?? 1;
  const quality = { pairs: examples.length, clones, brier: brierOf(unseen), ...scoresAt(unseen, threshold) };
  const { bias, terms } = fitLogistic(examples);
  const provenance = `Fitted by simcode calibrate on ${source}: ${examples.length} pairs, ${clones} of them clones. `
    + `${FOLDS}-fold cross-validation: Brier score ${quality.brier.toFixed(3)}, precision ${quality.precision.toFixed(3)} and recall ${quality.recall.toFixed(3)} at the threshold.`;
  return { quality, calibration: { schemaVersion: 1, kind: 'logistic', provenance, threshold, operatingPoints: points, bias, terms: [...terms] } };
}

interface Prediction { readonly probability: number; readonly label: number }

function crossValidate(examples: readonly Example[]): Prediction[] {
  const verifiers = Array.from({ length: FOLDS }, (_, fold) => {
    const { bias, terms } = fitLogistic(examples.filter((_, i) => foldOf(i) !== fold));
    return createVerifier({ schemaVersion: 1, kind: 'logistic', provenance: '', threshold: 1, operatingPoints: {}, bias, terms: [...terms] });
  });
  return examples.map(({ features, label }, i) => ({ label, probability: verifiers[foldOf(i)]?.(features) ?? 0 }));
}

/** Spreads neighbouring examples, which are often of one kind, over the folds. */
function foldOf(index: number): number {
  return (Math.imul(index + 1, 0x9e3779b1) >>> 8) % FOLDS;
}

function lowestThreshold(predictions: readonly Prediction[], precision: number): number {
  for (let percent = 5; percent < 99; percent++) {
    if (scoresAt(predictions, percent / 100).precision >= precision) return percent / 100;
  }
  return 0.99;
}

function scoresAt(predictions: readonly Prediction[], threshold: number): { precision: number; recall: number } {
  const found = predictions.filter(({ probability }) => probability >= threshold);
  const right = found.filter(({ label }) => label === 1).length;
  const clones = predictions.filter(({ label }) => label === 1).length;
  return { precision: found.length === 0 ? 0 : right / found.length, recall: right / clones };
}

function brierOf(predictions: readonly Prediction[]): number {
  return predictions.reduce((sum, { probability, label }) => sum + (probability - label) ** 2, 0) / predictions.length;
}
