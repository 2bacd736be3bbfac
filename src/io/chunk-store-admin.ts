import { lstat, readdir, rm, rmdir } from 'node:fs/promises';
import { basename, join } from 'node:path';

import { chunkStoresDir } from './chunk-store.ts';

/** Files and their bytes. */
export interface Extent { readonly files: number; readonly bytes: number }

const CHUNKS = /^[0-9a-f]{16}\.bin$/;
const OURS = /^[0-9a-f]{16}(\.result|\.files|\.pairs)?\.bin(\.[0-9a-f]+\.tmp)?$/;

/** How many roots have their chunks kept, and how many bytes these and what else is kept of them take. */
export async function chunkStoresInfo(dir: string): Promise<Extent> {
  const files = await ownFiles(dir);
  return { ...total(files), files: files.filter(({ path }) => CHUNKS.test(basename(path))).length };
}

/** Removes all chunk stores; only files simcode wrote. Returns what was freed. */
export async function cleanChunkStores(dir: string): Promise<Extent> {
  const files = await ownFiles(dir);
  for (const { path } of files) await rm(path, { force: true });
  // fails while something of somebody else's is in there, and that is right
  await rmdir(chunkStoresDir(dir)).catch(() => undefined);
  return total(files);
}

async function ownFiles(dir: string): Promise<{ readonly path: string; readonly bytes: number }[]> {
  const names = await readdir(chunkStoresDir(dir)).catch(() => []);
  const found = await Promise.all(names.filter((name) => OURS.test(name)).map(async (name) => {
    const path = join(chunkStoresDir(dir), name);
    const info = await lstat(path).catch(() => undefined);
    return info?.isFile() ? [{ path, bytes: info.size }] : [];
  }));
  return found.flat();
}

function total(files: readonly { readonly bytes: number }[]): Extent {
  return { files: files.length, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0) };
}
