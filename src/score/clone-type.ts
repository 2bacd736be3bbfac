import type { CloneType } from '../types.ts';
import type { SequenceKeys } from './sequence.ts';
import type { TokenSimilarity } from './similarity.ts';

/**
 * Least `renamed` token similarity of a Type-3 clone. 0.7 is where BigCloneBench draws the line between strongly and
 * moderately Type-3 (Svajlenko et al., "Towards a Big Data Curated Benchmark of Inter-Project Code Clones", 2014).
 */
export const TYPE_3_BOUND = 0.7;

/** Type of a clone pair (DESIGN.md §4); across language families only 4 is possible. */
export function cloneType(a: SequenceKeys, b: SequenceKeys, tokens: TokenSimilarity): CloneType {
  if (a.exact === b.exact) return 1;
  if (a.alpha === b.alpha) return 2;
  return tokens.renamed >= TYPE_3_BOUND ? 3 : 4;
}
