import type { Chunk, Grammars, SizeFloor, SourceFile, StoredChunk, StoredFile } from '../types.ts';
import { chunkFile } from './chunk.ts';

/** Chunks a file in this thread, for the store. */
export async function chunkToStore(file: SourceFile, grammars: Grammars, floor: SizeFloor): Promise<StoredFile> {
  const chunked = await chunkFile(file, grammars, floor);
  return { ...chunked, chunks: withOneBuffer(chunked.chunks.map((chunk) => strip(chunk, file.text))) };
}

/** Tokens of a file's chunks in one buffer: a small buffer of its own costs as much as what it holds. */
function withOneBuffer(chunks: readonly StoredChunk[]): readonly StoredChunk[] {
  const all = new Uint32Array(chunks.reduce((sum, { tokens }) => sum + tokens.length, 0));
  let end = 0;
  return chunks.map((chunk) => {
    const tokens = all.subarray(end, (end += chunk.tokens.length));
    tokens.set(chunk.tokens);
    return { ...chunk, tokens };
  });
}

function strip({ text, lexemes, ...rest }: Chunk, file: string): StoredChunk {
  const own = text !== file.slice(rest.range.startIndex, rest.range.endIndex);
  return { ...rest, lexemes: lexemes.join(' '), ...(own && { text }) };
}
