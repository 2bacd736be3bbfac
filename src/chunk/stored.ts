import { createHash } from 'node:crypto';

import type { Chunk, ChunkStore, Grammars, SourceFile, StoredChunk } from '../types.ts';
import { chunkFile, type Chunked, type ChunkOptions } from './chunk.ts';

/** As `chunkFile`, but a file that the store knows is not parsed. */
export async function chunkStored(file: SourceFile, grammars: Grammars, options: ChunkOptions, store: ChunkStore): Promise<Chunked> {
  const key = storeKey(file, options);
  const known = store.get(key);
  if (known !== undefined) return { ...known, chunks: known.chunks.map((chunk) => revive(chunk, file.text)) };
  const chunked = await chunkFile(file, grammars, options);
  store.set(key, { ...chunked, chunks: chunked.chunks.map(strip) });
  return chunked;
}

/** The path is part of it: chunks and warnings name it. */
function storeKey({ path, language, sha256 }: SourceFile, { minLines, minTokens }: ChunkOptions): string {
  return createHash('sha256').update(JSON.stringify([path, language, sha256, minLines, minTokens])).digest('hex');
}

function strip({ text: _text, lexemes, ...rest }: Chunk): StoredChunk {
  return { ...rest, lexemes: lexemes.join(' ') };
}

function revive({ lexemes, ...rest }: StoredChunk, text: string): Chunk {
  return { ...rest, lexemes: lexemes === '' ? [] : lexemes.split(' '), text: text.slice(rest.range.startIndex, rest.range.endIndex) };
}
