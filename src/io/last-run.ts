import { join } from 'node:path';

import type { LastRun, Warning } from '../types.ts';
import { chunkStoresDir, rootName } from './chunk-store.ts';
import { analysisIdentity, chunkerIdentity } from './code-identity.ts';
import { readKept, writeKept } from './kept-file.ts';

/** A larger file is neither written nor read. */
const MAX_BYTES = 256 * 1024 ** 2;

interface Contents { readonly identity: string; readonly key: string; readonly value: unknown }

/**
 * One checksummed file beside the chunks of a root, last writer wins.
 *
 * @param kind `<root>.<kind>.bin`
 * @param subject begins the warning when it cannot be written, e.g. "Pairs are"
 * @param damaged ends the warning about a damaged file; without it, that is nothing to warn of
 */
export function openLastRun<T>(dir: string, root: string, { kind, subject, damaged }: { readonly kind: string; readonly subject: string; readonly damaged?: string }): LastRun<T> {
  const path = join(chunkStoresDir(dir), `${rootName(root)}.${kind}.bin`);
  const identity = `${chunkerIdentity()} ${analysisIdentity()}`;
  const warnings: Warning[] = [];
  return {
    async get(key) {
      try {
        const found = await readKept(path, MAX_BYTES) as Partial<Contents> | null | undefined;
        return found?.identity === identity && found.key === key ? found.value as T : undefined;
      } catch (error) {
        if (damaged !== undefined) warnings.push({ code: 'cache-corrupt', message: `${reasonOf(error)}; ${damaged}` });
        return undefined;
      }
    },
    async set(key, value) {
      try {
        await writeKept(path, { identity, key, value } satisfies Contents, MAX_BYTES);
      } catch (error) {
        warnings.push({ code: 'cache-unwritable', message: `${subject} not kept for the next run: ${reasonOf(error)}` });
      }
      return warnings.splice(0);
    },
  };
}

/** `--no-cache`. */
export function noLastRun<T>(): LastRun<T> {
  return { get: () => Promise.resolve(undefined), set: () => Promise.resolve([]) };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
