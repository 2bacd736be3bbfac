import { chunkStored } from './chunk/stored.ts';
import { discoverFiles } from './discover/discover.ts';
import { SimcodeError } from './errors.ts';
import type { EmbeddedFunctions, ScannedTree, ScanOptions, ScanPorts } from './run/ports.ts';
import { findClones, readFunctions } from './pipeline.ts';
import { NEAREST, proposalFloor } from './score/proposal.ts';
import { type Chunk, type CloneClass, type FileSource, type PairKernel, type ScanResult, TokenKind } from './types.ts';
import { memberFingerprint } from './util/fingerprint.ts';
import { kindOf } from './util/tokens.ts';

/** A tree as it was before a change, told by what differs from the tree as it is. */
export interface PastTree {
  /** The older tree's files. */
  readonly files: FileSource;
  /** Paths that may differ between the two trees; all others are the same. */
  readonly changed: ReadonlySet<string>;
}

/**
 * Functions of the older tree, those of changed files also below the size floor (what grew above it is not new), and
 * those of its classes that hold a function which was changed, moved or removed.
 */
export type PastResult = Pick<ScanResult, 'chunks' | 'classes'>;

/** Above this share of a tree, looking at all of it costs no more. */
const MOST = 0.5;
/** Products of two vectors held at once. */
const MAX_PRODUCTS = 2 ** 22;
/** The smallest function that is recognised. */
const SMALLEST = { minLines: 1, minTokens: 12 };

/**
 * What a scan of the older tree would say, as far as a comparison with the newer one needs it: only changed files are
 * read, and only changed functions, their neighbours and the classes of both are looked at.
 */
export async function scanPast(
  ports: PastPorts, options: ScanOptions, head: ScannedTree, past: PastTree,
): Promise<PastResult> {
  if (past.changed.size === 0) return { chunks: head.result.chunks, classes: head.result.classes };
  const same = (chunk: Chunk): boolean => !past.changed.has(chunk.path);
  const files = onlyChanged(past);
  const old = await readOld(ports, options, files);
  const small = await readSmall(ports, options, files, new Set(old.chunks.map(({ id }) => id)));
  const changed = head.result.chunks.filter((chunk) => !same(chunk));
  const gone = notIn(old.chunks, changed);
  const chunks = [...head.result.chunks.filter(same), ...old.chunks, ...small];
  if (gone.size === 0) return { chunks, classes: [] };
  const functions = await head.functions();
  const all = joined(functions, same, old);
  const near = await neighborsOf(gone, all, ports.kernel, proposalFloor(ports.calibration));
  const wanted = withClassmates(new Set([...near, ...sameShape(gone, all.chunks)]), head.result.classes, new Set(changed.map(({ id }) => id)));
  const some = wanted.size > MOST * all.chunks.length ? all : only(all, wanted);
  const { classes } = await findClones(ports, { ...functions, ...some, warnings: [] }, options);
  return { chunks, classes: classes.filter(({ members }) => members.some((id) => gone.has(id))) };
}

type Functions = Pick<EmbeddedFunctions, 'chunks' | 'matrix'>;
type PastPorts = Omit<ScanPorts, 'files'>;

function onlyChanged({ files, changed }: PastTree): FileSource {
  return {
    list: async () => {
      const listing = await files.list();
      return { ...listing, paths: listing.paths.filter((path) => changed.has(path)) };
    },
    read: (path, most) => files.read(path, most),
  };
}

async function readOld(ports: PastPorts, options: ScanOptions, files: FileSource): Promise<Functions> {
  try {
    return await readFunctions({ ...ports, files }, options);
  } catch (error) {
    if (!(error instanceof SimcodeError) || error.code !== 'nothing-analysed') throw error;
    return { chunks: [], matrix: { dims: ports.embedder.dims, rows: new Float32Array(), chunkIds: [] } };
  }
}

/** Functions besides those that are known already, without vectors. */
async function readSmall({ chunker, chunkStore }: PastPorts, options: ScanOptions, files: FileSource, known: ReadonlySet<string>): Promise<readonly Chunk[]> {
  const chunks: Chunk[] = [];
  try {
    for await (const file of discoverFiles(files, options.discover)) {
      const read = await chunkStored(file, chunker, { ...SMALLEST, text: false }, chunkStore);
      chunks.push(...read.chunks.filter(({ id }) => !known.has(id)));
    }
  } finally {
    await chunker.close();
  }
  return chunks;
}

/** Ids of old functions that are not among the current ones: by path, name and code, each current one at most once. */
function notIn(old: readonly Chunk[], current: readonly Chunk[]): ReadonlySet<string> {
  const left = new Map<string, number>();
  for (const chunk of current) left.set(memberFingerprint(chunk), (left.get(memberFingerprint(chunk)) ?? 0) + 1);
  return new Set(old.flatMap((chunk) => {
    const key = memberFingerprint(chunk);
    const count = left.get(key) ?? 0;
    left.set(key, count - 1);
    return count > 0 ? [] : [chunk.id];
  }));
}

function joined(head: Functions, same: (chunk: Chunk) => boolean, old: Functions): Functions {
  const kept = only(head, new Set(head.chunks.filter(same).map(({ id }) => id)));
  const rows = new Float32Array(kept.matrix.rows.length + old.matrix.rows.length);
  rows.set(kept.matrix.rows);
  rows.set(old.matrix.rows, kept.matrix.rows.length);
  return { chunks: [...kept.chunks, ...old.chunks], matrix: { ...kept.matrix, rows, chunkIds: [...kept.matrix.chunkIds, ...old.matrix.chunkIds] } };
}

function only({ chunks, matrix: { dims, rows, chunkIds } }: Functions, ids: ReadonlySet<string>): Functions {
  const at = chunkIds.flatMap((id, row) => (ids.has(id) ? [row] : []));
  const chosen = new Float32Array(at.length * dims);
  for (const [i, row] of at.entries()) chosen.set(rows.subarray(row * dims, (row + 1) * dims), i * dims);
  return { chunks: chunks.filter(({ id }) => ids.has(id)), matrix: { dims, rows: chosen, chunkIds: at.map((row) => chunkIds[row] ?? '') } };
}

/** Some functions and the nearest of each. */
async function neighborsOf(ids: ReadonlySet<string>, all: Functions, kernel: PairKernel, floor: number): Promise<ReadonlySet<string>> {
  const { dims, rows: vectors, chunkIds } = all.matrix;
  const queries = only(all, ids).matrix.rows;
  const step = dims * Math.max(1, Math.floor(MAX_PRODUCTS / chunkIds.length));
  const found = new Set(ids);
  for (let start = 0; start < queries.length; start += step) {
    const { rows, cols, cosines } = await kernel.pairsAbove(queries.subarray(start, start + step), vectors, dims, floor);
    const hits = [...rows].map((row, hit) => ({ row, col: cols[hit] ?? 0, cosine: cosines[hit] ?? 0 })).toSorted((x, y) => x.row - y.row || y.cosine - x.cosine);
    for (const [i, { row, col }] of hits.entries()) if (hits[i - 2 * NEAREST]?.row !== row) found.add(chunkIds[col] ?? '');
  }
  return found;
}

/** Functions that are like one of some but for names and literals, however unlike the model finds them. */
function sameShape(ids: ReadonlySet<string>, chunks: readonly Chunk[]): readonly string[] {
  const shapes = new Set(chunks.filter(({ id }) => ids.has(id)).map(shapeOf));
  return chunks.filter((chunk) => shapes.has(shapeOf(chunk))).map(({ id }) => id);
}

function shapeOf({ tokens }: Chunk): string {
  const blind = tokens.map((token) => (kindOf(token) >= TokenKind.identifier ? kindOf(token) : token));
  return Buffer.from(blind.buffer, blind.byteOffset, blind.byteLength).toString('latin1');
}

/** Adds whatever shares a class with one of them, or with a function that was changed. */
function withClassmates(ids: ReadonlySet<string>, classes: readonly CloneClass[], changed: ReadonlySet<string>): ReadonlySet<string> {
  const mates = classes.filter(({ members }) => members.some((id) => ids.has(id) || changed.has(id))).flatMap(({ members }) => members);
  return new Set([...ids, ...mates]);
}
