import { createHash } from 'node:crypto';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { discover, discoverFiles, type DiscoverOptions } from '../../src/discover/discover.ts';
import { createFileSource } from '../../src/io/files.ts';
import type { ProgressEvent } from '../../src/types.ts';
import { tempFolder } from '../helpers/temp.ts';

const code = 'export const answer = 42;\n';

async function run(files: Readonly<Record<string, string | Uint8Array>>, options: DiscoverOptions = {}) {
  return discover(createFileSource(tempFolder(files)), options);
}

async function paths(files: readonly string[], options: DiscoverOptions = {}): Promise<readonly string[]> {
  return (await run(Object.fromEntries(files.map((path) => [path, code])), options)).files.map(({ path }) => path);
}

function reasons(found: Awaited<ReturnType<typeof run>>): Readonly<Record<string, string>> {
  return Object.fromEntries(found.skips.map(({ path, reason }) => [path, reason]));
}

describe('decoding', () => {
  test('reads UTF-8, UTF-16 and Latin-1, and keeps line ends', async () => {
    const wide = Buffer.from('\uFEFFlet ä = "𝒳";\r\n', 'utf16le');
    const { files, warnings } = await run({
      'a.ts': '\uFEFFlet ä = 1;\r\nlet b;\r', 'b.ts': wide, 'c.ts': Buffer.from(wide).swap16(), 'd.ts': Buffer.from('let ä = 1;\n', 'latin1'),
    });
    expect(files.map(({ text }) => text)).toEqual(['let ä = 1;\r\nlet b;\r', 'let ä = "𝒳";\r\n', 'let ä = "𝒳";\r\n', 'let ä = 1;\n']);
    expect(warnings).toEqual([{ code: 'encoding', path: 'd.ts', message: 'not UTF-8; read as Latin-1' }]);
    expect(files[1]?.sha256).toBe(createHash('sha256').update(wide).digest('hex'));
  });

  test('binary, empty, huge, linked and unreadable files are left out, each with its reason', async () => {
    const root = tempFolder({
      'bin.ts': Buffer.from([1, 0, 2]), 'wide32.ts': Buffer.from([0xff, 0xfe, 0, 0, 1, 0, 0, 0]), 'empty.ts': '', 'blank.py': ' \n\t\r\n',
      'huge.ts': code.repeat(50_000), 'ok.ts': code, 'note.md': 'x', 'odd.xyz': 'x',
    });
    symlinkSync('ok.ts', join(root, 'link.ts'));
    symlinkSync('nowhere.ts', join(root, 'dangling.ts'));
    const found = await discover(createFileSource(root));
    expect(found.files.map(({ path }) => path)).toEqual(['ok.ts']);
    expect(reasons(found)).toEqual({
      'bin.ts': 'binary', 'wide32.ts': 'binary', 'empty.ts': 'empty', 'blank.py': 'empty', 'huge.ts': 'too-large',
      'note.md': 'language', 'odd.xyz': 'language', 'link.ts': 'symlink', 'dangling.ts': 'symlink',
    });
    expect(found.warnings).toEqual([{ code: 'file-too-large', path: 'huge.ts', message: '1300000 bytes' }]);
  });
});

describe('selection', () => {
  test('include and exclude globs, with negation, bare names, folders and backslashes', async () => {
    const all = ['a.ts', 'a.test.ts', 'src/b.ts', 'src/b.test.ts', 'src/old/c.ts', 'src/old/keep.ts', '.hidden/d.ts'];
    expect(await paths(all, { include: ['src'] })).toEqual(['src/b.test.ts', 'src/b.ts', 'src/old/c.ts', 'src/old/keep.ts']);
    expect(await paths(all, { include: ['src\\**\\*.ts'], exclude: ['*.test.ts', 'src/old/', '!src/old/keep.ts'] })).toEqual(['src/b.ts', 'src/old/keep.ts']);
    expect(await paths(all, { include: ['/*.ts'] })).toEqual(['a.test.ts', 'a.ts']);
    expect(await paths(all, { include: ['**/{c,d}.ts', './a.ts'] })).toEqual(['.hidden/d.ts', 'a.ts', 'src/old/c.ts']);
    expect(await paths(all, { include: ['!**/*.test.ts'] })).not.toContain('a.test.ts');
    expect(await paths(['src/a.ts', 'lib/src/a.ts'], { include: ['/src'] })).toEqual(['src/a.ts']);
  });

  test('languages by extension, name and first line', async () => {
    const files = { 'a.ts': code, 'b.py': 'x = 1\n', 'run': '#!/usr/bin/env python3\nx = 1\n', 'notes': 'plain\n', 'blob': Buffer.from([0, 1]), '.env': 'A=1\n' };
    const found = await run(files);
    expect(found.files.map(({ path, language }) => [path, language])).toEqual([['a.ts', 'typescript'], ['b.py', 'python'], ['run', 'python']]);
    expect(reasons(found)).toEqual({ notes: 'language', blob: 'language', '.env': 'language' });
    expect((await run(files, { languages: ['python'] })).files.map(({ path }) => path)).toEqual(['b.py', 'run']);
  });

  test('vendored folders and files, unless asked for', async () => {
    const all = ['a.ts', 'node_modules/x/i.js', 'pkg/vendor/y.py', 'third_party/z.ts', '.yarn/releases/yarn.cjs', 'web/jquery-3.7.1.js', 'vendor.ts',
      'public/plugins/codemirror-5.17.0/mode/ruby.js', 'public/plugins/own/menu.js', 'tool-1.2.3/main.ts'];
    expect(await paths(all)).toEqual(['a.ts', 'public/plugins/own/menu.js', 'tool-1.2.3/main.ts', 'vendor.ts']);
    expect(await paths(all, { includeVendored: true })).toEqual(all.toSorted());
  });

  test('tests: included, left out, or alone', async () => {
    const all = ['a.ts', 'a.test.ts', 'test/helper.ts', 'pkg/test_x.py', 'pkg/x.py', 'src/FooTest.java', 'contest.ts', 'latest/x.ts'];
    expect(await paths(all)).toHaveLength(8);
    expect(await paths(all, { tests: 'exclude' })).toEqual(['a.ts', 'contest.ts', 'latest/x.ts', 'pkg/x.py']);
    expect(await paths(all, { tests: 'only' })).toEqual(['a.test.ts', 'pkg/test_x.py', 'src/FooTest.java', 'test/helper.ts']);
  });

  test('refuses unknown languages and patterns too costly to run', async () => {
    const source = createFileSource(tempFolder({ 'a.ts': code }));
    expect(() => discoverFiles(source, { languages: ['klingon'] })).toThrow(/klingon/);
    expect(() => discoverFiles(source, { include: [`${'*a'.repeat(13)}b`] })).toThrow(/wildcards/);
    expect(() => discoverFiles(source, { exclude: [''] })).toThrow(/empty/);
  });
});

describe('streaming', () => {
  test('order, skips and events do not depend on concurrency, and a consumer may stop early', async () => {
    const files = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`f${i}.ts`, i % 7 === 0 ? '' : `${code}// ${i}\n`]));
    const root = tempFolder(files);
    const events: ProgressEvent[] = [];
    const one = await discover(createFileSource(root), { concurrency: 1 });
    const many = await discover(createFileSource(root), { concurrency: 32, onEvent: (event) => events.push(event) });
    expect(many).toEqual(one);
    expect(one.files).toHaveLength(51);
    expect(one.files.map(({ path }) => path)).toEqual(one.files.map(({ path }) => path).toSorted());
    expect(events.at(0)).toEqual({ stage: 'discover', state: 'start' });
    expect(events.at(-1)).toEqual({ stage: 'discover', state: 'end', done: 60, total: 60 });
    let seen = 0;
    for await (const _ of discoverFiles(createFileSource(root))) if (++seen === 3) break;
    expect(seen).toBe(3);
  });
});
