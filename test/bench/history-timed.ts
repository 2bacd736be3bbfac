import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { cacheDir } from '../../src/io/paths.ts';
import { LANGUAGES } from '../../src/util/language-table.ts';
import { listCommits } from './history.ts';
import { measured } from './measured.ts';

/** `simcode check --against` of one commit and its first parent, as a program of its own. */
export interface TimedRow {
  readonly commit: string;
  readonly wall: number;
  readonly cpu: number;
  readonly peakMb: number;
  /** Files that the commit changes. */
  readonly changed: number;
}

/**
 * Times `simcode check --against HEAD^1` at commits spread evenly over the newest ones, oldest first, in a clone with the
 * files that simcode reads. The cache is the user's own, as CI restores it: what a commit brings in is still new to it.
 */
export async function timeChecks(repository: string, commits: number, samples: number): Promise<readonly TimedRow[]> {
  const scratch = mkdtempSync(join(tmpdir(), 'simcode-timed-'));
  const git = (...args: readonly string[]): string => execFileSync('git', args, { cwd: scratch, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  try {
    const list = listCommits(resolve(repository), commits, true).toReversed();
    const chosen = list.filter((_, i) => Math.floor((i * samples) / list.length) !== Math.floor(((i - 1) * samples) / list.length));
    git('clone', '--quiet', '--shared', '--no-checkout', resolve(repository), '.');
    git('sparse-checkout', 'set', '--no-cone', ...LANGUAGES.filter(({ id }) => id !== 'jupyter').flatMap(({ extensions }) => extensions.map((extension) => `*${extension}`)));
    const rows: TimedRow[] = [];
    for (const { commit, parent } of chosen) {
      // the run before on this machine was that of the parent
      for (const [state, base] of [[parent, parent], [commit, parent]] as const) {
        git('checkout', '--quiet', '--detach', state);
        const { wall, cpu, peakMb } = await measured(['check', '--against', base, '--exit-zero', '--quiet', '--json'], scratch, cacheDir());
        if (state === commit) rows.push({ commit, wall, cpu, peakMb, changed: git('diff', '--name-only', parent, commit).trim().split('\n').length });
      }
    }
    return rows;
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

/** Median and largest of what was timed. */
export function timedTable(rows: readonly TimedRow[]): string {
  const at = (values: readonly number[], share: number): string => (values.toSorted((x, y) => x - y)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0).toFixed(2);
  const [wall, cpu] = [rows.map((row) => row.wall), rows.map((row) => row.cpu)];
  return [
    '| commits timed | wall s, median | 90 % | CPU s, median | 90 % | peak MB |', '|---|---|---|---|---|---|',
    `| ${rows.length} | ${at(wall, 0.5)} | ${at(wall, 0.9)} | ${at(cpu, 0.5)} | ${at(cpu, 0.9)} | ${Math.max(0, ...rows.map(({ peakMb }) => peakMb)).toFixed(0)} |`, '',
  ].join('\n');
}
