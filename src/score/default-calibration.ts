import type { Calibration } from './calibration.ts';

/**
 * For models without a calibration of their own: tokens decide, and only a cosine that is high for any embedding model
 * adds to them. Set by hand, not fitted; reports say so.
 */
export const defaultCalibration: Calibration = {
  schemaVersion: 1,
  kind: 'logistic',
  provenance: 'Default for models without calibration.json: set by hand, not fitted on labelled pairs.',
  threshold: 0.8,
  operatingPoints: { default: 0.8, recall: 0.5, plagiarism: 0.7 },
  bias: -4,
  terms: [
    { feature: 'renamed', knot: 0.4, weight: 14 },
    { feature: 'lexical', knot: 0.5, weight: 4 },
    { feature: 'cosine', knot: 0.8, weight: 20 },
    { feature: 'wordOverlap', knot: 0.2, weight: 3 },
    { feature: 'calleeOverlap', weight: 1 },
    { feature: 'calleeDisagreement', weight: -2 },
    { feature: 'operatorDisagreement', and: 'structural', weight: -3 },
    { feature: 'numberDisagreement', and: 'structural', weight: -1 },
    { feature: 'oppositeWords', weight: -4 },
    { feature: 'controlDistance', weight: -2 },
  ],
};
