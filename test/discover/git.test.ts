import { chmodSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { changedLines, renames } from '../../src/io/git-diff.ts';
import { commonDirectory, isShallow, isWorkTree, listTree, mergeBase, resolveCommit, showFile, topLevel } from '../../src/io/git.ts';
import { parsePatch, touches } from '../../src/io/patch.ts';
import { commit, git, tempFolder, tempRepository, writeFiles } from '../helpers/temp.ts';

const lines = (count: number, prefix = 'line'): string => Array.from({ length: count }, (_, i) => `${prefix} ${i + 1}\n`).join('');

describe('repository', () => {
  test('work tree, top, shared directory', async () => {
    const root = tempRepository({ 'src/a.ts': 'a' });
    expect(await isWorkTree(join(root, 'src'))).toBe(true);
    expect(await isWorkTree(tempFolder())).toBe(false);
    expect(await isWorkTree(join(root, '.git'))).toBe(false);
    expect(await topLevel(join(root, 'src'))).toBe(root);
    expect(await commonDirectory(join(root, 'src'))).toBe(join(root, '.git'));
  });

  test('is not led astray by GIT_ variables of the caller', async () => {
    const [root, other] = [tempRepository({ 'a.ts': 'a' }), tempRepository({ 'b.ts': 'b' })];
    process.env['GIT_DIR'] = join(other, '.git');
    try {
      expect([...(await listTree(root, 'HEAD')).keys()]).toEqual(['a.ts']);
    } finally {
      delete process.env['GIT_DIR'];
    }
  });

  test('refs that are none, or look like options, are errors', async () => {
    const root = tempRepository({ 'a.ts': 'a' });
    for (const ref of ['nope', '--all', '-h', '', 'a b', 'HEAD:a.ts', 'x\n']) await expect(resolveCommit(root, ref)).rejects.toMatchObject({ code: 'git' });
    await expect(resolveCommit(root, 'origin/main')).rejects.toMatchObject({ hint: expect.stringContaining('git fetch origin main') });
    await expect(resolveCommit(tempFolder(), 'HEAD')).rejects.toMatchObject({ code: 'git' });
  });

  test('merge base, and what to do in a shallow clone', async () => {
    const root = tempRepository({ 'a.ts': 'a' });
    const base = await resolveCommit(root, 'HEAD');
    git(root, 'checkout', '--quiet', '-b', 'side');
    writeFiles(root, { 'b.ts': 'b' });
    commit(root, 'side');
    git(root, 'checkout', '--quiet', '-');
    writeFiles(root, { 'c.ts': 'c' });
    commit(root, 'main');
    expect(await mergeBase(root, 'side')).toBe(base);
    expect(await isShallow(root)).toBe(false);
    const shallow = join(tempFolder(), 'clone');
    git(root, 'clone', '--quiet', '--depth', '1', '--no-single-branch', `file://${root}`, shallow);
    expect(await isShallow(shallow)).toBe(true);
    await expect(mergeBase(shallow, 'origin/side')).rejects.toMatchObject({ code: 'git', hint: expect.stringContaining('fetch-depth: 0') });
    await expect(resolveCommit(shallow, 'gone')).rejects.toMatchObject({ hint: expect.stringContaining('fetch-depth: 0') });
  });

  test('files and trees of a commit, from a folder below the top', async () => {
    const root = tempRepository({ 'src/a.ts': 'one', 'src/ü x.ts': 'two', 'top.ts': 'top' });
    writeFiles(root, { 'src/a.ts': 'changed' });
    expect([...(await listTree(join(root, 'src'), 'HEAD')).keys()]).toEqual(['a.ts', 'ü x.ts']);
    expect((await showFile(join(root, 'src'), 'HEAD', 'a.ts'))?.toString()).toBe('one');
    expect((await showFile(root, 'HEAD', 'src/ü x.ts'))?.toString()).toBe('two');
    expect(await showFile(root, 'HEAD', 'src/none.ts')).toBeUndefined();
    expect(await showFile(root, 'HEAD', '../x')).toBeUndefined();
  });
});

describe('changes', () => {
  test('lines added and altered, deletions between lines, untracked files as a whole', async () => {
    const root = tempRepository({ 'a.ts': lines(10), 'b.ts': lines(10), 'gone.ts': 'x\n', 'same.ts': 'x\n', 'src/in.ts': 'x\n' });
    const text = lines(10).split('\n');
    writeFiles(root, {
      'a.ts': [...text.slice(0, 2), 'new', ...text.slice(2, 7), 'changed', ...text.slice(8)].join('\n'),
      'b.ts': [...text.slice(0, 4), ...text.slice(6)].join('\n'), 'new.ts': 'n\n', 'src/in.ts': 'y\n',
    });
    rmSync(join(root, 'gone.ts'));
    expect(Object.fromEntries(await changedLines(root, { since: 'HEAD' }))).toEqual({
      'a.ts': [{ startLine: 3, endLine: 3 }, { startLine: 9, endLine: 9 }],
      'b.ts': [{ startLine: 4, endLine: 5, deletion: true }],
      'new.ts': [{ startLine: 1, endLine: Number.MAX_SAFE_INTEGER }],
      'src/in.ts': [{ startLine: 1, endLine: 1 }],
    });
    expect([...(await changedLines(join(root, 'src'), { since: 'HEAD' })).keys()]).toEqual(['in.ts']);
    expect((await changedLines(root, { staged: true })).size).toBe(0);
    git(root, 'add', 'a.ts', 'new.ts');
    expect([...(await changedLines(root, { staged: true })).keys()]).toEqual(['a.ts', 'new.ts']);
  });

  test('odd file names and text that looks like a header', async () => {
    const names = ['ü.ts', 'with space.ts', 'tab\there.ts', 'quote".ts', 'back\\slash.ts', 'new\nline.ts', 'b/b.ts'];
    const root = tempRepository(Object.fromEntries(names.map((name) => [name, '-- a/x\nkeep'])));
    writeFiles(root, Object.fromEntries(names.map((name) => [name, '++ b/evil.ts\n@@ -1 +1,99 @@\nkeep\n'])));
    const changes = await changedLines(root, { since: 'HEAD' });
    expect([...changes.keys()].toSorted()).toEqual(names.toSorted());
    for (const ranges of changes.values()) expect(ranges).toEqual([{ startLine: 1, endLine: 3 }]);
  });

  test('renames, from a commit to the work tree and to another commit', async () => {
    const root = tempRepository({ 'old.ts': lines(20), 'stay.ts': lines(20, 'other') });
    git(root, 'mv', 'old.ts', 'new name.ts');
    expect(Object.fromEntries(await renames(root, 'HEAD'))).toEqual({ 'new name.ts': 'old.ts' });
    commit(root, 'move');
    expect(Object.fromEntries(await renames(root, 'HEAD~1', 'HEAD'))).toEqual({ 'new name.ts': 'old.ts' });
    expect((await renames(root, 'HEAD')).size).toBe(0);
  });

  test('comparing with the work tree runs no filter, text conversion or diff program of the repository', async () => {
    const root = tempRepository({ 'a.ts': 'a\n', '.gitattributes': '*.ts filter=evil diff=evil\n' });
    const mark = join(root, '.git', 'ran');
    writeFiles(root, { '.git/evil.sh': `#!/bin/sh\ntouch '${mark}'\ncat\n`, 'a.ts': 'b\n' });
    chmodSync(join(root, '.git/evil.sh'), 0o755);
    const program = join(root, '.git/evil.sh');
    for (const key of ['filter.evil.clean', 'filter.evil.process', 'diff.evil.textconv', 'diff.evil.command', 'diff.external', 'core.fsmonitor']) git(root, 'config', key, program);
    expect([...(await changedLines(root, { since: 'HEAD' })).keys()]).toEqual(['a.ts']);
    await renames(root, 'HEAD');
    expect(existsSync(mark)).toBe(false);
  });
});

describe('patch', () => {
  test('touches: an alteration that overlaps, a deletion from inside', () => {
    const deletion = [{ startLine: 4, endLine: 5, deletion: true }] as const;
    expect([touches(deletion, 1, 4), touches(deletion, 4, 5), touches(deletion, 3, 9), touches(deletion, 5, 9)]).toEqual([false, true, true, false]);
    expect([touches([{ startLine: 4, endLine: 5 }], 1, 4), touches([{ startLine: 4, endLine: 5 }], 6, 9)]).toEqual([true, false]);
  });

  test('never throws on any text', () => {
    const part = fc.constantFrom('diff --git a/x b/x\n', '+++ b/x\n', '+++ "b/\\303\\274\\', '@@ -1,2 +3,4 @@\n', '@@ -0,0 +1,99999999 @@\n', '-a\n', '+b\n', '\\ No newline\n');
    fc.assert(fc.property(fc.array(fc.oneof(part, fc.string())), (parts) => {
      for (const ranges of parsePatch(parts.join('')).values()) for (const range of ranges) expect(range.endLine).toBeGreaterThanOrEqual(range.startLine);
    }));
  });
});
