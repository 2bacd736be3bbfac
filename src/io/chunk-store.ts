import { createHash } from 'node:crypto';
import { join } from 'node:path';

import type { ChunkStore, StoredFile, Warning } from '../types.ts';
import { chunkerIdentity } from './code-identity.ts';
import { readKept, writeKept } from './kept-file.ts';

/** Files kept of one root; beyond it those not used for longest go. */
const MAX_FILES = 50_000;
/** A larger store is not read. */
const MAX_BYTES = 512 * 1024 ** 2;

/** Folder of what is kept of trees, two files a root. */
export const chunkStoresDir = (dir: string): string => join(dir, 'chunks-1');

/** Name, without its ending, of the files of a root. */
export const rootName = (root: string): string => createHash('sha256').update(root).digest('hex').slice(0, 16);

interface Contents { readonly identity: string; readonly files: Map<string, StoredFile> }

/**
 * What the files of a root gave when they were last chunked: one checksummed file, written whole, last writer wins (what
 * is lost is parsed again). A damaged file, or one of another version of the chunker or the grammars, is made anew.
 */
export async function openChunkStore(dir: string, root: string): Promise<ChunkStore> {
  const path = join(chunkStoresDir(dir), `${rootName(root)}.bin`);
  const identity = chunkerIdentity();
  const { files, warnings } = await load(path, identity);
  let changed = false;
  return {
    get(key) {
      const found = files.get(key);
      if (found === undefined) return undefined;
      files.delete(key);
      files.set(key, found);
      return found;
    },
    set(key, file) {
      files.set(key, file);
      changed = true;
    },
    async save() {
      if (!changed) return warnings;
      changed = false;
      const kept = new Map([...files].slice(-MAX_FILES));
      return [...warnings, ...await write(path, { identity, files: kept })];
    },
  };
}

/** `--no-cache`. */
export function noChunkStore(): ChunkStore {
  return { get: () => undefined, set: () => undefined, save: () => Promise.resolve([]) };
}

async function load(path: string, identity: string): Promise<{ files: Map<string, StoredFile>; warnings: readonly Warning[] }> {
  try {
    const contents = await readKept(path, MAX_BYTES) as Partial<Contents> | null | undefined;
    return { files: contents?.identity === identity && contents.files instanceof Map ? contents.files : new Map(), warnings: [] };
  } catch (error) {
    return { files: new Map(), warnings: [{ code: 'cache-corrupt', message: `${error instanceof Error ? error.message : String(error)}; parsing everything again` }] };
  }
}

async function write(path: string, contents: Contents): Promise<readonly Warning[]> {
  try {
    await writeKept(path, contents);
    return [];
  } catch (error) {
    return [{ code: 'cache-unwritable', message: `Chunks are not kept for the next run: ${error instanceof Error ? error.message : String(error)}` }];
  }
}
