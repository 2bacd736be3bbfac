import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { commit, git, tempFolder, tempRepository, writeFiles } from '../helpers/temp.ts';
import { check, sample, simcode } from './cli.ts';

/** One known class, and a function without a copy. */
function small(): string {
  return tempRepository({
    'lib/retry.ts': sample('base', 'retry.ts'), 'copies/retry.ts': sample('type2', 'retry.ts'), 'lib/slugify.ts': sample('base', 'slugify.ts'),
  });
}
const paste = { 'app/heading.ts': sample('type2', 'slugify.ts') };

describe('check in all kinds of repositories', () => {
  it('says what to do in a shallow clone', async () => {
    const origin = small();
    git(origin, 'checkout', '--quiet', '-b', 'feature');
    writeFiles(origin, paste);
    commit(origin, 'second');
    const clone = join(tempFolder(), 'clone');
    git(origin, 'clone', '--quiet', '--depth', '1', '--branch', 'feature', pathToFileURL(origin).href, clone);
    const { code, stderr } = await simcode(clone, 'check', '--against', 'origin/main');
    expect([code, stderr]).toEqual([2, expect.stringMatching(/origin\/main[\s\S]*fetch-depth: 0/)]);
  });

  it('says so when a ref does not exist, is no ref, or there is no repository', async () => {
    const folder = small();
    expect(await simcode(folder, 'check', '--against', 'nowhere')).toMatchObject({ code: 2, stderr: expect.stringContaining('git knows no commit "nowhere"') as string });
    expect(await simcode(folder, 'check', '--since', '--output=x')).toMatchObject({ code: 2 });
    expect(await simcode(folder, 'check', '--against', 'HEAD', '--since', 'HEAD')).toMatchObject({ code: 2 });
    const plain = tempFolder({ 'a.ts': sample('base', 'retry.ts') });
    expect(await simcode(plain, 'check', '--staged')).toMatchObject({ code: 2, stderr: expect.stringContaining('--staged needs a git repository') as string });
  });

  it('works on a detached head, in a work tree of a branch and from a folder inside', async () => {
    const folder = small();
    git(folder, 'checkout', '--quiet', '--detach');
    writeFiles(folder, paste);
    expect(await check(folder, '--against', 'main')).toMatchObject({ code: 1, fresh: ['app/heading.ts#motor'] });
    const tree = join(tempFolder(), 'tree');
    git(folder, 'worktree', 'add', '--quiet', '-b', 'side', tree, 'main');
    expect(await check(tree, '--against', 'main')).toMatchObject({ code: 0 });
    writeFiles(tree, { 'lib/heading.ts': sample('type2', 'slugify.ts') });
    expect(await check(join(tree, 'lib'), '--against', 'main')).toMatchObject({ code: 1, fresh: ['heading.ts#motor'] });
    expect(await check(tree, '--against', 'main', 'copies')).toMatchObject({ code: 0 });
  });

  it('sees submodules as they were recorded', async () => {
    const inner = small();
    const outer = tempRepository({ 'main.ts': sample('base', 'task-order.ts') });
    git(outer, 'submodule', '--quiet', 'add', pathToFileURL(inner).href, 'vendor-code');
    commit(outer, 'submodule');
    expect(await check(outer, '--against', 'HEAD')).toMatchObject({ code: 0, new: [] });
    writeFiles(join(outer, 'vendor-code'), paste);
    expect(await check(outer, '--against', 'HEAD')).toMatchObject({ code: 1, fresh: ['vendor-code/app/heading.ts#motor'] });
  });

  it('knows files again whose line ends changed, and entries with the paths of Windows', async () => {
    const folder = small();
    await simcode(folder, 'baseline');
    const file = join(folder, '.simcode-baseline.json');
    for (const path of ['lib/retry.ts', 'copies/retry.ts']) {
      writeFileSync(join(folder, path), readFileSync(join(folder, path), 'utf8').replaceAll('\n', '\r\n'));
    }
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll('lib/', 'lib\\\\').replaceAll('copies/', 'copies\\\\').replaceAll('\n', '\r\n'));
    expect(await check(folder)).toMatchObject({ code: 0, new: [], gone: [] });
    expect((await check(folder, '--against', 'HEAD')).drift).toEqual([]);
  });

  it('refuses the baseline of another model until it is migrated, and says when nothing is there', async () => {
    const folder = small();
    await simcode(folder, 'baseline');
    const file = join(folder, '.simcode-baseline.json');
    const own = readFileSync(file, 'utf8');
    writeFileSync(file, own.replace(/"revision":"[^"]*"/, '"revision":"older"'));
    expect(await simcode(folder, 'check')).toMatchObject({ code: 2, stderr: expect.stringMatching(/was made with \S+ older[\s\S]*--migrate/) as string });
    expect(await simcode(folder, 'baseline')).toMatchObject({ code: 2 });
    expect(await simcode(folder, 'baseline', '--migrate')).toMatchObject({ code: 0 });
    expect(readFileSync(file, 'utf8')).toBe(own);
    expect(await simcode(tempFolder(), 'check', '--baseline', file)).toMatchObject({ code: 2, stderr: expect.stringContaining('Nothing to analyse') as string });
  });

  it('runs nothing that the repository names', async () => {
    const folder = small();
    const trap = join(folder, 'trap');
    for (const key of ['core.fsmonitor', 'diff.external', 'core.pager', 'filter.x.clean']) git(folder, 'config', key, `touch ${trap}`);
    writeFiles(folder, { ...paste, '.gitattributes': '*.ts filter=x\n' });
    expect((await check(folder, '--against', 'HEAD')).code).toBe(1);
    expect(() => readFileSync(trap)).toThrow(/ENOENT/);
  });
});

describe('simcode init', () => {
  it('shows what it would write, writes it when told to, and leaves what is there', async () => {
    const folder = small();
    const shown = await simcode(folder, 'init', '--dry-run');
    expect(shown).toMatchObject({ code: 0, stdout: expect.stringContaining('.github/workflows/simcode.yml:') as string });
    expect(git(folder, 'status', '--porcelain')).toBe('');
    expect((await simcode(folder, 'init', '--ci', 'gitlab', '--yes')).code).toBe(0);
    expect(git(folder, 'status', '--porcelain', '--untracked-files=all').split('\n').map((line) => line.slice(3)).toSorted().filter((line) => line !== ''))
      .toEqual(['.gitlab/simcode.yml', '.simcode-baseline.json', 'simcode.json']);
    expect(await check(folder)).toMatchObject({ code: 0 });
    const again = await simcode(folder, 'init', '--ci', 'gitlab');
    expect(again.stdout).toContain('simcode.json: there already');
  });
});

describe('the program', () => {
  it('ends with 0, 1 and 2', () => {
    const folder = small();
    const bin = join(import.meta.dirname, '../../bin/simcode.js');
    const run = (...args: readonly string[]): number => {
      try {
        execFileSync(process.execPath, [bin, 'check', ...args], { cwd: folder, stdio: 'ignore' });
        return 0;
      } catch (error) {
        return (error as { status: number }).status;
      }
    };
    expect(run('--against', 'HEAD')).toBe(0);
    writeFiles(folder, paste);
    expect(run('--against', 'HEAD', '-f', 'gate', '-f', 'sarif=out.sarif')).toBe(1);
    expect(JSON.parse(readFileSync(join(folder, 'out.sarif'), 'utf8'))).toMatchObject({ version: '2.1.0' });
    expect(run('--against', 'nowhere')).toBe(2);
  });
});
