import { measured } from './measured.ts';
import { markdown } from './table.ts';

export interface CostRow {
  readonly functions: number;
  readonly candidates: number;
  readonly seconds: Readonly<Record<string, number>>;
  readonly wall: number;
  readonly cpu: number;
  readonly peakMb: number;
}

/** A cold scan of a tree by the built program: what each stage takes, and verification as a share of embedding. */
export async function benchCost(path: string): Promise<CostRow> {
  const { stdout, wall, cpu, peakMb } = await measured(['scan', '.', '--json'], path);
  const { summary } = JSON.parse(stdout) as { readonly summary: { readonly chunks: number; readonly candidates: number; readonly seconds: Readonly<Record<string, number>> } };
  return { functions: summary.chunks, candidates: summary.candidates, seconds: summary.seconds, wall, cpu, peakMb };
}

export function costTable(row: CostRow): string {
  const { embed = 0, score = 0, cluster = 0 } = row.seconds;
  const stages = Object.keys(row.seconds);
  return markdown(['functions', 'candidates', ...stages.map((stage) => `${stage} s`), 'CPU s', 'peak MB', '(score + cluster) / embed'], [[
    row.functions, row.candidates, ...stages.map((stage) => (row.seconds[stage] ?? 0).toFixed(2)), row.cpu.toFixed(1), row.peakMb.toFixed(0),
    `${((100 * (score + cluster)) / Math.max(embed, 0.001)).toFixed(1)} %`,
  ]]);
}
