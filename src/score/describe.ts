import type { ClonePair, CloneType, Matrix } from '../types.ts';
import { cloneType } from './clone-type.ts';
import { pairFeatures, setTokenFeatures } from './features.ts';
import type { TokenComparer, TokenSimilarity } from './similarity.ts';
import { createTokenComparer, tokenBounds } from './similarity.ts';
import type { Units } from './units.ts';

/** All that is known of a pair before it is judged. */
export interface PairDescription {
  readonly cosine: number;
  readonly tokens: TokenSimilarity;
  readonly type: CloneType;
  /** Ordered as `FEATURE_NAMES`. */
  readonly features: Float64Array;
}

export interface PairDescriber {
  describe(a: number, b: number): PairDescription;
  /** Aligns tokens only when `worthwhile` says so of the features with upper bounds for the token similarities. */
  describeIf(a: number, b: number, worthwhile: (optimistic: Float64Array) => boolean): PairDescription | undefined;
}

/** What the verifier and the classes need of a pair. */
export type UnitScore = Omit<ClonePair, 'a' | 'b'>;

/** Describes pairs of units by index; for `explain`, `calibrate` and `scorePairs` alike. */
export function createDescriber(units: Units, matrix: Matrix): PairDescriber {
  const compare = growingComparer(units);
  const cosineOf = createCosine(units, matrix);
  const describeIf: PairDescriber['describeIf'] = (unitA, unitB, worthwhile) => {
    const a = unitAt(units, unitA);
    const b = unitAt(units, unitB);
    const cosine = cosineOf(a.first, b.first);
    const features = pairFeatures({ a: a.profile, b: b.profile, cosine, tokens: tokenBounds(a.profile, b.profile), opposites: units.opposites, weights: units.weights });
    if (!worthwhile(features)) return undefined;
    const tokens = compare(a.profile, b.profile);
    setTokenFeatures(features, tokens);
    return { cosine, tokens, features, type: a.profile.family === b.profile.family ? cloneType(a.keys, b.keys, tokens) : 4 };
  };
  const describe = (a: number, b: number): PairDescription => {
    const found = describeIf(a, b, () => true);
    if (found === undefined) throw new RangeError(`no pair ${a}, ${b}`);
    return found;
  };
  return { describe, describeIf };
}

/** Its scratch memory has room for the symbols of the profiles made so far. */
function growingComparer({ alphabet }: Units): TokenComparer {
  let room = 0;
  let compare: TokenComparer | undefined;
  return (a, b) => {
    if (compare === undefined || alphabet() > room) {
      room = 2 * alphabet();
      compare = createTokenComparer(room);
    }
    return compare(a, b);
  };
}

function unitAt({ profileOf, keys, members }: Units, unit: number) {
  const own = keys[unit];
  if (own === undefined) throw new RangeError(`no unit ${unit}`);
  return { profile: profileOf(unit), keys: own, first: members[unit]?.[0] ?? -1 };
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
