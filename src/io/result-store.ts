import { join } from 'node:path';

import type { ResultStore, StoredResult } from '../types.ts';
import { chunkStoresDir, rootName } from './chunk-store.ts';
import { analysisIdentity, chunkerIdentity } from './code-identity.ts';
import { readKept, writeKept } from './kept-file.ts';

/** A larger file is not read. */
const MAX_BYTES = 256 * 1024 ** 2;

interface Contents { readonly identity: string; readonly key: string; readonly result: StoredResult }

/**
 * The last result of a root: one checksummed file beside its chunks, last writer wins. One that is damaged, or of other
 * code, files or options, is found anew; that is nothing to warn of.
 */
export function openResultStore(dir: string, root: string): ResultStore {
  const path = join(chunkStoresDir(dir), `${rootName(root)}.result.bin`);
  const identity = `${chunkerIdentity()} ${analysisIdentity()}`;
  return {
    async get(key) {
      const found = await readKept(path, MAX_BYTES).catch(() => undefined) as Partial<Contents> | null | undefined;
      return found?.identity === identity && found.key === key ? found.result : undefined;
    },
    async set(key, result) {
      try {
        await writeKept(path, { identity, key, result } satisfies Contents);
        return [];
      } catch (error) {
        return [{ code: 'cache-unwritable', message: `The result is not kept for the next run: ${error instanceof Error ? error.message : String(error)}` }];
      }
    },
  };
}

/** `--no-cache`. */
export function noResultStore(): ResultStore {
  return { get: () => Promise.resolve(undefined), set: () => Promise.resolve([]) };
}
