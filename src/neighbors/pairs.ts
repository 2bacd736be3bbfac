import { NearestLists } from './nearest.ts';

/** Pairs of units under way: sixteen bytes a pair, and only the nearest of each unit once there are too many. */
export interface PairBuffer {
  /** Adds u < v. */
  push(u: number, v: number, cosine: number): void;
  /** Whether u < v with at most this cosine can still be kept; a pair that cannot counts as one that was left out. */
  admits(u: number, v: number, cosine: number): boolean;
  /** The least cosine that can still be kept of any unit in these ranges [from, to); pairs below it count as left out. */
  least(...ranges: readonly (readonly [number, number])[]): number;
  /** How many neighbours of a unit can still matter. */
  limit(): number;
  /** Every pair kept, by u, then v. */
  finish(): Pairs;
}

export interface Pairs {
  readonly us: Int32Array;
  readonly vs: Int32Array;
  readonly cosines: Float64Array;
  /** Set when a unit had more neighbours than could be kept: a pair was kept when either side counts it among this many nearest. */
  readonly limitedTo?: number;
}

/** Entries of nearest lists at most, twelve bytes each. */
const MAX_ENTRIES = 16_000_000;

interface Arrays { us: Int32Array; vs: Int32Array; cosines: Float64Array; length: number }

/**
 * Collects pairs over `units` units. With `k`, only pairs among the k nearest of either side are kept. When more than
 * `budget` pairs come together, k is halved until three quarters of the budget hold them. For the k at the end, what is
 * kept does not depend on when it was pruned: ties go to the smaller index, and the k nearest so far contain the k
 * nearest at the end.
 */
export function createPairBuffer(units: number, k: number, budget: number): PairBuffer {
  const most = Math.max(1, Math.min(k, units - 1));
  return fitsLists(units, most) ? listBuffer(new NearestLists(units, most), most, budget) : pairBuffer(units, most, budget);
}

/** Whether lists of the k nearest of each unit are small enough to be held. */
export function fitsLists(units: number, k: number): boolean {
  return Number.isFinite(k) && units * k <= MAX_ENTRIES;
}

/** For few neighbours: never holds more than lists of the k nearest of each unit, or of some more. */
export function listBuffer(lists: NearestLists, k: number, budget: number): PairBuffer {
  let offered = 0;
  let passed = false;
  return {
    push(u, v, cosine) {
      offered++;
      lists.offer(u, v, cosine);
      lists.offer(v, u, cosine);
    },
    admits(u, v, cosine) {
      if (lists.admits(u, cosine) || lists.admits(v, cosine)) return true;
      offered++;
      return false;
    },
    least(...ranges) {
      const cosine = Math.min(...ranges.map(([from, to]) => lists.least(from, to)));
      passed ||= cosine > -Infinity;
      return cosine;
    },
    limit: () => k,
    finish() {
      let limit = k;
      let pairs = lists.pairs(limit);
      while (pairs.us.length > budget && limit > 1) {
        limit = Math.ceil(limit / 2);
        pairs = lists.pairs(limit);
      }
      return { ...pairs, ...((passed || pairs.us.length < offered) && { limitedTo: limit }) };
    },
  };
}

function pairBuffer(units: number, most: number, budget: number): PairBuffer {
  const arrays = grow(undefined, 1024);
  let limit = most;
  let cut = false;
  const prune = (): void => {
    cut = keepNearest(arrays, units, limit) || cut;
  };
  return {
    push(u, v, cosine) {
      if (arrays.length >= budget) {
        prune();
        while (arrays.length > budget * 0.75 && limit > 1) {
          limit = Math.ceil(limit / 2);
          prune();
        }
      }
      if (arrays.length === arrays.us.length) grow(arrays, arrays.length * 2);
      arrays.us[arrays.length] = u;
      arrays.vs[arrays.length] = v;
      arrays.cosines[arrays.length++] = cosine;
    },
    admits: () => true,
    least: () => -Infinity,
    limit: () => limit,
    finish() {
      prune();
      const order = sortedOrder(arrays, units);
      const pick = <T extends Int32Array | Float64Array>(from: T, to: T): T => {
        for (const [i, at] of order.entries()) to[i] = from[at] as number;
        return to;
      };
      const { us, vs, cosines, length } = arrays;
      return {
        us: pick(us, new Int32Array(length)),
        vs: pick(vs, new Int32Array(length)),
        cosines: pick(cosines, new Float64Array(length)),
        ...(cut && { limitedTo: limit }),
      };
    },
  };
}

function grow(arrays: Arrays | undefined, capacity: number): Arrays {
  const wider = { us: new Int32Array(capacity), vs: new Int32Array(capacity), cosines: new Float64Array(capacity), length: arrays?.length ?? 0 };
  if (arrays === undefined) return wider;
  wider.us.set(arrays.us);
  wider.vs.set(arrays.vs);
  wider.cosines.set(arrays.cosines);
  return Object.assign(arrays, wider);
}

/** Drops pairs beyond the k nearest of both sides; whether any was dropped. */
function keepNearest(arrays: Arrays, units: number, k: number): boolean {
  const { us, vs, cosines, length } = arrays;
  const { starts, slots } = byUnit([us, vs], length, units);
  const keep = new Uint8Array(length);
  const other = (at: number, unit: number): number => (us[at] === unit ? (vs[at] as number) : (us[at] as number));
  for (let unit = 0; unit < units; unit++) {
    const own = slots.subarray(starts[unit], starts[unit + 1]);
    if (own.length > k) own.sort((x, y) => (cosines[y] as number) - (cosines[x] as number) || other(x, unit) - other(y, unit));
    for (const at of own.subarray(0, k)) keep[at] = 1;
  }
  let kept = 0;
  for (let at = 0; at < length; at++) {
    if (keep[at] === 0) continue;
    us[kept] = us[at] as number;
    vs[kept] = vs[at] as number;
    cosines[kept++] = cosines[at] as number;
  }
  arrays.length = kept;
  return kept < length;
}

/** Positions of the first `length` pairs by unit, a pair under each of its `sides`: unit x owns slots[starts[x] … starts[x + 1]). */
function byUnit(
  sides: readonly Int32Array[], length: number, units: number,
): { readonly starts: Int32Array; readonly slots: Int32Array } {
  const starts = new Int32Array(units + 2);
  for (let at = 0; at < length; at++) for (const side of sides) bump(starts, (side[at] as number) + 2);
  for (let unit = 2; unit < starts.length; unit++) starts[unit] = (starts[unit] as number) + (starts[unit - 1] as number);
  const slots = new Int32Array(sides.length * length);
  for (let at = 0; at < length; at++) for (const side of sides) slots[bump(starts, (side[at] as number) + 1)] = at;
  return { starts, slots };
}

/** Positions of the pairs by u, then v. */
function sortedOrder({ us, vs, length }: Arrays, units: number): Int32Array {
  const { starts, slots } = byUnit([us], length, units);
  for (let unit = 0; unit < units; unit++) {
    slots.subarray(starts[unit], starts[unit + 1]).sort((x, y) => (vs[x] as number) - (vs[y] as number));
  }
  return slots;
}

/** `counts[at]++`. */
function bump(counts: Int32Array, at: number): number {
  const before = counts[at] as number;
  counts[at] = before + 1;
  return before;
}
