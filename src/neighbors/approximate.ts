import { appendTo } from '../util/collections.ts';
import { setImmediate } from 'node:timers/promises';
import type { AnnIndex } from '../types.ts';
import { float32Slack } from './cosine.ts';
import type { PairBuffer } from './pairs.ts';
import type { Units } from './units.ts';

/** Neighbours looked at first. Doubled while the farthest is still above the floor (measured: a fixed 20 loses half of the pairs). */
const FIRST_K = 32;
/** Rows between two breaths of the event loop, some 20 ms. */
const BREATH = 64;

/**
 * Pairs of units with cosine ≥ floor that the index finds from either side, each decided by its cosine in double.
 * `onProgress` counts 2 × units: added, then searched.
 */
export async function approximatePairs(
  units: Units, floor: number, index: AnnIndex, buffer: PairBuffer, onProgress: (done: number) => void,
): Promise<void> {
  const count = units.members.length;
  for (let u = 0; u < count; u++) {
    index.add(u, units.vector(u));
    if (u % BREATH === 0) await breathe(onProgress, u);
  }
  /** Units that found a later one, by the later one. */
  const finders = new Map<number, number[]>();
  const foundBy = new Int32Array(count).fill(-1);
  for (let v = 0; v < count; v++) {
    for (const u of finders.get(v) ?? []) foundBy[u] = v;
    finders.delete(v);
    for (const w of nearRows(units, v, floor, index, buffer)) {
      if (w === v || foundBy[w] === v) continue;
      const cosine = units.cosine(Math.min(v, w), Math.max(v, w));
      if (cosine < floor) continue;
      buffer.push(Math.min(v, w), Math.max(v, w), cosine);
      if (w > v) appendTo(finders, w, v);
    }
    if (v % BREATH === 0) await breathe(onProgress, count + v);
  }
  onProgress(2 * count);
}

function nearRows(units: Units, u: number, floor: number, index: AnnIndex, buffer: PairBuffer): readonly number[] {
  const least = floor * (units.lengths[u] as number) * units.minLength - float32Slack(units.dims);
  const most = Math.min(units.members.length, buffer.limit() + 1);
  for (let k = Math.min(FIRST_K, most); ; k = Math.min(2 * k, most)) {
    const { rows, cosines } = index.search(units.vector(u), k);
    const last = cosines.at(-1);
    if (k >= most || last === undefined || last < least) return rows.filter((_, i) => (cosines[i] as number) >= least);
  }
}

async function breathe(onProgress: (done: number) => void, done: number): Promise<void> {
  onProgress(done);
  await setImmediate();
}
