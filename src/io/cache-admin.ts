import { createHash } from 'node:crypto';
import { lstat, readdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { closeSegment, openSegment, SEGMENT_VERSION } from './cache-segment.ts';

/** What all vectors of one store have in common; an `Embedder` is one. */
export interface StoreIdentity {
  readonly id: string;
  readonly revision: string;
  readonly instruction: string;
  readonly dims: number;
}
export interface StoreInfo extends StoreIdentity {
  readonly path: string;
  readonly vectors: number;
  readonly bytes: number;
  readonly lastUsed: Date;
}
export interface CacheInfo { readonly dir: string; readonly bytes: number; readonly stores: readonly StoreInfo[] }

/** Segments are `<name>.vec`; `<name>.vec.tmp` is one being written. Nothing else in the folder is ours. */
export const SEGMENT_FILE = /^[\w-]+\.vec(\.tmp)?$/;

const identity = z.object({ id: z.string(), revision: z.string(), instruction: z.string(), dims: z.int().positive() });

/** Folder of all stores; another file version is another folder, so that two releases can share a cache. */
export function storesDir(dir: string): string {
  return join(dir, `vectors-${SEGMENT_VERSION}`);
}

export function storeDescription({ id, revision, instruction, dims }: StoreIdentity): string {
  return JSON.stringify({ id, revision, instruction, dims });
}

export function storeDir(dir: string, store: StoreIdentity): string {
  const name = store.id.replaceAll(/[^\w.-]+/g, '-').replace(/^\.+/, '').slice(0, 40);
  const hash = createHash('sha256').update(storeDescription(store)).digest('hex').slice(0, 16);
  return join(storesDir(dir), `${name}-${hash}`);
}

/** Stores in a cache folder, most recently used first; empty if there is none. Damaged files are not counted. */
export async function cacheInfo(dir: string): Promise<CacheInfo> {
  const stores: StoreInfo[] = [];
  let bytes = 0;
  for (const folder of await storeFolders(dir)) {
    const files = await segmentFiles(folder.path);
    bytes += files.reduce((sum, file) => sum + file.bytes, 0);
    const store = describe(folder, files);
    if (store) stores.push(store);
  }
  return { dir, bytes, stores: stores.toSorted((a, b) => b.lastUsed.getTime() - a.lastUsed.getTime()) };
}

function describe(folder: Folder, files: readonly SegmentFile[]): StoreInfo | undefined {
  let vectors = 0;
  let bytes = 0;
  let store: StoreIdentity | undefined;
  for (const file of files) {
    try {
      const segment = openSegment(file.path);
      closeSegment(segment);
      store ??= identity.parse(JSON.parse(segment.description));
      vectors += segment.count;
      bytes += segment.bytes;
    } catch {
      // being written, replaced or damaged: the next run that uses the store says so
    }
  }
  return store && { ...store, path: folder.path, vectors, bytes, lastUsed: folder.lastUsed };
}

/** Removes every vector; only files simcode wrote. Returns what was freed. */
export async function cleanCache(dir: string): Promise<{ readonly files: number; readonly bytes: number }> {
  let files = 0;
  let bytes = 0;
  for (const { path } of await storeFolders(dir)) {
    const removed = await removeStore(path);
    files += removed.files;
    bytes += removed.bytes;
  }
  await rmdir(storesDir(dir)).catch(() => undefined);
  return { files, bytes };
}

export async function removeStore(path: string): Promise<{ readonly files: number; readonly bytes: number }> {
  const found = await segmentFiles(path);
  for (const file of found) await rm(file.path, { force: true });
  // fails while something of somebody else's is in there, and that is right
  await rmdir(path).catch(() => undefined);
  return { files: found.length, bytes: found.reduce((sum, file) => sum + file.bytes, 0) };
}

interface Folder { readonly path: string; readonly lastUsed: Date }
interface SegmentFile { readonly path: string; readonly name: string; readonly bytes: number; readonly modified: Date }

/** Stores, least recently used first; links are not followed. */
export async function storeFolders(dir: string): Promise<readonly Folder[]> {
  const folders: Folder[] = [];
  for (const name of await namesIn(storesDir(dir))) {
    const path = join(storesDir(dir), name);
    const info = await lstat(path).catch(() => undefined);
    if (info?.isDirectory()) folders.push({ path, lastUsed: info.mtime });
  }
  return folders.toSorted((a, b) => a.lastUsed.getTime() - b.lastUsed.getTime());
}

export async function segmentFiles(folder: string): Promise<readonly SegmentFile[]> {
  const files: SegmentFile[] = [];
  for (const name of await namesIn(folder)) {
    const path = join(folder, name);
    const info = SEGMENT_FILE.test(name) ? await lstat(path).catch(() => undefined) : undefined;
    if (info?.isFile()) files.push({ path, name, bytes: info.size, modified: info.mtime });
  }
  return files;
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return (await readdir(folder).catch(() => [])).toSorted();
}
