import { join } from 'node:path';

import type { KeptPairs, PairStore, Warning } from '../types.ts';
import { chunkStoresDir, rootName } from './chunk-store.ts';
import { analysisIdentity, chunkerIdentity } from './code-identity.ts';
import { readKept, writeKept } from './kept-file.ts';

/** A larger file is neither written nor read. */
const MAX_BYTES = 256 * 1024 ** 2;

interface Contents { readonly identity: string; readonly options: string; readonly pairs: KeptPairs }

/**
 * The pairs of the last run of a root: one checksummed file beside its chunks, last writer wins. One that is damaged, or
 * of other code or options, is made anew.
 */
export function openPairStore(dir: string, root: string): PairStore {
  const path = join(chunkStoresDir(dir), `${rootName(root)}.pairs.bin`);
  const identity = `${chunkerIdentity()} ${analysisIdentity()}`;
  const warnings: Warning[] = [];
  return {
    async get(options) {
      try {
        const found = await readKept(path, MAX_BYTES) as Partial<Contents> | null | undefined;
        return found?.identity === identity && found.options === options ? found.pairs : undefined;
      } catch (error) {
        warnings.push({ code: 'cache-corrupt', message: `${error instanceof Error ? error.message : String(error)}; comparing everything again` });
        return undefined;
      }
    },
    async set(options, pairs) {
      try {
        await writeKept(path, { identity, options, pairs } satisfies Contents, MAX_BYTES);
      } catch (error) {
        warnings.push({ code: 'cache-unwritable', message: `Pairs are not kept for the next run: ${error instanceof Error ? error.message : String(error)}` });
      }
      return warnings.splice(0);
    },
  };
}

/** `--no-cache`. */
export function noPairStore(): PairStore {
  return { get: () => Promise.resolve(undefined), set: () => Promise.resolve([]) };
}
