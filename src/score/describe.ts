import type { CloneType, Matrix } from '../types.ts';
import { cloneType } from './clone-type.ts';
import { pairFeatures } from './features.ts';
import type { TokenSimilarity } from './similarity.ts';
import { createTokenComparer } from './similarity.ts';
import type { Units } from './units.ts';

/** All that is known of a pair before it is judged. */
export interface PairDescription {
  readonly cosine: number;
  readonly tokens: TokenSimilarity;
  readonly type: CloneType;
  /** Ordered as `FEATURE_NAMES`. */
  readonly features: Float64Array;
}

/** Describes pairs of units by index; for `explain`, `calibrate` and `scorePairs` alike. */
export function createDescriber(units: Units, matrix: Matrix): (a: number, b: number) => PairDescription {
  const compare = createTokenComparer(units.alphabet);
  const cosineOf = createCosine(units, matrix);
  return (unitA, unitB) => {
    const a = units.profiles[unitA];
    const b = units.profiles[unitB];
    const keysA = units.keys[unitA];
    const keysB = units.keys[unitB];
    if (a === undefined || b === undefined || keysA === undefined || keysB === undefined) throw new RangeError('no such unit');
    const tokens = compare(a, b);
    const cosine = cosineOf(units.members[unitA]?.[0] ?? -1, units.members[unitB]?.[0] ?? -1);
    return {
      cosine, tokens, features: pairFeatures({ a, b, cosine, tokens, opposites: units.opposites }),
      type: a.family === b.family ? cloneType(keysA, keysB, tokens) : 4,
    };
  };
}

/** Cosine of two chunks by index, in [-1, 1]; 0 where either has no vector. */
export function createCosine(units: Units, { dims, rows, chunkIds }: Matrix): (a: number, b: number) => number {
  const rowOf = new Map(chunkIds.map((id, row) => [id, row] as const));
  const starts = units.chunks.map(({ id }) => (rowOf.get(id) ?? -1) * dims);
  return (a, b) => {
    const x = starts[a] ?? -1;
    const y = starts[b] ?? -1;
    if (x < 0 || y < 0) return 0;
    let dot = 0;
    for (let i = 0; i < dims; i++) dot += (rows[x + i] as number) * (rows[y + i] as number);
    return Math.max(-1, Math.min(1, dot));
  };
}
