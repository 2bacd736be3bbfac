import { sharedCount } from './bags.ts';
import type { Lcs } from './lcs.ts';
import { createLcs, MAX_ALIGNED_TOKENS } from './lcs.ts';
import type { Profile } from './profile.ts';
import { FIRST_WRITTEN } from './profile.ts';

/** Token similarities of a pair, each 2·matched / (tokens of a + tokens of b), in [0, 1]. */
export interface TokenSimilarity {
  /** Names and literals as written. */
  readonly lexical: number;
  /** Names and literals abstracted to their kind. */
  readonly structural: number;
  /** As `structural`, but a name only matches where the renaming is the same throughout. */
  readonly renamed: number;
}

export type TokenComparer = (a: Profile, b: Profile) => TokenSimilarity;

/** Compares token sequences by longest common subsequence; scratch memory is shared between calls. */
export function createTokenComparer(alphabet: number): TokenComparer {
  const lcs = createLcs(alphabet);
  const renaming = createRenaming(alphabet);
  return (a, b) => {
    const total = a.exact.length + b.exact.length;
    if (total === 0) return { lexical: 1, structural: 1, renamed: 1 };
    const lexical = lcs.length(head(a.exact), head(b.exact));
    const aligned = lcs.align(head(a.blind), head(b.blind));
    const renamed = renaming(a.exact, b.exact, a.blind, aligned);
    // what lies beyond the cut is matched at the rate of what lies before it
    const scale = 2 / (head(a.exact).length + head(b.exact).length);
    return { lexical: lexical * scale, structural: aligned.length * scale, renamed: Math.max(renamed, lexical) * scale };
  };
}

/** Upper bounds of the token similarities, from shared tokens regardless of their order: a hundredth of the cost. */
export function tokenBounds(a: Profile, b: Profile): TokenSimilarity {
  const total = a.exact.length + b.exact.length;
  if (total === 0) return { lexical: 1, structural: 1, renamed: 1 };
  const structural = (2 * sharedCount(a.blindBag, b.blindBag)) / total;
  return { lexical: Math.min(structural, (2 * sharedCount(a.exactBag, b.exactBag)) / total), structural, renamed: structural };
}

function head(sequence: Int32Array): Int32Array {
  return sequence.length <= MAX_ALIGNED_TOKENS ? sequence : sequence.subarray(0, MAX_ALIGNED_TOKENS);
}

/** Counts aligned tokens whose names agree with one bijection; unchanged names bind first, others as they come. */
function createRenaming(alphabet: number) {
  const forward = new Int32Array(alphabet).fill(-1);
  const backward = new Int32Array(alphabet).fill(-1);
  return (a: Int32Array, b: Int32Array, blind: Int32Array, { inA, inB, length }: ReturnType<Lcs['align']>): number => {
    const bind = (x: number, y: number): void => {
      if (forward[x] !== -1 || backward[y] !== -1) return;
      forward[x] = y;
      backward[y] = x;
    };
    for (let i = 0; i < length; i++) {
      const x = a[inA[i] as number] as number;
      if (x === b[inB[i] as number]) bind(x, x);
    }
    let agreeing = 0;
    for (let i = 0; i < length; i++) {
      const x = a[inA[i] as number] as number;
      const y = b[inB[i] as number] as number;
      if (isName(blind[inA[i] as number] as number)) bind(x, y);
      else if ((blind[inA[i] as number] as number) < FIRST_WRITTEN) {
        agreeing++;
        continue;
      }
      if (forward[x] === y || x === y) agreeing++;
    }
    for (let i = 0; i < length; i++) {
      forward[a[inA[i] as number] as number] = -1;
      backward[b[inB[i] as number] as number] = -1;
    }
    return agreeing;
  };
}

/** Blind symbols of identifiers, callees and properties. */
function isName(blind: number): boolean {
  return blind === 3 || blind === 4 || blind === 7;
}
