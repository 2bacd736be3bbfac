import { createPairBuffer } from '../neighbors/pairs.ts';
import type { Matrix, Neighbor, PairKernel } from '../types.ts';

/** Rows of a tile of the product. */
const TILE = 1024;
/** Pairs held at most while they are collected. */
const MAX_PAIRS = 4_000_000;

/** Consecutive rows of a matrix that belong to one side. */
export interface Block {
  readonly from: number;
  readonly to: number;
}

/**
 * Neighbours across blocks, never within one: every pair with a cosine ≥ floor that either row counts among its k
 * nearest in other blocks. Complete. Functions of the own side cannot crowd out the other side's.
 */
export async function crossNeighbors(
  { rows, dims, chunkIds }: Matrix, blocks: readonly Block[], options: { readonly floor: number; readonly k: number }, kernel: PairKernel,
): Promise<readonly Neighbor[]> {
  const buffer = createPairBuffer(chunkIds.length, options.k, Math.max(MAX_PAIRS, 2 * chunkIds.length));
  for (const [i, one] of blocks.entries()) {
    for (const other of blocks.slice(i + 1)) {
      for (const [top, bottom] of tiles(one)) {
        for (const [left, right] of tiles(other)) {
          const found = await kernel.pairsAbove(rows.slice(top * dims, bottom * dims), rows.slice(left * dims, right * dims), dims, options.floor);
          for (const [hit, row] of found.rows.entries()) {
            buffer.push(top + row, left + (found.cols[hit] as number), Math.min(1, found.cosines[hit] as number));
          }
        }
      }
    }
  }
  const { us, vs, cosines } = buffer.finish();
  return Array.from(us, (a, at) => ({ a, b: vs[at] as number, cosine: cosines[at] as number }));
}

function tiles({ from, to }: Block): (readonly [number, number])[] {
  return Array.from({ length: Math.ceil((to - from) / TILE) }, (_, i) => [from + i * TILE, Math.min(to, from + (i + 1) * TILE)] as const);
}
