import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fdir } from 'fdir';
import { type CorpusEntry, writeCorpus } from './corpus.ts';
import { generateVectors } from './vectors.ts';

function inTemp<T>(work: (dir: string) => T): T {
  const dir = mkdtempSync(join(tmpdir(), 'simcode-corpus-'));
  try {
    return work(dir);
  } finally {
    rmSync(dir, { recursive: true });
  }
}

const write = (count: number, seed: number): { readonly entries: readonly CorpusEntry[]; readonly files: readonly (readonly [string, string])[] } =>
  inTemp((dir) => {
    const entries = writeCorpus(dir, count, seed);
    const paths = new fdir().withRelativePaths().crawl(dir).sync().toSorted();
    return { entries, files: paths.map((path) => [path, readFileSync(join(dir, path), 'utf8')] as const) };
  });

test('the corpus is deterministic, both languages, clones of every type, every function where it is said to be', () => {
  const { entries, files } = write(600, 1);
  expect(write(600, 1)).toEqual({ entries, files });
  expect(write(600, 2).files).not.toEqual(files);
  const texts = new Map(files);
  expect(new Set(files.map(([path]) => path.split('.')[1]))).toEqual(new Set(['py', 'ts']));
  expect(new Set(entries.map(({ clone }) => clone?.type))).toEqual(new Set([undefined, 1, 2, 3, 4]));
  for (const { path, name } of entries) expect(texts.get(path)).toMatch(new RegExp(`(function|def) ${name}\\(`));
});

test('vectors are unit rows with clone groups and copies, the same for the same seed', () => {
  const { rows } = generateVectors(500, 32, 1);
  expect(generateVectors(500, 32, 1).rows).toEqual(rows);
  for (let row = 0; row < 500; row++) expect(Math.hypot(...rows.subarray(row * 32, (row + 1) * 32))).toBeCloseTo(1, 5);
});
