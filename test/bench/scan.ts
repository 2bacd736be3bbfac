import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CorpusEntry, writeCorpus } from './corpus.ts';
import { BIN, USAGE_HOOK } from './measured.ts';
import { markdown } from './table.ts';

/** The part of the JSON report that is used. */
interface Report {
  readonly summary: {
    readonly files: number; readonly lines: number; readonly chunks: number; readonly embedded: number; readonly cached: number;
    readonly candidates: number; readonly pairs: number; readonly classes: number; readonly index: string;
    readonly seconds: Readonly<Record<string, number>>;
  };
  readonly clusters: readonly { readonly members: readonly { readonly path: string; readonly name: string }[] }[];
}

export interface ScanRow {
  readonly functions: number;
  readonly run: 'cold' | 'warm';
  readonly wall: number;
  readonly cpu: number;
  readonly peakMb: number;
  readonly summary: Report['summary'];
  /** Share of the planted clones of each type that share a class with their original. */
  readonly found: Readonly<Record<string, number>>;
}

/** `simcode scan` on generated corpora, first with an empty cache, then again. */
export function benchScan(sizes: readonly number[]): readonly ScanRow[] {
  return sizes.flatMap((functions) => {
    const dir = mkdtempSync(join(tmpdir(), 'simcode-bench-'));
    try {
      const entries = writeCorpus(join(dir, 'corpus'), functions, 1);
      return (['cold', 'warm'] as const).map((run) => ({ functions, run, ...scan(dir, entries) }));
    } finally {
      rmSync(dir, { recursive: true });
    }
  });
}

export function scanTable(rows: readonly ScanRow[]): string {
  const stages = [...new Set(rows.flatMap(({ summary }) => Object.keys(summary.seconds)))];
  return markdown(
    ['functions', 'run', 'chunks', 'embedded', 'classes', ...stages.map((stage) => `${stage} s`), 'wall s', 'CPU s', 'peak MB', 'found by type 1/2/3/4'],
    rows.map(({ functions, run, summary, wall, cpu, peakMb, found }) => [
      functions, run, summary.chunks, summary.embedded, summary.classes,
      ...stages.map((stage) => (summary.seconds[stage] ?? 0).toFixed(2)), wall.toFixed(2), cpu.toFixed(2), peakMb.toFixed(0),
      ['1', '2', '3', '4'].map((type) => (found[type] ?? 0).toFixed(2)).join(' / '),
    ]),
  );
}

function scan(dir: string, entries: readonly CorpusEntry[]): Omit<ScanRow, 'functions' | 'run'> {
  const usageFile = join(dir, 'usage.json');
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', USAGE_HOOK, BIN, 'scan', '.', '--json'], {
    cwd: join(dir, 'corpus'),
    env: { ...process.env, SIMCODE_CACHE_DIR: join(dir, 'cache'), BENCH_USAGE: usageFile },
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
  });
  const wall = (performance.now() - start) / 1000;
  if (status !== 0) throw new Error(`simcode scan ended with ${status}: ${stderr}`);
  const report = JSON.parse(stdout) as Report;
  const usage = JSON.parse(readFileSync(usageFile, 'utf8')) as NodeJS.ResourceUsage;
  const cpu = (usage.userCPUTime + usage.systemCPUTime) / 1e6;
  return { wall, cpu, peakMb: usage.maxRSS / 2 ** 10, summary: report.summary, found: foundByType(report, entries) };
}

function foundByType({ clusters }: Report, entries: readonly CorpusEntry[]): Readonly<Record<string, number>> {
  const classOf = new Map(clusters.flatMap(({ members }, i) => members.map(({ path, name }) => [`${path}#${name}`, i] as const)));
  const planted = new Map<number, { total: number; found: number }>();
  for (const entry of entries) {
    const original = entry.clone && entries[entry.clone.of];
    if (entry.clone === undefined || original === undefined) continue;
    const tally = planted.get(entry.clone.type) ?? { total: 0, found: 0 };
    const home = classOf.get(`${entry.path}#${entry.name}`);
    tally.total++;
    if (home !== undefined && home === classOf.get(`${original.path}#${original.name}`)) tally.found++;
    planted.set(entry.clone.type, tally);
  }
  return Object.fromEntries([...planted].toSorted(([x], [y]) => x - y).map(([type, { total, found }]) => [type, found / total]));
}
