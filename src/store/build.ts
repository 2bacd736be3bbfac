import type { Chunk, Matrix } from '../types.ts';
import { encodePack } from './pack.ts';
import type { Pack } from './port.ts';

/** Functions of a pack at most: more share words and tokens better, fewer are read faster for one. */
const PACK_SIZE = 512;
/** Tokens of a pack at most, unless one function has more. */
const PACK_TOKENS = 1_000_000;

/** Functions of a repository with their vectors (row i is chunk i's) as packs, in the order of the chunks, made as they are asked for. */
export function* buildPacks(chunks: readonly Chunk[], { rows, dims }: Matrix): Generator<Pack> {
  for (let from = 0; from < chunks.length;) {
    const to = packEnd(chunks, from);
    const start = from;
    yield encodePack(chunks.slice(from, to), (at) => rows.subarray((start + at) * dims, (start + at + 1) * dims));
    from = to;
  }
}

function packEnd(chunks: readonly Chunk[], from: number): number {
  let to = from;
  for (let tokens = 0; to < chunks.length && to - from < PACK_SIZE; to++) {
    tokens += chunks[to]?.tokens.length ?? 0;
    if (tokens > PACK_TOKENS && to > from) break;
  }
  return to;
}
