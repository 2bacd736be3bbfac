import type { PairKernel } from '../types.ts';
import { float32Slack } from './cosine.ts';
import type { PairBuffer } from './pairs.ts';
import type { Units } from './units.ts';

/** Rows of a tile: 4 MB of products, about 3 ms a tile at 256 dimensions on two cores (larger tiles gain nothing). */
export const TILE_ROWS = 1024;

/**
 * Every pair of units with cosine ≥ floor: upper triangle of tiles through the kernel with some slack for float32, each
 * proposal decided by its cosine in double. `onProgress` counts units whose pairs are all known.
 */
export async function exactPairs(
  units: Units, floor: number, kernel: PairKernel, buffer: PairBuffer, onProgress: (done: number) => void, tileRows: number = TILE_ROWS,
): Promise<void> {
  const count = units.members.length;
  const slack = float32Slack(units.dims);
  for (let top = 0; top < count; top += tileRows) {
    const above = tile(units, top, tileRows);
    for (let left = top; left < count; left += tileRows) {
      const across = left === top ? above : tile(units, left, tileRows);
      const least = Math.max(floor, buffer.least([top, Math.min(count, top + tileRows)], [left, Math.min(count, left + tileRows)]));
      const { rows, cols, cosines } = await kernel.pairsAbove(above, across, units.dims, least * units.minLength ** 2 - slack);
      // millions of hits: an iterator makes an array of each
      for (let hit = 0; hit < rows.length; hit++) {
        const u = top + (rows[hit] as number);
        const v = left + (cols[hit] as number);
        if (u >= v) continue;
        const atMost = ((cosines[hit] as number) + slack) / ((units.lengths[u] as number) * (units.lengths[v] as number));
        if (atMost < floor || !buffer.admits(u, v, atMost)) continue;
        const cosine = units.cosine(u, v);
        if (cosine >= floor) buffer.push(u, v, cosine);
      }
    }
    onProgress(Math.min(count, top + tileRows));
  }
}

function tile(units: Units, start: number, size: number): Float32Array {
  const end = Math.min(units.members.length, start + size);
  const rows = new Float32Array((end - start) * units.dims);
  for (let u = start; u < end; u++) rows.set(units.vector(u), (u - start) * units.dims);
  return rows;
}
