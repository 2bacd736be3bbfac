import type { Chunk, Grammars, SizeFloor, SourceFile, StoredChunk, StoredFile } from '../types.ts';
import { chunkFile } from './chunk.ts';

/** Chunks a file in this thread, for the store. */
export async function chunkToStore(file: SourceFile, grammars: Grammars, floor: SizeFloor): Promise<StoredFile> {
  const chunked = await chunkFile(file, grammars, floor);
  return { ...chunked, chunks: chunked.chunks.map((chunk) => strip(chunk, file.text)) };
}

function strip({ text, lexemes, ...rest }: Chunk, file: string): StoredChunk {
  const own = text !== file.slice(rest.range.startIndex, rest.range.endIndex);
  return { ...rest, lexemes: lexemes.join(' '), ...(own && { text }) };
}
