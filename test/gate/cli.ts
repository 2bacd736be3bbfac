import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, vi } from 'vitest';
import { main } from '../../src/cli/main.ts';
import type { JsonReport } from '../../src/report/schema.ts';

const micro = new URL('../../fixtures/micro/', import.meta.url);
const cache = mkdtempSync(join(tmpdir(), 'simcode-gate-cache-'));
for (const name of Object.keys(process.env)) if (name.startsWith('SIMCODE_')) delete process.env[name];
process.env['SIMCODE_CACHE_DIR'] = cache;
process.env['NO_COLOR'] = '1';
// each test is many runs; a busy machine takes its time
vi.setConfig({ testTimeout: 300_000 });
afterAll(() => rmSync(cache, { recursive: true, force: true }));

export interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line in a folder, as `bin/simcode.js` does; in this process, for a new one costs a second each time. */
export async function simcode(folder: string, ...args: readonly string[]): Promise<Run> {
  const home = process.cwd();
  const [out, err] = [capture(process.stdout), capture(process.stderr)];
  process.chdir(folder);
  try {
    const code = await main([...args, ...(/^(check|baseline)$/.test(args[0] ?? '') ? ['--threads', '1'] : [])]);
    return { code, stdout: out.text(), stderr: err.text() };
  } finally {
    process.chdir(home);
    out.end();
    err.end();
  }
}

/** Takes what is written to a stream until it ends. */
function capture(stream: NodeJS.WriteStream): { text(): string; end(): void } {
  const { write } = stream;
  let text = '';
  stream.write = (chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
    text += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
    const done = rest.at(-1);
    if (typeof done === 'function') done();
    return true;
  };
  return { text: () => text, end: () => { stream.write = write; } };
}

export type Verdict = NonNullable<JsonReport['verdict']>;

/** `simcode check --json`: exit code and verdict; fails on exit code 2. */
export async function check(folder: string, ...args: readonly string[]): Promise<Verdict & { readonly code: number; readonly warnings: JsonReport['warnings']; readonly fresh: readonly string[] }> {
  const { code, stdout, stderr } = await simcode(folder, 'check', '--json', ...args);
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
