import { hash } from 'node:crypto';

import type { Chunk, ClonePair, KeptScores, Matrix, Neighbor } from '../types.ts';
import { overlaps } from '../util/order.ts';
import { PairSet } from '../util/pair-set.ts';
import { createUnionFind } from '../util/union-find.ts';
import type { Calibration } from './calibration.ts';
import { MAX_FULL_GROUP, pairGroup, structuralCandidates } from './candidates.ts';
import { createCosine, createDescriber, type UnitScore } from './describe.ts';
import { createMemo, noMemo, type PairMemo } from './memo.ts';
import type { Units } from './units.ts';
import { gatherUnits } from './units.ts';
import { createJudge, createVerifier } from './verifier.ts';

/** Linked groups up to this many units have all their pairs scored, whichever channel proposed them. */
const MAX_CLOSED_GROUP = 100;
/** Pairs down to this share of the threshold are kept as weak. */
const WEAK_SHARE = 0.25;
/** Pairs that closing may score, per unit of the run. */
const CLOSING_BUDGET = 20;

export interface ScoreInput {
  readonly chunks: readonly Chunk[];
  /** Vectors of the chunks; a chunk without a row has cosine 0 to all others. */
  readonly matrix: Matrix;
  /** The model's candidates, rows of `matrix`. */
  readonly neighbors: readonly Neighbor[];
  /** Rows with bit-identical vectors, of which `neighbors` holds only the first. */
  readonly groups?: readonly (readonly number[])[];
  readonly calibration: Calibration;
  /** Least similarity of a pair that is kept. */
  readonly threshold: number;
  /** Whether token structure proposes candidates too (default true). */
  readonly structure?: boolean;
  /** What an earlier run found out with the same calibration and threshold, if anything; makes this one keep its own. */
  readonly recall?: { readonly kept: KeptScores | undefined };
}

export interface ScoreResult {
  /** At or above the threshold, by position of `a`, then of `b`. */
  readonly pairs: readonly ClonePair[];
  /** Below the threshold, but not far, in the same order: `clusterPairs` weighs them. */
  readonly weak: readonly ClonePair[];
  /** Distinct candidates that were scored (identical functions count once). */
  readonly candidates: number;
  /** With `recall`: what the next run may go on from. */
  readonly kept?: KeptScores | undefined;
}

/**
 * Verifies candidate pairs of the model and of token structure.
 *
 * Functions with the same tokens are scored once; N of them give N·(N−1)/2 pairs up to 50 members and N − 1 pairs with
 * the first beyond, each with similarity 1. Chunks that share text (a function and one inside it) are never paired.
 */
export function scorePairs(input: ScoreInput): ScoreResult {
  const units = gatherUnits(input.chunks);
  const { describeIf } = createDescriber(units, input.matrix);
  const [verify, judge] = [createVerifier(input.calibration), createJudge(input.calibration)];
  const weakest = input.threshold * WEAK_SHARE;
  const worthwhile = (optimistic: Float64Array): boolean => verify(optimistic) >= weakest;
  const scored = new Map<number, UnitScore>();
  const weak = new Map<number, UnitScore>();
  const seen = new PairSet();
  const count = units.members.length;
  const memo = openMemo(input, units);
  const scoreOf = (a: number, b: number): UnitScore | undefined => {
    const found = describeIf(a, b, worthwhile);
    if (found === undefined) return undefined;
    const { cosine, tokens: { lexical, structural }, type, features } = found;
    const similarity = judge(features, type);
    return similarity < weakest ? undefined : { similarity, cosine, lexical, structural, type };
  };
  const consider = (x: number, y: number): void => {
    if (x === y) return;
    const [a, b] = x < y ? [x, y] : [y, x];
    if (!canPair(units, a, b) || !seen.add(a, b)) return;
    const score = memo.score(a, b, () => scoreOf(a, b));
    if (score !== undefined) (score.similarity >= input.threshold ? scored : weak).set(a * count + b, score);
  };
  modelCandidates(input, units, consider);
  if (input.structure !== false) structuralCandidates(units, consider, memo);
  closeGroups(count, [...scored.keys()], consider);
  const pairs = [...identical(units, createCosine(units, input.matrix)), ...expand(units, scored)];
  return {
    pairs: toPairs(units, pairs), weak: toPairs(units, expand(units, weak)), candidates: seen.size,
    ...(input.recall !== undefined && { kept: memo.keep() }),
  };
}

/** Units are known again by all that their pairs depend on: place, name, tokens and, for words and vector, the model's input. */
function openMemo({ recall, matrix: { chunkIds, keys, fresh } }: ScoreInput, units: Units): PairMemo {
  if (recall === undefined || keys === undefined) return noMemo;
  const rowOf = new Map(chunkIds.map((id, row) => [id, row] as const));
  const inputs = units.members.map(([first = -1]) => keys[rowOf.get(units.chunks[first]?.id ?? '') ?? -1] ?? '');
  const names = units.members.map(([first = -1], unit) => {
    const { path, name } = units.chunks[first] ?? {};
    return hash('sha256', JSON.stringify([path, name, units.keys[unit]?.exact, inputs[unit]]), 'base64');
  });
  return createMemo(names, recall.kept, (unit) => fresh?.has(inputs[unit] ?? '') ?? false);
}

function modelCandidates({ matrix, neighbors, groups = [] }: ScoreInput, units: Units, consider: (a: number, b: number) => void): void {
  const indexOf = new Map(units.chunks.map(({ id }, i) => [id, i] as const));
  const unitOfRow = matrix.chunkIds.map((id) => units.unitOf[indexOf.get(id) ?? -1] ?? -1);
  const unitsOf = (rows: readonly number[]): number[] =>
    [...new Set(rows.map((row) => unitOfRow[row] ?? -1))].filter((unit) => unit >= 0).toSorted((x, y) => x - y);
  const twins = new Map<number, readonly number[]>();
  for (const group of groups) {
    const distinct = unitsOf(group);
    pairGroup(distinct, consider);
    for (const row of group) twins.set(row, distinct.slice(0, MAX_FULL_GROUP));
  }
  for (const { a, b } of neighbors) {
    if (!twins.has(a) && !twins.has(b)) {
      const [x, y] = [unitOfRow[a] ?? -1, unitOfRow[b] ?? -1];
      if (x >= 0 && y >= 0) consider(x, y);
      continue;
    }
    for (const x of twins.get(a) ?? unitsOf([a])) for (const y of twins.get(b) ?? unitsOf([b])) consider(x, y);
  }
}

/** Scores what is missing inside linked groups, so that a class does not depend on which pairs were proposed. */
function closeGroups(count: number, linked: readonly number[], consider: (a: number, b: number) => void): void {
  const sets = createUnionFind(count);
  for (const key of linked) sets.union(Math.floor(key / count), key % count);
  let budget = CLOSING_BUDGET * count;
  const groups = sets.groups().filter(({ length }) => length > 2 && length <= MAX_CLOSED_GROUP);
  for (const group of groups.toSorted((x, y) => x.length - y.length || (x[0] ?? 0) - (y[0] ?? 0))) {
    budget -= (group.length * (group.length - 1)) / 2;
    if (budget < 0) return;
    pairGroup(group, consider, MAX_CLOSED_GROUP);
  }
}

/** Whether any member of one unit may be paired with any of the other. */
function canPair(units: Units, a: number, b: number): boolean {
  const as = units.members[a] ?? [];
  const bs = units.members[b] ?? [];
  if (as.length === 1 && bs.length === 1) return !share(units, as[0] ?? -1, bs[0] ?? -1);
  return as.slice(0, MAX_FULL_GROUP).some((x) => bs.slice(0, MAX_FULL_GROUP).some((y) => !share(units, x, y)));
}

function share({ chunks }: Units, x: number, y: number): boolean {
  const a = chunks[x];
  const b = chunks[y];
  return a !== undefined && b !== undefined && overlaps(a, b);
}

interface ChunkScore { readonly a: number; readonly b: number; readonly score: UnitScore }

function identical(units: Units, cosine: (a: number, b: number) => number): ChunkScore[] {
  const found: ChunkScore[] = [];
  for (const group of units.members) {
    pairGroup(group, (a, b) => found.push({ a, b, score: { similarity: 1, cosine: cosine(a, b), lexical: 1, structural: 1, type: 1 } }));
  }
  return found;
}

/** Unit scores as pairs of chunks: all of them for small units, a star around each unit's first chunk for others. */
function expand(units: Units, scored: ReadonlyMap<number, UnitScore>): ChunkScore[] {
  const found: ChunkScore[] = [];
  for (const [key, score] of scored) {
    const as = units.members[Math.floor(key / units.members.length)] ?? [];
    const bs = units.members[key % units.members.length] ?? [];
    const add = (x: number, y: number): void => void found.push({ a: Math.min(x, y), b: Math.max(x, y), score });
    if (as.length * bs.length <= MAX_FULL_GROUP) for (const a of as) for (const b of bs) add(a, b);
    else star(as, bs, add);
  }
  return found;
}

/** Pairs in canonical order, without those that share text. */
function toPairs(units: Units, found: readonly ChunkScore[]): ClonePair[] {
  return found.filter(({ a, b }) => !share(units, a, b)).toSorted((p, q) => p.a - q.a || p.b - q.b)
    .map(({ a, b, score }) => ({ a: units.chunks[a]?.id ?? '', b: units.chunks[b]?.id ?? '', ...score }));
}

function star([firstA = 0, ...as]: readonly number[], bs: readonly number[], pair: (a: number, b: number) => void): void {
  for (const b of bs) pair(firstA, b);
  for (const a of as) pair(a, bs[0] ?? 0);
}
