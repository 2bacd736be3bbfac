import { openStore } from '../../src/cli/stores.ts';
import { buildPacks } from '../../src/store/build.ts';
import { loadRepositories } from '../../src/store/load.ts';
import type { RepositoryInfo, VectorStore } from '../../src/store/port.ts';
import { toyChunk } from '../helpers/toy-chunk.ts';
import { searchStore, type SearchOptions } from './store-search.ts';
import { markdown } from './table.ts';
import { generateVectors } from './vectors.ts';

const REPOSITORIES = 8;

export interface StoreOptions extends SearchOptions {
  readonly where: string;
  readonly vectors: number;
  readonly dims: number;
  readonly log: (line: string) => void;
  /** Called as a phase goes on, with the share that is done; the inserting one is behind by what is under way. */
  readonly onShare?: (share: number) => void;
}

export interface StoreRow { readonly phase: string; readonly seconds: number; readonly clientCpu: number; readonly result: string }

/** Each phase can be run by itself, so that whatever is to be survived can happen in or between them. */
export const PHASES = ['insert', 'verify', 'search'] as const;
export type Phase = (typeof PHASES)[number];

/** Writes generated functions into a store as eight repositories, reads all back, and searches: what is lost, and how much of what is near is found. */
export async function benchStore(phases: readonly Phase[], options: StoreOptions): Promise<readonly StoreRow[]> {
  const store = await openStore(options.where);
  try {
    const rows: StoreRow[] = [];
    for (const phase of phases) rows.push(await benchPhase(store, phase, options));
    return rows;
  } finally {
    await store.close();
  }
}

export async function benchPhase(store: VectorStore, phase: Phase, options: StoreOptions): Promise<StoreRow> {
  const start = performance.now();
  const before = process.cpuUsage();
  const result = await { insert, verify, search }[phase](store, options);
  const { user, system } = process.cpuUsage(before);
  const row = { phase, seconds: (performance.now() - start) / 1000, clientCpu: (user + system) / 1e6, result };
  options.log(`${phase}: ${row.seconds.toFixed(1)} s: ${result}`);
  for (const { code, message } of await store.check()) options.log(`${code}: ${message}`);
  return row;
}

export function storeTable(rows: readonly StoreRow[]): string {
  return markdown(['phase', 'wall s', 'client CPU s', 'result'], rows.map(({ phase, seconds, clientCpu, result }) => [phase, seconds.toFixed(1), clientCpu.toFixed(1), result]));
}

async function insert(store: VectorStore, { vectors, dims, log, onShare = () => {} }: StoreOptions): Promise<string> {
  const { rows } = generateVectors(vectors, dims, 1);
  const share = Math.ceil(vectors / REPOSITORIES);
  for (let i = 0; i < REPOSITORIES; i++) {
    const [from, to] = [i * share, Math.min(vectors, (i + 1) * share)];
    const chunks = Array.from({ length: to - from }, (_, at) => toyChunk(`function f${from + at}(a) { return a + ${from + at}; }`, { path: `src/${at % 100}.ts`, at }));
    const start = performance.now();
    await store.put(infoOf(i, to - from, dims), buildPacks(chunks, { dims, rows: rows.subarray(from * dims, to * dims), chunkIds: chunks.map(({ id }) => id) }), (done) => { onShare((from + done) / vectors); });
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

async function verify(store: VectorStore, { vectors, dims, onShare = () => {} }: StoreOptions): Promise<string> {
  let read = 0;
  const watched: VectorStore = {
    ...store,
    async *packs(name) {
      yield* store.packs(name);
      onShare(++read / REPOSITORIES);
    },
  };
  const { chunks, repositories } = await loadRepositories(watched, [], infoOf(0, 0, dims).model);
  const names = new Set(chunks.map(({ name }) => name));
  const share = Math.ceil(vectors / REPOSITORIES);
  let lost = 0;
  for (let i = 0; i < vectors; i++) if (repositories.some(({ name }) => name === `r${Math.floor(i / share)}`) && !names.has(`f${i}`)) lost++;
  return `${repositories.length} repositories, each complete: ${chunks.length} functions, ${lost} lost`;
}

function search(store: VectorStore, options: StoreOptions): Promise<string> {
  return searchStore(store, infoOf(0, 0, options.dims).model, options);
}
