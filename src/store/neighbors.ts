import type { NeighborOptions, NeighborResult } from '../neighbors/neighbors.ts';
import { createPairBuffer } from '../neighbors/pairs.ts';
import { gatherUnits } from '../neighbors/units.ts';
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
  const seen = new Set<number>();
  for (let start = 0; start < count; start += BATCH) {
    const batch = firsts.slice(start, start + BATCH);
    const queries = batch.map((row, i) => ({ id: vectorIds[row] ?? '', values: units.vector(start + i) }));
    for (const [i, hits] of (await search.nearest(queries, k + 1, true)).entries()) {
      for (const { id } of hits) {
        // a vector of a repository that was not asked for
        const other = unitOf.get(id);
        if (other === undefined || other === start + i) continue;
        const [u, v] = [Math.min(other, start + i), Math.max(other, start + i)];
        if (seen.has(u * count + v)) continue;
        seen.add(u * count + v);
        const cosine = units.cosine(u, v);
        if (cosine >= floor) buffer.push(u, v, cosine);
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
