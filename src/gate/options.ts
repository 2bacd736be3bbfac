import type { CloneType } from '../types.ts';

/** What fails the gate. */
export interface GateOptions {
  /** New classes allowed. Default 0. */
  readonly maxNew?: number;
  /** Least similarity of a new member to its twin, in [0, 1]. Default: every pair that was reported. */
  readonly minSimilarity?: number;
  /** Types that count. Default: all. */
  readonly types?: readonly CloneType[];
  /** Drift fails too. */
  readonly failOnDrift?: boolean;
}
