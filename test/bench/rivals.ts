import { appendFileSync, cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { loopback } from './loopback.ts';
import { BIN } from './measured.ts';
import { markdown } from './table.ts';
import { timed, type Timed } from './timed.ts';

/** What a tool took on a tree: of all its runs the one with the least wall time, so that others on the machine count least. */
export interface RivalRow {
  readonly tree: string;
  readonly run: 'jscpd' | 'jscpd --semantic' | 'simcode cold' | 'simcode warm' | 'simcode, a file changed';
  readonly wall: number;
  readonly cpu: number;
  readonly peakMb: number;
  /** Clones of jscpd, classes of simcode. */
  readonly findings: number;
  readonly lines?: number;
  readonly functions?: number;
  /** Wall time and CPU time in those of jscpd. */
  readonly wallRatio: number;
  readonly cpuRatio: number;
}

/** Most wall time, in jscpd's, that simcode may take. */
const GOALS: Readonly<Partial<Record<RivalRow['run'], number>>> = { 'simcode cold': 12, 'simcode warm': 1.5 };
const REPEATS = 3;
const DIMS = 384;
const LEFT_OUT = /(^|[\\/])(\.git|node_modules)$/;

/**
 * simcode (default options, cold, then warm, then with a file changed) beside jscpd (default options, and once with
 * `--semantic` and vectors that cost nothing, from a server on this machine) on copies of trees, in turns.
 */
export async function benchRivals(paths: readonly string[], jscpd: readonly string[], log: (line: string) => void): Promise<readonly RivalRow[]> {
  const rows: RivalRow[] = [];
  for (const path of paths) rows.push(...await benchTree(resolve(path), jscpd, log));
  return rows;
}

export function rivalsTable(rows: readonly RivalRow[]): string {
  return markdown(['tree', 'run', 'lines', 'functions', 'wall s', 'CPU s', 'peak MB', 'findings', 'wall / jscpd', 'CPU / jscpd', 'goal'], rows.map((row) => {
    const most = GOALS[row.run];
    return [
      row.tree, row.run, row.lines ?? '', row.functions ?? '', row.wall.toFixed(2), row.cpu.toFixed(2), row.peakMb.toFixed(0), row.findings,
      row.wallRatio.toFixed(2), row.cpuRatio.toFixed(2), most === undefined ? '' : `≤ ${most}: ${row.wallRatio <= most ? 'met' : 'MISSED'}`,
    ];
  }));
}

type Run = Timed & { readonly findings: number; readonly lines?: number; readonly functions?: number; readonly files?: readonly string[] };

async function benchTree(path: string, [program = 'npx', ...given]: readonly string[], log: (line: string) => void): Promise<readonly RivalRow[]> {
  const scratch = mkdtempSync(join(tmpdir(), 'simcode-rivals-'));
  const tree = join(scratch, 'tree');
  const server = await loopback(DIMS);
  try {
    cpSync(path, tree, { recursive: true, filter: (from) => !LEFT_OUT.test(from) });
    const rival = async (...flags: readonly string[]): Promise<Run> => {
      const run = await timed(program, [...given, '.', '--silent', ...flags], tree, { XDG_CACHE_HOME: join(scratch, 'jscpd') });
      return { ...run, findings: Number(/Found (\d+)/.exec(run.stdout)?.[1] ?? Number.NaN) };
    };
    const own = (cache: string): Promise<Run> => scan(tree, join(scratch, cache));
    log(`${basename(path)}: jscpd and simcode, cold`);
    const jscpd = [await rival()];
    const semantic = [await rival('--semantic', '--semantic-url', server.url, '--semantic-model', 'bench')];
    const cold = [await own('cache')];
    const warm: Run[] = [];
    const changed: Run[] = [];
    for (let i = 0; i < REPEATS; i++) {
      log(`${basename(path)}: in turns, ${i + 1} of ${REPEATS}`);
      warm.push(await own('cache'));
      jscpd.push(await rival());
      appendFileSync(join(tree, fileOf(cold[0], i)), '\n');
      changed.push(await own('cache'));
    }
    const base = fastest(jscpd);
    return ([['jscpd', jscpd], ['jscpd --semantic', semantic], ['simcode cold', cold], ['simcode warm', warm], ['simcode, a file changed', changed]] as const).map(([run, runs]) => {
      const { stdout: _out, files: _files, ...best } = fastest(runs);
      return { tree: basename(path), run, ...best, wallRatio: best.wall / base.wall, cpuRatio: best.cpu / base.cpu };
    });
  } finally {
    server.close();
    rmSync(scratch, { recursive: true });
  }
}

/** A file with findings, another one each time where there are several. */
function fileOf(run: Run | undefined, turn: number): string {
  const files = run?.files ?? [];
  const file = files[turn % files.length];
  if (file === undefined) throw new RangeError('simcode finds nothing in this tree: give a larger one');
  return file;
}

function fastest(runs: readonly Run[]): Run {
  const [best] = runs.toSorted((a, b) => a.wall - b.wall);
  if (best === undefined) throw new RangeError('no run');
  return best;
}

interface Report {
  readonly summary: { readonly classes: number; readonly lines: number; readonly chunks: number };
  readonly clusters: readonly { readonly members: readonly { readonly path: string }[] }[];
}

async function scan(tree: string, cache: string): Promise<Run> {
  const run = await timed(process.execPath, [BIN, 'scan', '.', '--json', '--quiet'], tree, { SIMCODE_CACHE_DIR: cache });
  const { summary, clusters } = JSON.parse(run.stdout) as Report;
  const files = [...new Set(clusters.flatMap(({ members }) => members.map(({ path }) => path)))];
  return { ...run, findings: summary.classes, lines: summary.lines, functions: summary.chunks, files };
}
