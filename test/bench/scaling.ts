import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeCorpus } from './corpus.ts';
import { loopback } from './loopback.ts';
import { measured } from './measured.ts';
import type { Series } from './plot.ts';
import { markdown } from './table.ts';

/** `model`: the whole of a cold scan; `server`: vectors that cost nothing, so that all but the model is seen. */
export type VectorSource = 'model' | 'server';

export interface ScalingRow {
  readonly functions: number;
  readonly chunks: number;
  readonly wall: number;
  readonly cpu: number;
  readonly peakMb: number;
  readonly classes: number;
  readonly index: string;
  readonly seconds: Readonly<Record<string, number>>;
}

export interface Scaling {
  readonly vectors: VectorSource;
  readonly rows: readonly ScalingRow[];
  /** y ≈ c · functions^exponent, by least squares of the logarithms. */
  readonly exponents: { readonly wall: number; readonly cpu: number; readonly peakMb: number } & Readonly<Record<string, number>>;
}

const DIMS = 256;

/** Cold scans of generated corpora of several sizes, each in a process of its own with an empty cache. */
export async function benchScaling(sizes: readonly number[], vectors: VectorSource, log: (line: string) => void): Promise<Scaling> {
  const server = vectors === 'server' ? await loopback(DIMS) : undefined;
  try {
    const rows: ScalingRow[] = [];
    for (const functions of sizes) {
      const row = await scanCorpus(functions, server === undefined ? [] : ['--embed-url', server.url]);
      log(`${functions} functions: ${row.wall.toFixed(1)} s, ${row.cpu.toFixed(1)} s of CPU, ${row.peakMb.toFixed(0)} MB`);
      rows.push(row);
    }
    const stages = Object.keys(rows[0]?.seconds ?? {}).filter((stage) => stage !== 'total');
    const exponent = (of: (row: ScalingRow) => number): number => slope(rows.map((row) => [Math.log(row.functions), Math.log(Math.max(1e-3, of(row)))] as const));
    return {
      vectors, rows, exponents: {
        ...Object.fromEntries(stages.map((stage) => [stage, exponent((row) => row.seconds[stage] ?? 0)])),
        wall: exponent((row) => row.wall), cpu: exponent((row) => row.cpu), peakMb: exponent((row) => row.peakMb),
      },
    };
  } finally {
    server?.close();
  }
}

export function scalingTable({ rows, exponents }: Scaling): string {
  const stages = Object.keys(rows[0]?.seconds ?? {}).filter((stage) => stage !== 'total');
  const cells = (values: (name: string) => number | undefined, digits: number): readonly string[] => stages.map((stage) => values(stage)?.toFixed(digits) ?? '');
  return markdown(['functions', 'classes', 'index', ...stages.map((stage) => `${stage} s`), 'wall s', 'CPU s', 'functions / s', 'peak MB'], [
    ...rows.map((row) => [
      row.chunks, row.classes, row.index, ...cells((stage) => row.seconds[stage], 2), row.wall.toFixed(1), row.cpu.toFixed(1), (row.chunks / row.wall).toFixed(0), row.peakMb.toFixed(0),
    ]),
    ['exponent', '', '', ...cells((stage) => exponents[stage], 2), exponents.wall.toFixed(2), exponents.cpu.toFixed(2), '', exponents.peakMb.toFixed(2)],
  ]);
}

/** Wall and CPU seconds and memory by functions, for the plot. */
export function scalingSeries({ rows }: Scaling): readonly Series[] {
  const series = (name: string, of: (row: ScalingRow) => number): Series => ({ name, points: rows.map((row) => ({ x: row.functions, y: of(row) })) });
  return [series('wall, s', (row) => row.wall), series('CPU, s', (row) => row.cpu), series('peak memory, 100 MB', (row) => row.peakMb / 100)];
}

interface Report {
  readonly summary: { readonly chunks: number; readonly classes: number; readonly index: string; readonly seconds: Readonly<Record<string, number>> };
}

async function scanCorpus(functions: number, flags: readonly string[]): Promise<ScalingRow> {
  const dir = mkdtempSync(join(tmpdir(), 'simcode-scaling-'));
  try {
    writeCorpus(dir, functions, 1);
    const { stdout, ...used } = await measured(['scan', '.', '--json', '--quiet', '--no-git', ...flags], dir);
    const { summary: { chunks, classes, index, seconds } } = JSON.parse(stdout) as Report;
    return { functions, chunks, classes, index, seconds, ...used };
  } finally {
    rmSync(dir, { recursive: true });
  }
}

/** Slope of the least-squares line. */
export function slope(points: readonly (readonly [number, number])[]): number {
  const mean = (at: 0 | 1): number => points.reduce((sum, point) => sum + point[at], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  const across = points.reduce((sum, [px]) => sum + (px - x) ** 2, 0);
  return points.reduce((sum, [px, py]) => sum + (px - x) * (py - y), 0) / across;
}
