import { hash } from 'node:crypto';

import type { Chunk, ChunkStore, FileChunker, SizeFloor, SourceFile, StoredChunk } from '../types.ts';
import type { Chunked } from './chunk.ts';

export interface StoredOptions extends SizeFloor {
  /** Whether chunks keep their text (default true); without it a file's text is gone once it is chunked. */
  readonly text?: boolean;
}

export interface StoredChunks extends Chunked {
  /** Hash of all that the chunks depend on besides the code. */
  readonly key: string;
  /** Whether the store did not know the file. */
  readonly isNew: boolean;
}

/** As `chunkFile`, but a file that the store knows is not parsed. Lexemes are split each time they are asked for. */
export async function chunkStored(file: SourceFile, chunker: Pick<FileChunker, 'chunk'>, options: StoredOptions, store: ChunkStore): Promise<StoredChunks> {
  const key = storeKey(file, options);
  const known = store.get(key);
  if (known === undefined && file.load !== undefined) {
    const loaded = await file.load();
    // gone or no source any more since it was listed: as if it were empty
    return loaded === undefined ? { chunks: [], warnings: [], lines: 0, key, isNew: true } : chunkStored(loaded, chunker, options, store);
  }
  const found = known ?? await chunker.chunk(file, { minLines: options.minLines, minTokens: options.minTokens });
  if (known === undefined) store.set(key, found);
  return { ...found, key, isNew: known === undefined, chunks: found.chunks.map((chunk) => revive(chunk, options.text === false ? undefined : file.text)) };
}

/** The path is part of it: chunks and warnings name it. */
function storeKey({ path, language, sha256 }: SourceFile, { minLines, minTokens }: SizeFloor): string {
  return hash('sha256', JSON.stringify([path, language, sha256, minLines, minTokens]));
}

function revive({ lexemes, text, ...rest }: StoredChunk, file: string | undefined): Chunk {
  return {
    ...rest, text: file === undefined ? '' : text ?? file.slice(rest.range.startIndex, rest.range.endIndex),
    joined: lexemes,
    get lexemes() { return lexemes === '' ? [] : lexemes.split(' '); },
  };
}
