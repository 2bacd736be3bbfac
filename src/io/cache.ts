/**
 * Vectors by key, kept in immutable segment files (`cache-segment.ts`), one folder a store. A save adds a segment, so
 * processes never write over each other; small segments are merged now and then, and a file is removed only after
 * everything in it is in another one. No locks: what two processes may do at worst is write a vector twice.
 */
import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { mkdir, rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { VectorCache, Warning } from '../types.ts';
import { removeStore, SEGMENT_FILE, segmentFiles, storeDescription, storeDir, storeFolders, type StoreIdentity } from './cache-admin.ts';
import { planMerge } from './cache-merge.ts';
import { closeSegment, dayAt, dropRows, findKey, keyAt, openSegment, readRow, writeSegment, type Segment } from './cache-segment.ts';

export { cacheInfo, cleanCache } from './cache-admin.ts';

export interface VectorCacheOptions {
  /** All stores together; beyond it the least recently used vectors go. Default 1 GiB. */
  readonly maxBytes?: number;
  /** Days since 1970. */
  readonly today?: number;
}

const DAY_MS = 86_400_000;
/** A vector in use is stamped anew at most this often, since that rewrites its file. */
const STAMP_DAYS = 7;
/** A temporary file this old has lost its writer. */
const ABANDONED_MS = 3_600_000;

interface State {
  readonly dir: string;
  readonly folder: string;
  readonly description: string;
  readonly dims: number;
  readonly maxBytes: number;
  readonly today: number;
  readonly pending: Map<string, Float32Array>;
  readonly warnings: Map<string, Warning>;
  /** Files found damaged or foreign, to be removed by the next save. */
  readonly rejected: Set<string>;
  segments: Segment[] | undefined;
  /** Some vector that was used wants a new stamp, or some row is damaged. */
  stale: boolean;
}

/**
 * The store of one (model, revision, instruction, dims) below `dir`; nothing is read before the first `get`.
 * `save` never rejects: it returns all warnings since the cache was opened (`cache-corrupt`, `cache-unwritable`).
 */
export function openVectorCache(dir: string, store: StoreIdentity, options: VectorCacheOptions = {}): VectorCache {
  const state: State = {
    dir, folder: storeDir(dir, store), description: storeDescription(store), dims: store.dims,
    maxBytes: options.maxBytes ?? 2 ** 30, today: options.today ?? Math.floor(Date.now() / DAY_MS),
    pending: new Map(), warnings: new Map(), rejected: new Set(), segments: undefined, stale: false,
  };
  let saving = Promise.resolve();
  return {
    get: (key) => state.pending.get(key) ?? lookUp(state, key),
    set(key, vector) {
      if (vector.length === store.dims) state.pending.set(key, vector);
    },
    async save() {
      saving = saving.then(() => save(state)).catch((error: unknown) => warn(state, 'cache-unwritable', error));
      await saving;
      for (const segment of state.segments ?? []) dropRows(segment);
      return [...state.warnings.values()];
    },
  };
}

/** `--no-cache`: knows nothing, keeps nothing. */
export function noCache(): VectorCache {
  return { get: () => undefined, set: () => {}, save: () => Promise.resolve([]) };
}

function lookUp(state: State, key: string): Float32Array | undefined {
  state.segments ??= openAll(state);
  const bytes = Buffer.from(key, 'hex');
  if (bytes.length !== 32) return undefined;
  for (const segment of state.segments) {
    const row = findKey(segment, bytes);
    if (row < 0) continue;
    const vector = readRow(segment, row);
    if (vector) {
      segment.used[row] = 1;
      if (dayAt(segment, row) + STAMP_DAYS < state.today) state.stale = true;
      return vector;
    }
    state.stale = true;
    corrupt(state, segment.path, 'a vector in it is damaged');
  }
  return undefined;
}

/** Opens every segment. One that another process merged away meanwhile is found in its new file by looking again. */
function openAll(state: State, known: readonly Segment[] = []): Segment[] {
  const open = new Map(known.map((segment) => [segment.path, segment]));
  let names: readonly string[] = [];
  for (let attempt = 0, gone = true; gone && attempt < 5; attempt++) {
    gone = false;
    names = segmentNames(state);
    for (const path of names.map((name) => join(state.folder, name))) {
      if (!open.has(path) && !state.rejected.has(path)) gone = tryOpen(state, path, open) || gone;
    }
  }
  const present = new Set(names.map((name) => join(state.folder, name)));
  for (const segment of open.values()) if (!present.has(segment.path)) closeSegment(segment);
  return [...open.values()].filter(({ path }) => present.has(path));
}

/** @returns true if the file is no longer there */
function tryOpen(state: State, path: string, open: Map<string, Segment>): boolean {
  try {
    const segment = openSegment(path);
    if (segment.description === state.description && segment.dims === state.dims) {
      open.set(path, segment);
      return false;
    }
    closeSegment(segment);
    throw new Error('it belongs to another model');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return true;
    state.rejected.add(path);
    corrupt(state, path, error instanceof Error ? error.message : String(error));
    return false;
  }
}

function segmentNames(state: State): readonly string[] {
  try {
    return readdirSync(state.folder).filter((name) => SEGMENT_FILE.test(name) && name.endsWith('.vec')).toSorted();
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') warn(state, 'cache-unreadable', error);
    return [];
  }
}

async function save(state: State): Promise<void> {
  const { folder } = state;
  for (const path of state.rejected) await rm(path, { force: true }).catch(() => undefined);
  state.rejected.clear();
  if (state.pending.size > 0) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const added = [...state.pending].toSorted(([a], [b]) => (a < b ? -1 : 1));
    await writeSegment(newPath(state), state, added.map(([key, vector]) => (
      { key: Buffer.from(key, 'hex'), day: state.today, load: () => vector })));
    for (const [key] of added) state.pending.delete(key);
    state.segments = openAll(state, state.segments);
  }
  const now = new Date();
  await utimes(folder, now, now).catch(() => undefined);
  if (state.segments && state.segments.length > 0) await tidy(state);
}

async function tidy(state: State): Promise<void> {
  await removeAbandoned(state.folder);
  const room = await evictStores(state);
  const segments = state.segments ?? [];
  const plan = planMerge(segments, { maxBytes: room, stamp: state.stale, today: state.today });
  if (!plan) return;
  await writeSegment(newPath(state), state, plan.entries.map(({ segment, row, day }) => (
    { key: keyAt(segment, row), day, load: () => readRow(segment, row) })));
  state.stale = false;
  state.segments = segments.filter((segment) => !plan.merged.includes(segment));
  for (const segment of plan.merged) {
    closeSegment(segment);
    await rm(segment.path, { force: true });
  }
  state.segments = openAll(state, state.segments);
}

/** Other stores go, least recently used first, while all together are over the limit. @returns bytes left for this one */
async function evictStores(state: State): Promise<number> {
  let others = 0;
  const sizes: { path: string; bytes: number }[] = [];
  for (const { path } of await storeFolders(state.dir)) {
    if (path === state.folder) continue;
    const bytes = (await segmentFiles(path)).reduce((sum, file) => sum + file.bytes, 0);
    sizes.push({ path, bytes });
    others += bytes;
  }
  const own = (state.segments ?? []).reduce((sum, segment) => sum + segment.bytes, 0);
  for (const { path, bytes } of sizes) {
    if (own + others <= state.maxBytes) break;
    await removeStore(path);
    others -= bytes;
  }
  return state.maxBytes - others;
}

async function removeAbandoned(folder: string): Promise<void> {
  for (const file of await segmentFiles(folder)) {
    if (file.name.endsWith('.tmp') && Date.now() - file.modified.getTime() > ABANDONED_MS) await rm(file.path, { force: true });
  }
}

function newPath(state: State): string {
  return join(state.folder, `${Date.now().toString(36)}-${randomBytes(6).toString('hex')}.vec`);
}

function corrupt(state: State, path: string, reason: string): void {
  const message = `Vector cache file ${path} cannot be used: ${reason}. It is made anew.`;
  state.warnings.set(message, { code: 'cache-corrupt', message });
}

function warn(state: State, code: 'cache-unwritable' | 'cache-unreadable', error: unknown): void {
  const reason = error instanceof Error ? error.message : String(error);
  const message = `The vector cache in ${state.dir} ${code === 'cache-unwritable' ? 'was not written' : 'cannot be read'} (${reason}).`;
  state.warnings.set(message, { code, message });
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
