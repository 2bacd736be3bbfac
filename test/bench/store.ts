import { openStore } from '../../src/cli/stores.ts';
import { createPairKernel } from '../../src/io/pair-kernel.ts';
import { buildPacks } from '../../src/store/build.ts';
import { loadRepositories, type Loaded } from '../../src/store/load.ts';
import type { RepositoryInfo, VectorStore } from '../../src/store/port.ts';
import { toyChunk } from '../helpers/toy-chunk.ts';
import { markdown } from './table.ts';
import { generateVectors } from './vectors.ts';

/** As many as a scan asks for. */
const NEAREST = 24;
const REPOSITORIES = 8;
const BATCH = 256;
const TILE = 1024;

export interface StoreOptions {
  readonly where: string;
  readonly vectors: number;
  readonly dims: number;
  readonly floor: number;
  /** Vectors whose neighbours are searched. */
  readonly sample: number;
  readonly log: (line: string) => void;
}

export interface StoreRow { readonly phase: string; readonly seconds: number; readonly result: string }

/** Each phase can be run by itself, so that whatever is to be survived can happen in or between them. */
export const PHASES = ['insert', 'verify', 'search'] as const;
export type Phase = (typeof PHASES)[number];

/** Writes generated functions into a store as eight repositories, reads all back, and searches: what is lost, and how much of what is near is found. */
export async function benchStore(phases: readonly Phase[], options: StoreOptions): Promise<readonly StoreRow[]> {
  const store = await openStore(options.where);
  const rows: StoreRow[] = [];
  try {
    for (const phase of phases) {
      const start = performance.now();
      const result = await { insert, verify, search }[phase](store, options);
      rows.push({ phase, seconds: (performance.now() - start) / 1000, result });
      options.log(`${phase}: ${((performance.now() - start) / 1000).toFixed(1)} s: ${result}`);
      for (const { code, message } of await store.check()) options.log(`${code}: ${message}`);
    }
  } finally {
    await store.close();
  }
  return rows;
}

export function storeTable(rows: readonly StoreRow[]): string {
  return markdown(['phase', 'wall s', 'result'], rows.map(({ phase, seconds, result }) => [phase, seconds.toFixed(1), result]));
}

async function insert(store: VectorStore, { vectors, dims, log }: StoreOptions): Promise<string> {
  const { rows } = generateVectors(vectors, dims, 1);
  const share = Math.ceil(vectors / REPOSITORIES);
  for (let i = 0; i < REPOSITORIES; i++) {
    const [from, to] = [i * share, Math.min(vectors, (i + 1) * share)];
    const chunks = Array.from({ length: to - from }, (_, at) => toyChunk(`function f${from + at}(a) { return a + ${from + at}; }`, { path: `src/${at % 100}.ts`, at }));
    const start = performance.now();
    await store.put(infoOf(i, to - from, dims), buildPacks(chunks, { dims, rows: rows.subarray(from * dims, to * dims), chunkIds: chunks.map(({ id }) => id) }));
    log(`  r${i}: ${to - from} functions in ${((performance.now() - start) / 1000).toFixed(1)} s`);
  }
  const start = performance.now();
  await store.settle();
  log(`  settled in ${((performance.now() - start) / 1000).toFixed(1)} s`);
  return `${vectors} functions in ${REPOSITORIES} repositories`;
}

function infoOf(i: number, functions: number, dims: number): RepositoryInfo {
  return { name: `r${i}`, tool: '0.0.0', model: { id: 'bench', revision: '1', dims, instruction: '' }, functions, files: 100, lines: functions };
}

async function load(store: VectorStore, dims: number): Promise<Loaded> {
  return loadRepositories(store, [], infoOf(0, 0, dims).model);
}

async function verify(store: VectorStore, { vectors, dims }: StoreOptions): Promise<string> {
  const { chunks, repositories } = await load(store, dims);
  const names = new Set(chunks.map(({ name }) => name));
  const share = Math.ceil(vectors / REPOSITORIES);
  let lost = 0;
  for (let i = 0; i < vectors; i++) if (repositories.some(({ name }) => name === `r${Math.floor(i / share)}`) && !names.has(`f${i}`)) lost++;
  return `${repositories.length} repositories, each complete: ${chunks.length} functions, ${lost} lost`;
}

async function search(store: VectorStore, { dims, floor, sample }: StoreOptions): Promise<string> {
  if (store.search === undefined) return 'the store has no search of its own';
  const { matrix, vectorIds } = await load(store, dims);
  const firsts = [...new Map(vectorIds.map((id, row) => [id, row] as const).toReversed()).values()].toReversed();
  const rowOf = new Map(firsts.map((row) => [vectorIds[row] ?? '', row] as const));
  const vector = (row: number): Float32Array => matrix.rows.subarray(row * dims, (row + 1) * dims);
  const queries = firsts.slice(0, sample);
  const truth = await nearest(firsts.map(vector), queries.length, dims, floor);
  const start = performance.now();
  let [found, wanted, selves] = [0, 0, 0];
  for (let from = 0; from < queries.length; from += BATCH) {
    const batch = queries.slice(from, from + BATCH);
    const hits = await store.search.nearest(batch.map((row) => ({ id: vectorIds[row] ?? '', values: vector(row) })), NEAREST + 1, true);
    for (const [i, row] of batch.entries()) {
      const cosines = truth[from + i] ?? [];
      const least = (cosines.at(-1) ?? 1) - 1e-4;
      const own = hits[i] ?? [];
      if (own.some(({ id }) => id === vectorIds[row])) selves++;
      wanted += cosines.length;
      found += Math.min(cosines.length, own.filter(({ id }) => id !== vectorIds[row] && dot(vector(row), vector(rowOf.get(id) ?? row)) >= least).length);
    }
  }
  const seconds = (performance.now() - start) / 1000;
  return `recall ${(found / Math.max(1, wanted)).toFixed(4)} of ${wanted} neighbours (cosine ≥ ${floor}, ${NEAREST} nearest), ${selves} of ${queries.length} found themselves, ${((seconds * 1000) / queries.length).toFixed(2)} ms a query, ${firsts.length} distinct vectors`;
}

/** Cosines of the nearest others above the floor, for the first vectors, by the complete product. */
async function nearest(vectors: readonly Float32Array[], queries: number, dims: number, floor: number): Promise<number[][]> {
  const kernel = await createPairKernel();
  const found = Array.from({ length: queries }, (): number[] => []);
  const tile = (from: number, to: number): Float32Array => {
    const rows = new Float32Array((to - from) * dims);
    for (let i = from; i < to; i++) rows.set(vectors[i] ?? [], (i - from) * dims);
    return rows;
  };
  for (let left = 0; left < vectors.length; left += TILE) {
    const others = tile(left, Math.min(vectors.length, left + TILE));
    for (let top = 0; top < queries; top += TILE) {
      const { rows, cols, cosines } = await kernel.pairsAbove(tile(top, Math.min(queries, top + TILE)), others, dims, floor);
      for (const [at, row] of rows.entries()) if (top + row !== left + (cols[at] ?? 0)) found[top + row]?.push(cosines[at] ?? 0);
    }
  }
  await kernel.close();
  return found.map((list) => list.toSorted((x, y) => y - x).slice(0, NEAREST));
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}
