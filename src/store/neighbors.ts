import type { NeighborOptions, NeighborResult } from '../neighbors/neighbors.ts';
import { createPairBuffer } from '../neighbors/pairs.ts';
import { gatherUnits } from '../neighbors/units.ts';
import { appendTo } from '../util/collections.ts';
import type { Loaded } from './load.ts';
import type { StoreSearch } from './port.ts';

/** Queries under way at once. */
const BATCH = 256;
/** Pairs held at most while they are collected. */
const MAX_PAIRS = 4_000_000;

/**
 * As `findNeighbors`, by the store's own search: pairs of distinct vectors with a cosine ≥ floor that either side counts
 * among its k nearest. Of equal vectors only the first is linked. A cosine is computed here, so it has the same bits whichever store proposed the pair.
 */
export async function storeNeighbors(
  { matrix, vectorIds }: Pick<Loaded, 'matrix' | 'vectorIds'>, search: StoreSearch, { floor, k, onProgress = () => {} }: Pick<NeighborOptions, 'floor' | 'onProgress'> & { readonly k: number },
): Promise<NeighborResult> {
  const units = gatherUnits(matrix);
  const count = units.members.length;
  const firsts = units.members.map(([row = 0]) => row);
  const unitOf = new Map(firsts.map((row, unit) => [vectorIds[row] ?? '', unit] as const));
  const buffer = createPairBuffer(count, k, Math.max(MAX_PAIRS, 2 * count));
  /** Units that found a later one, by the later one: a pair that both sides find is counted once. */
  const finders = new Map<number, number[]>();
  const foundBy = new Int32Array(count).fill(-1);
  for (let start = 0; start < count; start += BATCH) {
    const batch = firsts.slice(start, start + BATCH);
    const queries = batch.map((row, i) => ({ id: vectorIds[row] ?? '', values: units.vector(start + i) }));
    for (const [i, hits] of (await search.nearest(queries, k + 1, true)).entries()) {
      const v = start + i;
      for (const u of finders.get(v) ?? []) foundBy[u] = v;
      finders.delete(v);
      for (const { id } of hits) {
        // a vector that no function has any more is in no unit
        const w = unitOf.get(id);
        if (w === undefined || w === v || foundBy[w] === v) continue;
        const cosine = units.cosine(Math.min(v, w), Math.max(v, w));
        if (cosine < floor) continue;
        buffer.push(Math.min(v, w), Math.max(v, w), cosine);
        if (w > v) appendTo(finders, w, v);
      }
    }
    onProgress(start + batch.length, count);
  }
  const { us, vs, cosines, limitedTo } = buffer.finish();
  const neighbors = Array.from(us, (u, at) => ({ a: firsts[u] ?? 0, b: firsts[vs[at] ?? 0] ?? 0, cosine: cosines[at] ?? 0 }));
  return {
    neighbors: neighbors.toSorted((x, y) => x.a - y.a || x.b - y.b), groups: units.members.filter(({ length }) => length > 1), index: 'hnsw',
    ...(limitedTo !== undefined && { limitedTo }),
  };
}
