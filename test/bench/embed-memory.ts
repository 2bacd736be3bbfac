import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadModelSpec } from '../../src/io/model.ts';
import { writeCorpus } from './corpus.ts';
import { loopback } from './loopback.ts';
import { measured } from './measured.ts';
import { markdown } from './table.ts';

export interface MemoryRow {
  readonly functions: number;
  readonly where: string;
  readonly embedded: number;
  readonly wall: number;
  readonly embedSeconds: number;
  readonly cpu: number;
  readonly peakMb: number;
  /** Weights that are loaded into the process. */
  readonly modelMb: number;
}

/** What a scan may hold beside the model (issue: models and servers). */
const ALLOWED_MB = 1536;
const DIMS = 1024;

/** Peak memory of the whole scan of `functions` functions, none of them in the cache: on the CPU, then by a server of 1024 dimensions. */
export async function benchEmbedMemory(functions: number, model: string): Promise<readonly MemoryRow[]> {
  const dir = mkdtempSync(join(tmpdir(), 'simcode-bench-'));
  const server = await loopback(DIMS);
  try {
    writeCorpus(dir, functions, 1);
    const { bytes } = await loadModelSpec(model);
    return [
      await run(functions, dir, model, ['--model', model, '--device', 'cpu'], bytes / 2 ** 20),
      await run(functions, dir, `server, ${DIMS} dimensions`, ['--embed-url', server.url], 0),
    ];
  } finally {
    server.close();
    rmSync(dir, { recursive: true });
  }
}

export function memoryTable(rows: readonly MemoryRow[]): string {
  return markdown(['functions', 'model', 'embedded', 'wall s', 'embed s', 'CPU s', 'peak MB', 'model MB', `peak less model, of ${ALLOWED_MB} MB`], rows.map((row) => [
    row.functions, row.where, row.embedded, row.wall.toFixed(1), row.embedSeconds.toFixed(1), row.cpu.toFixed(1), row.peakMb.toFixed(0), row.modelMb.toFixed(0),
    `${(row.peakMb - row.modelMb).toFixed(0)} ${row.peakMb - row.modelMb < ALLOWED_MB ? 'ok' : 'TOO MUCH'}`,
  ]));
}

async function run(functions: number, dir: string, where: string, flags: readonly string[], modelMb: number): Promise<MemoryRow> {
  const { stdout, ...used } = await measured(['scan', '.', '--json', '--no-cache', '--no-git', ...flags], dir);
  const { summary } = JSON.parse(stdout) as { readonly summary: { readonly embedded: number; readonly seconds: { readonly embed?: number } } };
  return { functions, where, modelMb, ...used, embedded: summary.embedded, embedSeconds: summary.seconds.embed ?? 0 };
}
