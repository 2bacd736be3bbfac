import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commit, git, tempFolder, tempRepository, writeFiles } from '../helpers/temp.ts';
import { sample, simcode } from './cli.ts';

const bin = resolve('bin/simcode.js');
const paste = { 'app/heading.ts': sample('type2', 'slugify.ts') };

/** A repository with a function, and a folder for PATH that holds `simcode`. */
function project(): { readonly folder: string; readonly tools: string } {
  const folder = tempRepository({ 'lib/retry.ts': sample('base', 'retry.ts'), 'lib/slugify.ts': sample('base', 'slugify.ts') });
  const tools = tempFolder({ simcode: `#!/bin/sh\nexec "${process.execPath}" "${bin}" "$@"\n` });
  chmodSync(join(tools, 'simcode'), 0o755);
  return { folder, tools };
}

/** The script of the step `Check` of action.yml. */
function actionScript(): string {
  const text = readFileSync('action.yml', 'utf8');
  const block = /- name: Check\n[\s\S]*?\n {6}run: \|\n((?: {8}.*\n|\n)+)/.exec(text)?.[1];
  if (block === undefined) throw new Error('action.yml has no step Check');
  return block.replace(/^ {8}/gm, '');
}

describe('action.yml', () => {
  it('passes on a clean tree, fails on a paste, and says how many', () => {
    const { folder, tools } = project();
    git(folder, 'update-ref', 'refs/remotes/origin/main', 'HEAD');
    const out = tempFolder({ output: '', summary: '' });
    const step = (env: Readonly<Record<string, string>>): { readonly code: number | null; readonly outputs: string; readonly stdout: string } => {
      writeFileSync(join(out, 'output'), '');
      const { status, stdout } = spawnSync('bash', ['-e', '-c', actionScript()], {
        cwd: folder, encoding: 'utf8', env: {
          ...process.env, PATH: `${tools}:${process.env['PATH'] ?? ''}`, PATHS: '.', AGAINST: '', BASE_REF: 'main', BASELINE: '.simcode-baseline.json', ARGS: '',
          SARIF: 'simcode.sarif', FAIL: 'true', JSON: join(out, 'report.json'), GITHUB_OUTPUT: join(out, 'output'), GITHUB_STEP_SUMMARY: join(out, 'summary'), ...env,
        },
      });
      return { code: status, outputs: readFileSync(join(out, 'output'), 'utf8'), stdout };
    };
    expect(step({})).toMatchObject({ code: 0, outputs: 'exit-code=0\nsarif-path=simcode.sarif\nnew-clones=0\nclusters=0\n' });
    writeFiles(folder, paste);
    expect(step({})).toMatchObject({ code: 1, outputs: 'exit-code=1\nsarif-path=simcode.sarif\nnew-clones=1\nclusters=1\n', stdout: expect.stringContaining('::error file=app/heading.ts') as string });
    expect(readFileSync(join(out, 'summary'), 'utf8')).toContain('1 new clone class');
    expect(step({ FAIL: 'false', ARGS: '--max-new 0' }).code).toBe(0);
    // a branch may be called anything
    expect(step({ BASE_REF: '$(touch owned)`touch owned`' })).toMatchObject({ code: 2, outputs: expect.stringContaining('exit-code=2') as string });
    expect(git(folder, 'status', '--porcelain')).not.toContain('owned');
  });
});

describe('a commit hook', () => {
  it('stops a commit that brings in a copy, also one of some files only', () => {
    const { folder, tools } = project();
    writeFiles(folder, { '.git/hooks/pre-commit': '#!/bin/sh\nexec simcode check --staged --quiet\n' });
    chmodSync(join(folder, '.git/hooks/pre-commit'), 0o755);
    const tryCommit = (...args: readonly string[]): number | null => spawnSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.invalid', 'commit', '--quiet', '-m', 'x', ...args], {
      cwd: folder, env: { ...process.env, PATH: `${tools}:${process.env['PATH'] ?? ''}` }, stdio: 'ignore',
    }).status;
    writeFiles(folder, { ...paste, 'app/other.ts': sample('base', 'task-order.ts') });
    git(folder, 'add', '.');
    expect(tryCommit()).toBe(1);
    // git hands the hook an index of its own for these
    expect(tryCommit('--', 'app/heading.ts')).toBe(1);
    expect(tryCommit('--', 'app/other.ts')).toBe(0);
    expect(execFileSync('git', ['show', '--name-only', '--format='], { cwd: folder, encoding: 'utf8' }).trim()).toBe('app/other.ts');
  });

  it('is what pre-commit is told to run, on the whole tree', () => {
    expect(readFileSync('.pre-commit-hooks.yaml', 'utf8')).toMatch(/entry: simcode check --staged\n[\s\S]*pass_filenames: false\n/);
  });
});

describe('a baseline of a newer form', () => {
  it('is refused with what to do, and migrated', async () => {
    const { folder } = project();
    writeFiles(folder, paste);
    await simcode(folder, 'baseline');
    commit(folder, 'baseline');
    const file = join(folder, '.simcode-baseline.json');
    const own = readFileSync(file, 'utf8');
    writeFileSync(file, own.replace('"schemaVersion":1', '"schemaVersion":9'));
    expect(await simcode(folder, 'check')).toMatchObject({ code: 2, stderr: expect.stringMatching(/form 9[\s\S]*--migrate/) as string });
    expect(await simcode(folder, 'baseline', '--migrate')).toMatchObject({ code: 0 });
    expect(readFileSync(file, 'utf8')).toBe(own);
  });
});
