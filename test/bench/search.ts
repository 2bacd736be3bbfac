/** Child process of `neighbors.ts`: one search, so that its peak memory is its own. */
import { writeFileSync } from 'node:fs';
import { createHnsw } from '../../src/io/hnsw.ts';
import { createPairKernel } from '../../src/io/pair-kernel.ts';
import { findNeighbors } from '../../src/neighbors/neighbors.ts';
import { generateVectors } from './vectors.ts';

export interface SearchTask {
  readonly index: 'exact' | 'hnsw';
  readonly count: number;
  readonly dims: number;
  readonly floor: number;
  /** Gets the pairs: three doubles each. */
  readonly pairsFile: string;
}

export interface SearchResult {
  readonly pairs: number;
  readonly groups: number;
  readonly wall: number;
  readonly cpu: number;
  /** MB of the process: with the vectors, and at its peak. */
  readonly baseMb: number;
  readonly peakMb: number;
  /** Longest time the event loop was held, in ms. */
  readonly stallMs: number;
}

async function measure({ index, count, dims, floor, pairsFile }: SearchTask): Promise<SearchResult> {
  const matrix = generateVectors(count, dims, 1);
  const baseMb = process.memoryUsage().rss / 2 ** 20;
  const stall = watchStalls();
  const cpuStart = process.cpuUsage();
  const start = performance.now();
  const kernel = await createPairKernel();
  const { neighbors, groups } = await findNeighbors(matrix, { index, floor }, kernel, createHnsw);
  const wall = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpuStart);
  const stallMs = stall();
  const peakMb = process.resourceUsage().maxRSS / 2 ** 10;
  await kernel.close();
  writeFileSync(pairsFile, Float64Array.from(neighbors.flatMap(({ a, b, cosine }) => [a, b, cosine])));
  return { pairs: neighbors.length, groups: groups.length, wall, cpu: (user + system) / 1e6, baseMb, peakMb, stallMs };
}

function watchStalls(): () => number {
  let last = performance.now();
  let longest = 0;
  const tick = (): void => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  };
  const timer = setInterval(tick, 1);
  return () => {
    tick();
    clearInterval(timer);
    return longest;
  };
}

process.stdout.write(JSON.stringify(await measure(JSON.parse(process.argv[2] ?? '') as SearchTask)));
