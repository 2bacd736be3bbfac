import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import type { JsonReport } from '../../src/report/schema.ts';

const bin = fileURLToPath(new URL('../../bin/simcode.js', import.meta.url));
const micro = new URL('../../fixtures/micro/', import.meta.url);
const cache = mkdtempSync(join(tmpdir(), 'simcode-gate-cache-'));
afterAll(() => rmSync(cache, { recursive: true, force: true }));

export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the compiled program in a folder; vectors are shared by the runs of one test file. */
export function simcode(folder: string, ...args: readonly string[]): Run {
  const { status: code, stdout, stderr } = spawnSync(process.execPath, [bin, ...args, '--threads', '1'], {
    cwd: folder, encoding: 'utf8', maxBuffer: 2 ** 28,
    env: { ...process.env, SIMCODE_CACHE_DIR: cache, NO_COLOR: '1', GIT_CONFIG_NOSYSTEM: '1' },
  });
  return { code, stdout, stderr };
}

export type Verdict = NonNullable<JsonReport['verdict']>;

/** `simcode check --json`: exit code and verdict; fails on exit code 2. */
export function check(folder: string, ...args: readonly string[]): Verdict & { readonly code: number | null; readonly warnings: JsonReport['warnings']; readonly fresh: readonly string[] } {
  const { code, stdout, stderr } = simcode(folder, 'check', '--json', ...args);
  if (code === 2) throw new Error(stderr);
  const report = JSON.parse(stdout) as JsonReport;
  if (report.verdict === undefined) throw new Error('no verdict');
  return { ...report.verdict, code, warnings: report.warnings, fresh: (report.verdict.findings ?? []).map(({ member }) => `${member.path}#${member.name}`) };
}

/** A file of `fixtures/micro`, by variant and name. */
export function sample(variant: string, name: string): string {
  return readFileSync(new URL(`${variant}/${name}`, micro), 'utf8');
}

/** Twenty functions, each with a renamed copy beside it: twenty known classes. */
export const names = [
  'card-check.ts', 'deep-merge.ts', 'diff-permissions.ts', 'distance.py', 'duplicate-files.py', 'edit-distance.py', 'env-file.py',
  'expire-sessions.ts', 'fetch-pages.ts', 'flatten.py', 'format-bytes.ts', 'group-orders.ts', 'invoice-total.ts', 'log-levels.py',
  'merge-slots.ts', 'moving-average.py', 'parse-csv.ts', 'parse-duration.ts', 'rate-limit.py', 'render-template.py',
] as const;

/** Functions without a copy. */
export const single = ['retry.ts', 'slugify.ts', 'task-order.ts', 'token-budget.py'] as const;

/** The files of a repository with twenty known classes and four functions besides. */
export function twentyClasses(): Record<string, string> {
  return {
    ...Object.fromEntries(names.map((name) => [`lib/${name}`, sample('base', name)])),
    ...Object.fromEntries(names.map((name) => [`copies/${name}`, sample('type2', name)])),
    ...Object.fromEntries(single.map((name) => [`lib/${name}`, sample('base', name)])),
  };
}
