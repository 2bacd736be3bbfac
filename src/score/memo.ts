import type { CloneType, KeptScores } from '../types.ts';
import { PairMap } from '../util/pair-map.ts';
import type { UnitScore } from './describe.ts';

/** What was found out about units and pairs of units, so that it need not be found out again. */
export interface PairMemo {
  alpha(unit: number, make: () => string): string;
  prints(unit: number, make: () => ArrayLike<number>): ArrayLike<number>;
  /** Whether two units may be structural clones. */
  alike(a: number, b: number, decide: () => boolean): boolean;
  /** The score of a pair, undefined where it is too low to be of use. */
  score(a: number, b: number, find: () => UnitScore | undefined): UnitScore | undefined;
  /** What to go on from in the next run: what was asked for in this one. Undefined where that is too much. */
  keep(): KeptScores | undefined;
}

/** Remembers nothing. */
export const noMemo: PairMemo = {
  alpha: (_, make) => make(), prints: (_, make) => make(), alike: (_a, _b, decide) => decide(), score: (_a, _b, find) => find(), keep: () => undefined,
};

/** Twelve bytes each in the file. */
const MAX_PAIRS = 2_000_000;
/** Numbers of a score. */
const FIELDS = 5;

/** Bits of a pair's code; what is above them is 0 for no score, 1 for one too low, else 2 + its place among the scores. */
const ALIKE = 1;
const APART = 2;
/** Asked for in this run. */
const BOUND_USED = 4;
const SCORE_USED = 8;
const SHIFT = 4;
const LOW = 1;

/**
 * @param names one a unit: a hash of all that its pairs depend on
 * @param kept what an earlier run found out under the same options
 * @param isFresh whether nothing said of a unit before holds
 */
export function createMemo(names: readonly string[], kept: KeptScores | undefined, isFresh: (unit: number) => boolean): PairMemo {
  const old = kept === undefined ? undefined : recall(names, kept, isFresh);
  const codes = old?.codes ?? new PairMap();
  const scores: number[] = old?.scores ?? [];
  const alphas: string[] = [];
  const prints: ArrayLike<number>[] = [];
  const addScore = ({ similarity, cosine, lexical, structural, type }: UnitScore): number => scores.push(similarity, cosine, lexical, structural, type) / FIELDS - 1;
  return {
    alpha: (unit, make) => (alphas[unit] ??= old?.alpha(unit) ?? make()),
    prints: (unit, make) => (prints[unit] ??= old?.prints(unit) ?? make()),
    alike(a, b, decide) {
      const code = codes.get(a, b);
      const isAlike = (code & (ALIKE | APART)) === 0 ? decide() : (code & ALIKE) !== 0;
      codes.set(a, b, code | (isAlike ? ALIKE : APART) | BOUND_USED);
      return isAlike;
    },
    score(a, b, find) {
      const code = codes.get(a, b);
      const place = code >> SHIFT;
      if (place > 0) {
        codes.set(a, b, code | SCORE_USED);
        return place === LOW ? undefined : scoreAt(scores, place - LOW - 1);
      }
      const found = find();
      codes.set(a, b, code | SCORE_USED | ((found === undefined ? LOW : addScore(found) + LOW + 1) << SHIFT));
      return found;
    },
    keep: () => (codes.size > MAX_PAIRS ? undefined : { names, ...packUnits(names, alphas, prints), ...packPairs(codes, scores) }),
  };
}

function scoreAt(scores: ArrayLike<number>, at: number): UnitScore {
  const [similarity = 0, cosine = 0, lexical = 0, structural = 0, type = 4] = Array.from({ length: FIELDS }, (_, i) => scores[at * FIELDS + i]);
  return { similarity, cosine, lexical, structural, type: type as CloneType };
}

/** Kept functions as the units of this run. */
function recall(names: readonly string[], kept: KeptScores, isFresh: (unit: number) => boolean) {
  const before = new Map(kept.names.map((name, i) => [name, i] as const));
  const oldOf = names.map((name, unit) => (isFresh(unit) ? undefined : before.get(name)));
  const unitOf = new Int32Array(kept.names.length).fill(-1);
  for (const [unit, old] of oldOf.entries()) if (old !== undefined) unitOf[old] = unit;
  const codes = new PairMap();
  for (let i = 0; i < kept.codes.length; i++) {
    const [a, b] = [unitOf[kept.as[i] as number] as number, unitOf[kept.bs[i] as number] as number];
    // an alignment of the two in the other order may be another one
    if (a >= 0 && a < b) codes.set(a, b, kept.codes[i] as number);
  }
  const ofOld = <T>(unit: number, read: (old: number) => T): T | undefined => {
    const old = oldOf[unit];
    return old === undefined ? undefined : read(old);
  };
  return {
    codes, scores: [...kept.scores],
    alpha: (unit: number) => ofOld(unit, (old) => kept.alphas[old] || undefined),
    prints: (unit: number) => ofOld(unit, (old) => {
      const own = kept.prints.subarray(kept.starts[old], kept.starts[old + 1]);
      return own.length === 0 ? undefined : own;
    }),
  };
}

function packUnits(names: readonly string[], alphas: readonly string[], prints: readonly ArrayLike<number>[]): Pick<KeptScores, 'alphas' | 'prints' | 'starts'> {
  const starts = new Uint32Array(names.length + 1);
  for (const unit of names.keys()) starts[unit + 1] = (starts[unit] as number) + (prints[unit]?.length ?? 0);
  const all = new Uint32Array(starts.at(-1) ?? 0);
  for (const unit of names.keys()) all.set(prints[unit] ?? [], starts[unit]);
  return { alphas: names.map((_, unit) => alphas[unit] ?? ''), prints: all, starts };
}

/** Of the pairs that were asked for, what was asked. */
function packPairs(map: PairMap, all: readonly number[]): Pick<KeptScores, 'as' | 'bs' | 'codes' | 'scores'> {
  const [as, bs, codes, scores]: [number[], number[], number[], number[]] = [[], [], [], []];
  map.each((a, b, code) => {
    if ((code & (BOUND_USED | SCORE_USED)) === 0) return;
    const place = (code & SCORE_USED) === 0 ? 0 : code >> SHIFT;
    const kept = place <= LOW ? place : scores.push(...all.slice((place - LOW - 1) * FIELDS, (place - LOW) * FIELDS)) / FIELDS + LOW;
    as.push(a);
    bs.push(b);
    codes.push(((code & BOUND_USED) === 0 ? 0 : code & (ALIKE | APART)) | (kept << SHIFT));
  });
  return { as: Uint32Array.from(as), bs: Uint32Array.from(bs), codes: Int32Array.from(codes), scores: Float64Array.from(scores) };
}
