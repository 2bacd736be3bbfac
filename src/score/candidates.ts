import { TokenKind } from '../types.ts';
import { appendTo } from '../util/collections.ts';
import { kindOf } from '../util/tokens.ts';
import { Postings } from './postings.ts';
import { type PairMemo, noMemo } from './memo.ts';
import { isAbstracted } from './profile.ts';
import { tokenBounds } from './similarity.ts';
import type { Units } from './units.ts';
import { fingerprints } from './winnow.ts';

/** Groups up to this size are paired in full; larger ones as a star around their first member. */
export const MAX_FULL_GROUP = 50;
/** A fingerprint that more units have says nothing about any of them. */
const MAX_POSTINGS = 100;
/** Structural candidates a unit keeps, best first. */
const MAX_PER_UNIT = 20;
/** Least share of the smaller side's fingerprints. */
const MIN_SHARED = 0.3;
/** Least possible structural similarity of a candidate. */
export const MIN_STRUCTURAL = 0.6;

/** Calls `pair` for every two members of a group, or for the first and every other one in a group above `limit`. */
export function pairGroup(group: readonly number[], pair: (a: number, b: number) => void, limit = MAX_FULL_GROUP): void {
  for (const [i, a] of group.slice(0, group.length <= limit ? group.length : 1).entries()) {
    for (const b of group.slice(i + 1)) pair(a, b);
  }
}

/**
 * Pairs of units likely to be Type-1, 2 or 3 clones, found without a model: units that are equal after renaming, and
 * units that share winnowed fingerprints. At most about MAX_PER_UNIT pairs a unit.
 */
export function structuralCandidates(units: Units, pair: (a: number, b: number) => void, memo: PairMemo = noMemo): void {
  const byAlpha = new Map<string, number[]>();
  for (const [unit, keys] of units.keys.entries()) appendTo(byAlpha, memo.alpha(unit, () => keys.alpha), unit);
  for (const group of byAlpha.values()) pairGroup(group, pair);
  shareFingerprints([...byAlpha.values()].map(([first = 0]) => first), units, memo, pair);
}

function shareFingerprints(
  chosen: readonly number[], units: Units, memo: PairMemo, pair: (a: number, b: number) => void): void {
  const tokensOf = (unit: number): Uint32Array => units.chunks[units.members[unit]?.[0] ?? -1]?.tokens ?? new Uint32Array();
  const postings = new Postings(chosen.length, (at) => memo.prints(chosen[at] ?? 0, () => fingerprints(blindTokens(tokensOf(chosen[at] ?? 0)))));
  const shared = new Int32Array(chosen.length);
  for (const [at, unit] of chosen.entries()) {
    const touched: number[] = [];
    postings.eachSharing(at, MAX_POSTINGS, (other) => {
      if (other === at) return;
      if (shared[other] === 0) touched.push(other);
      shared[other] = (shared[other] as number) + 1;
    });
    const found: Sharing[] = [];
    for (const other of touched) {
      const share = (shared[other] as number) / Math.min(postings.size(at), postings.size(other));
      if (share >= MIN_SHARED) found.push({ other: chosen[other] ?? 0, share });
      shared[other] = 0;
    }
    for (const other of best(unit, found, units, memo)) pair(Math.min(unit, other), Math.max(unit, other));
  }
}

/** Another unit and the share of the smaller side's fingerprints that both have. */
interface Sharing { readonly other: number; readonly share: number }

function best(unit: number, found: readonly Sharing[], units: Units, memo: PairMemo): number[] {
  return found.toSorted((x, y) => y.share - x.share || x.other - y.other)
    .slice(0, MAX_PER_UNIT)
    .map(({ other }) => other)
    .filter((other) => memo.alike(Math.min(unit, other), Math.max(unit, other), () => {
      const [own, peer] = [units.profileOf(unit), units.profileOf(other)];
      return own.family === peer.family && tokenBounds(own, peer).structural >= MIN_STRUCTURAL;
    }));
}

/** Tokens that carry meaning, names and literals abstracted to their kind: the same numbers in every run. */
function blindTokens(tokens: Uint32Array): Int32Array {
  const blind = new Int32Array(tokens.length);
  let length = 0;
  for (const token of tokens) {
    const kind = kindOf(token);
    if (kind !== TokenKind.punctuation) blind[length++] = isAbstracted(kind) ? kind : token;
  }
  return blind.subarray(0, length);
}
