import type { Calibration } from './calibration.ts';

/** Nearest functions looked at of each; what a larger class lacks, scoring closes. */
export const NEAREST = 24;
/** For models whose calibration says nothing. */
const COSINE_FLOOR = 0.5;

/** Least cosine at which a model proposes a pair. */
export function proposalFloor({ floor }: Calibration): number {
  return floor ?? COSINE_FLOOR;
}
