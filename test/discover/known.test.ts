import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { discoverFiles, type DiscoverOptions } from '../../src/discover/discover.ts';
import { createFileSource } from '../../src/io/files.ts';
import { openKnownFiles } from '../../src/io/known-files.ts';
import type { SourceFile } from '../../src/types.ts';
import { tempFolder } from '../helpers/temp.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => void vi.useRealTimers());
/** Files that have just been written may change again unseen. */
const wait = (): void => void vi.setSystemTime(Date.now() + 10_000);

const tree = (): string => tempFolder({ 'a.ts': 'export const a = 1;\n', 'b.py': 'b = "\xe9"\n', 'c.ts': '// @generated\nexport const c = 1;\n', 'd.ts': '\n' });

async function look(root: string, cache: string, options: DiscoverOptions = {}) {
  const source = createFileSource(root, ['.'], { git: false });
  const read: string[] = [];
  const known = await openKnownFiles(cache, root);
  const found = discoverFiles({ ...source, read: (path, most) => { read.push(path); return source.read(path, most); } }, { ...options, known });
  const files: SourceFile[] = [];
  for await (const file of found) files.push(file);
  await known.save();
  return { read: read.toSorted(), files, told: { files: files.map(({ path, language, sha256 }) => ({ path, language, sha256 })), skips: found.skips, warnings: found.warnings } };
}

test('what did not change is told without reading it, and is read when its text is wanted', async () => {
  const [root, cache] = [tree(), tempFolder()];
  wait();
  const first = await look(root, cache);
  expect(first.read).toEqual(['a.ts', 'b.py', 'c.ts', 'd.ts']);
  const second = await look(root, cache);
  expect(second.read).toEqual([]);
  expect(second.told).toEqual(first.told);
  expect(second.files.map(({ text }) => text)).toEqual(['', '']);
  expect(await second.files[0]?.load?.()).toEqual(first.files[0]);
});

test('a change of the same length and other rules have files read again', async () => {
  const [root, cache] = [tree(), tempFolder()];
  wait();
  const first = await look(root, cache);
  writeFileSync(join(root, 'a.ts'), 'export const a = 2;\n');
  wait();
  const changed = await look(root, cache);
  expect(changed.read).toEqual(['a.ts']);
  expect(changed.files[0]?.sha256).not.toBe(first.files[0]?.sha256);
  expect((await look(root, cache, { includeGenerated: true })).files.map(({ path }) => path)).toEqual(['a.ts', 'b.py', 'c.ts']);
});

test('a file written a moment ago is never taken as known', async () => {
  const [root, cache] = [tree(), tempFolder()];
  await look(root, cache);
  expect((await look(root, cache)).read).toEqual(['a.ts', 'b.py', 'c.ts', 'd.ts']);
});
