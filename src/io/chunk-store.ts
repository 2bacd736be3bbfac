import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, open, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';

import type { ChunkStore, StoredFile, Warning } from '../types.ts';
import { version } from '../version.ts';
import { replaceFile } from './replace-file.ts';

/** Files kept of one root; beyond it those not used for longest go. */
const MAX_FILES = 50_000;
/** A larger store is not read. */
const MAX_BYTES = 512 * 1024 ** 2;
const DIGEST_BYTES = 32;

/** Folder of all chunk stores, one file a root. */
export const chunkStoresDir = (dir: string): string => join(dir, 'chunks-1');

interface Contents { readonly identity: string; readonly files: Map<string, StoredFile> }

/**
 * What the files of a root gave when they were last chunked: one checksummed file, written whole, last writer wins (what
 * is lost is parsed again). A damaged file, or one of another version of the chunker or the grammars, is made anew.
 */
export async function openChunkStore(dir: string, root: string): Promise<ChunkStore> {
  const path = join(chunkStoresDir(dir), `${createHash('sha256').update(root).digest('hex').slice(0, 16)}.bin`);
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
  const none = (message?: string) => ({
    files: new Map<string, StoredFile>(), warnings: message === undefined ? [] : [{ code: 'cache-corrupt', message: `${message}; parsing everything again` }],
  });
  const size = await stat(path).then((found) => (found.isFile() ? found.size : -1), () => 0);
  if (size === 0) return none();
  if (size < 0 || size > MAX_BYTES) return none(`${path} is no chunk store`);
  try {
    const bytes = await readFile(path);
    const payload = bytes.subarray(DIGEST_BYTES);
    if (!createHash('sha256').update(payload).digest().equals(bytes.subarray(0, DIGEST_BYTES))) return none(`${path} is damaged`);
    const contents = deserialize(payload) as Partial<Contents> | null;
    return contents?.identity === identity && contents.files instanceof Map ? { files: contents.files, warnings: [] } : none();
  } catch (error) {
    return none(`${path} cannot be read (${error instanceof Error ? error.message : String(error)})`);
  }
}

async function write(path: string, contents: Contents): Promise<readonly Warning[]> {
  try {
    await mkdir(join(path, '..'), { recursive: true, mode: 0o700 });
    const payload = serialize(contents);
    await replaceFile(path, async (temporary) => {
      const handle = await open(temporary, 'wx', 0o600);
      try {
        await handle.writeFile(createHash('sha256').update(payload).digest());
        await handle.writeFile(payload);
        await handle.sync();
      } finally {
        await handle.close();
      }
    });
    return [];
  } catch (error) {
    return [{ code: 'cache-unwritable', message: `Chunks are not kept for the next run: ${error instanceof Error ? error.message : String(error)}` }];
  }
}

/** Hash of all that chunks depend on besides the file: this version, the chunker's code and the grammars. */
function chunkerIdentity(): string {
  const hash = createHash('sha256').update(version);
  for (const folder of ['../chunk', '../util']) {
    const directory = join(import.meta.dirname, folder);
    for (const name of readdirSync(directory).filter((file) => /\.[jt]s$/.test(file) && !file.endsWith('.d.ts')).toSorted()) {
      hash.update(name).update(readFileSync(join(directory, name)));
    }
  }
  const grammars = join(import.meta.dirname, '../../grammars');
  hash.update(readFileSync(join(grammars, 'manifest.json')));
  for (const language of readdirSync(grammars, { withFileTypes: true })) {
    if (language.isDirectory()) hash.update(readFileSync(join(grammars, language.name, 'language.json')));
  }
  return hash.digest('hex');
}
