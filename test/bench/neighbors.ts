import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createUnionFind } from '../../src/util/union-find.ts';
import type { SearchResult, SearchTask } from './search.ts';
import { markdown } from './table.ts';

const CHILD = fileURLToPath(new URL('search.ts', import.meta.url));
const MB = 2 ** 20;

export interface NeighborsRow extends SearchResult {
  readonly vectors: number;
  readonly index: 'exact' | 'hnsw';
  /** Share of exact's pairs that were found, and share whose rows are at least linked through others. */
  readonly recall: number;
  readonly connected: number;
  /** Whether every pair found is one of exact's, with the same bits. */
  readonly sameBits: boolean;
}

/** Exact against hnsw on generated vectors, each search in a process of its own. */
export function benchNeighbors(sizes: readonly number[], dims: number, floor: number): readonly NeighborsRow[] {
  const dir = mkdtempSync(join(tmpdir(), 'simcode-bench-'));
  try {
    return sizes.flatMap((count) => {
      const exact = search({ index: 'exact', count, dims, floor, pairsFile: join(dir, 'exact') });
      const hnsw = search({ index: 'hnsw', count, dims, floor, pairsFile: join(dir, 'hnsw') });
      return [compare(count, 'exact', exact, exact), compare(count, 'hnsw', hnsw, exact)];
    });
  } finally {
    rmSync(dir, { recursive: true });
  }
}

export function neighborsTable(rows: readonly NeighborsRow[]): string {
  return markdown(
    ['vectors', 'index', 'pairs', 'recall', 'connected', 'same bits', 'wall s', 'CPU s', 'peak MB', 'of it vectors MB', 'longest stall ms'],
    rows.map((row) => [
      row.vectors, row.index, row.pairs, row.recall.toFixed(4), row.connected.toFixed(4), row.sameBits ? 'yes' : 'NO',
      row.wall.toFixed(2), row.cpu.toFixed(2), row.peakMb.toFixed(0), row.baseMb.toFixed(0), row.stallMs.toFixed(0),
    ]),
  );
}

type Found = SearchResult & { readonly triples: Float64Array };

function search(task: SearchTask): Found {
  const output = execFileSync(process.execPath, ['--import', 'tsx', CHILD, JSON.stringify(task)], { encoding: 'utf8', maxBuffer: MB });
  const bytes = readFileSync(task.pairsFile);
  return { ...(JSON.parse(output) as SearchResult), triples: new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)) };
}

function compare(vectors: number, index: 'exact' | 'hnsw', { triples, ...found }: Found, truth: Found): NeighborsRow {
  const cosines = new Map<number, number>();
  const links = createUnionFind(vectors);
  eachPair(triples, (a, b, cosine) => {
    cosines.set(a * vectors + b, cosine);
    links.union(a, b);
  });
  let hit = 0;
  let same = 0;
  let joined = 0;
  eachPair(truth.triples, (a, b, cosine) => {
    const other = cosines.get(a * vectors + b);
    if (other !== undefined) hit++;
    if (other === cosine) same++;
    if (links.find(a) === links.find(b)) joined++;
  });
  const total = Math.max(1, truth.pairs);
  return { vectors, index, ...found, recall: hit / total, connected: joined / total, sameBits: same === found.pairs };
}

function eachPair(triples: Float64Array, visit: (a: number, b: number, cosine: number) => void): void {
  for (let i = 0; i < triples.length; i += 3) visit(triples[i] as number, triples[i + 1] as number, triples[i + 2] as number);
}
