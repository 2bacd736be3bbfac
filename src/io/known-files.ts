import { join } from 'node:path';

import type { KnownFile, KnownFiles } from '../types.ts';
import { chunkStoresDir, rootName } from './chunk-store.ts';
import { discoverIdentity } from './code-identity.ts';
import { readKept, writeKept } from './kept-file.ts';

/** Files kept of one root at most. */
const MAX_FILES = 200_000;
/** A larger file is not read. */
const MAX_BYTES = 256 * 1024 ** 2;

interface Entry { readonly stamp: string; readonly rules: string; readonly file: KnownFile }
interface Contents { readonly identity: string; readonly files: Map<string, Entry> }

/**
 * The files of a root as they were last looked at: one checksummed file beside its chunks. One that is damaged or made by
 * other code is made anew; that is nothing to warn of.
 */
export async function openKnownFiles(dir: string, root: string): Promise<KnownFiles> {
  const path = join(chunkStoresDir(dir), `${rootName(root)}.files.bin`);
  const identity = discoverIdentity();
  const found = await readKept(path, MAX_BYTES).catch(() => undefined) as Partial<Contents> | null | undefined;
  const files = found?.identity === identity && found.files instanceof Map ? found.files : new Map<string, Entry>();
  let changed = false;
  return {
    get(name, stamp, rules) {
      const entry = files.get(name);
      return entry?.stamp === stamp && entry.rules === rules ? entry.file : undefined;
    },
    set(name, stamp, rules, file) {
      files.delete(name);
      files.set(name, { stamp, rules, file });
      changed = true;
    },
    async save() {
      if (!changed) return;
      changed = false;
      await writeKept(path, { identity, files: new Map([...files].slice(-MAX_FILES)) } satisfies Contents).catch(() => undefined);
    },
  };
}

/** `--no-cache`. */
export function noKnownFiles(): KnownFiles {
  return { get: () => undefined, set: () => undefined, save: () => Promise.resolve() };
}
