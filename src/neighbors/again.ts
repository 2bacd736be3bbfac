import type { KeptNeighbors, Matrix } from '../types.ts';
import { NearestLists } from './nearest.ts';
import type { Units } from './units.ts';

/** Entries kept beyond those asked for: as many neighbours may go before a list must be made anew. */
export const SPARE = 8;
/** Share of vectors to search for above which searching all costs no more. */
const MOST = 0.03;
/** The bound of a list that holds everything above the floor. */
const COMPLETE = -2;

export interface NearestAgain {
  readonly lists: NearestLists;
  readonly bounds: Float64Array;
}

/**
 * The nearest lists of an earlier run, with what went taken out and what came searched for among all: the same entries
 * that a search of everything finds. Undefined where so much has changed that this does not pay.
 */
export function nearestAgain(units: Units, keys: readonly string[], isFresh: (key: string) => boolean, kept: KeptNeighbors, k: number, floor: number): NearestAgain | undefined {
  const count = keys.length;
  const before = new Map(kept.keys.map((key, i) => [key, i] as const));
  const oldOf = Int32Array.from(keys, (key) => (isFresh(key) ? -1 : before.get(key) ?? -1));
  const added = [...oldOf.keys()].filter((unit) => oldOf[unit] === -1);
  if (added.length > MOST * count) return undefined;
  const lists = new NearestLists(count, depthOf(count, k));
  const bounds = takeOver(lists, oldOf, kept);
  for (const unit of added) {
    eachNear(units, unit, floor, (other, cosine) => {
      lists.offer(unit, other, cosine);
      if (oldOf[other] !== -1) lists.offer(other, unit, cosine);
    });
  }
  const short = [...oldOf.keys()].filter((unit) => oldOf[unit] !== -1 && bounds[unit] !== COMPLETE && lists.above(unit, bounds[unit] as number) < k);
  if (added.length + short.length > MOST * count) return undefined;
  for (const unit of short) {
    lists.clear(unit);
    bounds[unit] = COMPLETE;
    eachNear(units, unit, floor, (other, cosine) => { lists.offer(unit, other, cosine); });
  }
  return { lists, bounds };
}

/** Entries a list has room for. */
export function depthOf(count: number, k: number): number {
  return Math.max(1, Math.min(k + SPARE, count - 1));
}

/** What the next run may go on from. Lists that are full say nothing of what is no nearer than their last. */
export function keepNearest(lists: NearestLists, keys: readonly string[], bounds?: Float64Array): KeptNeighbors {
  const { depth, counts, others, cosines } = lists.contents();
  return {
    keys, depth, counts, others, cosines,
    bounds: Float64Array.from(counts, (count, unit) => Math.max(bounds?.[unit] ?? COMPLETE, count === depth ? lists.last(unit) : COMPLETE)),
  };
}

/** Fills lists with what is left of the old ones. @returns the bound of each */
function takeOver(lists: NearestLists, oldOf: Int32Array, { depth, counts, others, cosines, bounds: old, keys }: KeptNeighbors): Float64Array {
  const unitOf = new Int32Array(keys.length).fill(-1);
  for (const [unit, at] of oldOf.entries()) if (at !== -1) unitOf[at] = unit;
  const bounds = new Float64Array(oldOf.length).fill(COMPLETE);
  for (const [unit, at] of oldOf.entries()) {
    if (at === -1) continue;
    bounds[unit] = old[at] as number;
    for (let entry = at * depth; entry < at * depth + (counts[at] as number); entry++) {
      const other = unitOf[others[entry] as number] as number;
      if (other !== -1) lists.offer(unit, other, cosines[entry] as number);
    }
  }
  return bounds;
}

/** Every other unit with cosine ≥ floor. */
function eachNear(units: Units, unit: number, floor: number, visit: (other: number, cosine: number) => void): void {
  for (let other = 0; other < units.members.length; other++) {
    if (other === unit || units.roughCosine(unit, other) < floor) continue;
    const cosine = units.cosine(Math.min(unit, other), Math.max(unit, other));
    if (cosine >= floor) visit(other, cosine);
  }
}

/** The key of each unit's first row, where the matrix has keys. */
export function keysOf({ keys }: Matrix, { members }: Units): readonly string[] | undefined {
  return keys && members.map(([first = -1]) => keys[first] ?? '');
}
