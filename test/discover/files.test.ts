import { chmodSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { createFileSource, resolveScope } from '../../src/io/files.ts';
import { commit, git, tempFolder, tempRepository, writeFiles } from '../helpers/temp.ts';

const tricky: Readonly<Record<string, string>> = {
  '.gitignore': '*.log\n!keep.log\n/build\ndoc/**/*.txt\n!doc/keep/*.txt\nspace\\ end \\ \n[a-c]x.ts\n\\#hash.ts\n**/deep/*.ts\nfoo/*\n!foo/bar/\nname?.ts\n',
  'a.ts': '', 'b.log': '', 'keep.log': '', 'build/x.ts': '', 'sub/build/x.ts': '', 'doc/a.txt': '', 'doc/sub/a.txt': '', 'doc/keep/a.txt': '',
  'ax.ts': '', 'dx.ts': '', '#hash.ts': '', 'p/deep/q.ts': '', 'p/deep/r/q.ts': '', 'foo/x.ts': '', 'foo/bar/y.ts': '', 'foo/bar/z.log': '',
  'name1.ts': '', 'name.ts': '', 'sub/.gitignore': '!b.log\n*.ts\n!/own.ts\n', 'sub/b.log': '', 'sub/c.ts': '', 'sub/own.ts': '', 'sub/in/own.ts': '',
  'ünï/ç.ts': '', 'with space/x y.ts': '', 'tab\there.ts': '', 'quote".ts': '', 'new\nline.ts': '',
};

async function list(root: string, paths: readonly string[] = ['.'], gitOn = true) {
  return createFileSource(root, paths, { git: gitOn }).list();
}

function ignoredByGit(root: string, paths: readonly string[]): ReadonlySet<string> {
  const run = (): string => execFileSync('git', ['check-ignore', '--stdin', '-z'], { cwd: root, input: paths.join('\0'), encoding: 'utf8' });
  return new Set(run().split('\0').filter((path) => path !== ''));
}

describe('listing', () => {
  test('agrees with git check-ignore, by git and by walking', async () => {
    const root = tempFolder(tricky);
    git(root, 'init', '--quiet');
    const all = Object.keys(tricky);
    const ignored = ignoredByGit(root, all);
    const expected = all.filter((path) => !ignored.has(path)).toSorted();
    expect(ignored.size).toBeGreaterThan(10);
    expect((await list(root)).paths).toEqual(expected);
    expect((await list(root, ['.'], false)).paths).toEqual(expected);
  });

  test('honours info/exclude and a global excludes file', async () => {
    const root = tempRepository({ 'a.ts': '', 'b.ts': '', 'c.ts': '' });
    git(root, 'rm', '--quiet', '--cached', 'b.ts', 'c.ts');
    writeFiles(root, { '.git/info/exclude': 'b.ts\n', '.git/global': 'c.ts\n' });
    git(root, 'config', 'core.excludesFile', join(root, '.git/global'));
    const { paths, skips } = await list(root);
    expect(paths).toEqual(['a.ts']);
    expect(skips).toEqual([{ path: 'b.ts', reason: 'ignored' }, { path: 'c.ts', reason: 'ignored' }]);
  });

  test('keeps tracked files that are ignored, drops deleted ones, adds new ones', async () => {
    const root = tempRepository({ 'gone.ts': '', 'forced.ts': '' });
    writeFiles(root, { '.gitignore': 'forced.ts\n', 'new.ts': '' });
    rmSync(join(root, 'gone.ts'));
    expect((await list(root)).paths).toEqual(['.gitignore', 'forced.ts', 'new.ts']);
  });

  test('enters submodules and nested repositories, not further work trees of the same one', async () => {
    const inner = tempRepository({ 'lib.ts': '', '.gitignore': 'out.ts\n' });
    const root = tempRepository({ 'a.ts': '' });
    git(root, 'submodule', '--quiet', 'add', inner, 'module');
    commit(root, 'submodule');
    git(root, 'worktree', 'add', '--quiet', '--detach', 'second');
    writeFiles(root, { 'module/out.ts': '', 'module/new.ts': '', 'nested/n.ts': '' });
    git(join(root, 'nested'), 'init', '--quiet');
    const { paths, skips } = await list(root);
    expect(paths).toEqual(['.gitmodules', 'a.ts', 'module/.gitignore', 'module/lib.ts', 'module/new.ts', 'nested/n.ts']);
    expect(skips).toEqual([{ path: 'module/out.ts', reason: 'ignored' }, { path: 'second/', reason: 'ignored' }]);
    expect((await list(join(root, 'second'))).paths).toEqual(['.gitmodules', 'a.ts']);
  });

  test('a submodule that is not checked out is nothing', async () => {
    const inner = tempRepository({ 'lib.ts': '' });
    const root = tempRepository({ 'a.ts': '' });
    git(root, 'submodule', '--quiet', 'add', inner, 'module');
    git(root, 'submodule', '--quiet', 'deinit', '--force', '--all');
    expect((await list(root)).paths).toEqual(['.gitmodules', 'a.ts']);
  });

  test('lists files once where paths overlap, in a folder below the top too', async () => {
    const root = tempRepository({ 'src/a.ts': '', 'src/in/b.ts': '', 'other.ts': '' });
    const { paths } = await list(root, ['src/in', 'src', 'src/in/b.ts', './src/../src/in']);
    expect(paths).toEqual(['src/a.ts', 'src/in/b.ts']);
    expect((await list(join(root, 'src'))).paths).toEqual(['a.ts', 'in/b.ts']);
  });

  test('reads what is named even where git ignores it, and says so', async () => {
    const root = tempRepository({ '.gitignore': 'out/\n', 'a.ts': '' });
    writeFiles(root, { 'out/x.ts': '', 'out/deep/y.ts': '' });
    expect((await list(root, ['out/x.ts'])).paths).toEqual(['out/x.ts']);
    const folder = await list(root, ['out']);
    expect(folder.paths).toEqual(['out/deep/y.ts', 'out/x.ts']);
    expect(folder.warnings.map(({ code }) => code)).toEqual(['ignored-folder']);
    expect((await list(join(root, 'out'))).paths).toEqual(['deep/y.ts', 'x.ts']);
    expect((await list(join(root, 'out', 'deep'))).paths).toEqual(['y.ts']);
    expect((await list(root, ['out'], false)).paths).toEqual(['out/deep/y.ts', 'out/x.ts']);
  });

  test('leaves out files of a sparse checkout', async () => {
    const root = tempRepository({ 'in/a.ts': '', 'out/b.ts': '' });
    git(root, 'sparse-checkout', 'set', 'in');
    expect((await list(root)).paths).toEqual(['in/a.ts']);
  });

  test('a walk applies the rules above the folder it starts in, and prunes', async () => {
    const root = tempFolder({ '.gitignore': '*.gen.ts\n', 'src/a.ts': '', 'src/b.gen.ts': '', 'src/skip/c.ts': '', '.git/x.ts': '' });
    const source = createFileSource(root, ['src'], { git: false, prune: (folder) => (folder.endsWith('skip') ? 'vendored' : undefined) });
    const { paths, skips } = await source.list();
    expect(paths).toEqual(['src/a.ts']);
    expect(skips).toEqual([{ path: 'src/b.gen.ts', reason: 'ignored' }, { path: 'src/skip/', reason: 'vendored' }]);
  });

  test('takes backslashes in paths, and refuses what is not there or lies outside', async () => {
    const root = tempFolder({ 'src/in/a.ts': '' });
    expect((await list(root, ['src\\in'])).paths).toEqual(['src/in/a.ts']);
    await expect(list(root, ['missing'])).rejects.toMatchObject({ code: 'bad-input', message: expect.stringContaining('missing') });
    await expect(list(join(root, 'src'), ['..'])).rejects.toMatchObject({ code: 'bad-input' });
    symlinkSync(root, join(root, 'src', 'up'));
    await expect(list(join(root, 'src'), ['up'])).rejects.toMatchObject({ code: 'bad-input' });
  });

  test('runs nothing that a hostile repository configures', async () => {
    const root = tempRepository({ 'a.ts': '' });
    const mark = join(root, '.git', 'ran');
    const script = join(root, '.git', 'hook.sh');
    writeFiles(root, { '.git/hook.sh': `#!/bin/sh\ntouch '${mark}'\n` });
    chmodSync(script, 0o755);
    git(root, 'config', 'core.fsmonitor', script);
    writeFiles(root, { 'b.ts': '' });
    expect((await list(root)).paths).toEqual(['a.ts', 'b.ts']);
    expect(() => execFileSync('ls', [mark], { stdio: 'ignore' })).toThrow();
  });

  test('a repository git refuses is walked, with a warning', async () => {
    const root = tempRepository({ 'a.ts': '', '.gitignore': 'b.ts\n' });
    writeFiles(root, { 'b.ts': '', '.git/config': '[core\nbroken' });
    const { paths, warnings } = await list(root);
    expect(paths).toEqual(['.gitignore', 'a.ts']);
    expect(warnings).toMatchObject([{ code: 'git-unavailable' }]);
  });
});

describe('scope', () => {
  test('is the working directory when it holds every path, else the deepest common folder', async () => {
    const root = tempFolder({ 'one/a.ts': '', 'two/in/b.ts': '' });
    expect(await resolveScope(root, [])).toEqual({ root, paths: [root] });
    expect((await resolveScope(root, ['one', 'two/in/b.ts'])).root).toBe(root);
    expect((await resolveScope(join(root, 'one'), ['../two'])).root).toBe(join(root, 'two'));
    expect((await resolveScope(join(root, 'one'), ['../two/in/b.ts', 'a.ts'])).root).toBe(root);
    await expect(resolveScope(root, ['nowhere'])).rejects.toMatchObject({ code: 'bad-input' });
  });
});

describe('reading', () => {
  test('gives bytes of regular files and reasons for all else', async () => {
    const outside = tempFolder({ 'secret.ts': 'secret' });
    const root = tempFolder({ 'a.ts': 'abc', 'in/b.ts': 'b' });
    symlinkSync(join(outside, 'secret.ts'), join(root, 'link.ts'));
    symlinkSync(outside, join(root, 'folder'));
    symlinkSync(join(root, 'in'), join(root, 'same'));
    mkdirSync(join(root, 'dir.ts'));
    execFileSync('mkfifo', [join(root, 'pipe.ts')]);
    const { read } = createFileSource(root);
    const reason = async (path: string, most = 100): Promise<unknown> => {
      const result = await read(path, most);
      return 'bytes' in result ? Buffer.from(result.bytes).toString() : result.skip;
    };
    expect(await reason('a.ts')).toBe('abc');
    expect(await reason('a.ts', 3)).toBe('abc');
    expect(await reason('a.ts', 2)).toBe('too-large');
    expect(await reason('in/b.ts')).toBe('b');
    for (const path of ['link.ts', 'folder/secret.ts', 'same/b.ts']) expect(await reason(path)).toBe('symlink');
    for (const path of ['dir.ts', 'pipe.ts', 'none.ts', '../x', '/etc/passwd', 'in/../../x', 'a\0b']) expect(await reason(path)).toBe('unreadable');
  });
});
