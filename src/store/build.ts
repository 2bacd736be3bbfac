import type { Chunk, Matrix } from '../types.ts';
import { encodePack, PACK_SIZE } from './pack.ts';
import type { Pack } from './port.ts';

/** Functions of a repository with their vectors (row i is chunk i's) as packs, in the order of the chunks. */
export function buildPacks(chunks: readonly Chunk[], { rows, dims }: Matrix): readonly Pack[] {
  return Array.from({ length: Math.ceil(chunks.length / PACK_SIZE) }, (_, i) => {
    const from = i * PACK_SIZE;
    return encodePack(chunks.slice(from, from + PACK_SIZE), (at) => rows.subarray((from + at) * dims, (from + at + 1) * dims));
  });
}
