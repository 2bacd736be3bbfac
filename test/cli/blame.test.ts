import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { withOldest } from '../../src/cli/blaming.ts';
import { blameSpans } from '../../src/io/git-blame.ts';
import type { JsonReport } from '../../src/report/schema.ts';
import { chunk, scanResult } from '../report/sample.ts';
import { simcode, temporaryFolder } from './run.ts';

const folder = temporaryFolder();
const env = { SIMCODE_CACHE_DIR: join(folder, 'cache') };
const repository = join(folder, 'repository');

const total = (name: string, item: string): string => `export function ${name}(${item}s) {
  let sum = 0;
  for (const ${item} of ${item}s) {
    if (${item}.hidden) continue;
    sum += ${item}.price * ${item}.count;
  }
  return Math.round(sum * 100) / 100;
}
`;

function commit(date: string): string {
  const git = (...args: readonly string[]): string => execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], {
    cwd: repository, encoding: 'utf8', env: { ...process.env, GIT_AUTHOR_DATE: `${date}T12:00:00Z`, GIT_COMMITTER_DATE: `${date}T12:00:00Z` },
  });
  git('add', '-A');
  git('commit', '-qm', date);
  return git('rev-parse', 'HEAD').trim();
}

let first = '';

beforeAll(() => {
  mkdirSync(repository);
  execFileSync('git', ['init', '-q'], { cwd: repository });
  // the oldest is last by path, and edited later; git knows nothing of the newest
  writeFileSync(join(repository, 'z.js'), total('cartTotal', 'row'));
  first = commit('2019-03-04');
  writeFileSync(join(repository, 'b.js'), `// copied\n${total('orderTotal', 'line')}`);
  commit('2021-06-01');
  writeFileSync(join(repository, 'z.js'), total('cartTotal', 'row').replace('* 100) / 100', '* 1000) / 1000'));
  commit('2023-01-01');
  writeFileSync(join(repository, 'a.js'), total('basketTotal', 'entry'));
});

describe('--blame', () => {
  test('names the oldest member in JSON and marks it in the table', async () => {
    const { stdout, code } = await simcode(['scan', '--blame', '--json'], { cwd: repository, env });
    expect(code).toBe(0);
    const [found] = (JSON.parse(stdout) as JsonReport).clusters;
    expect(found?.members.map(({ path }) => path)).toEqual(['a.js', 'b.js', 'z.js']);
    expect(found?.oldest).toEqual({ member: 2, commit: first, since: '2019-03-04T12:00:00.000Z' });
    const table = (await simcode(['scan', '--blame'], { cwd: repository, env })).stdout;
    expect(table).toMatch(/» z\.js/);
    expect(table).toContain('oldest since 2019-03-04');
    const plain = (await simcode(['scan', '--json'], { cwd: repository, env })).stdout;
    expect((JSON.parse(plain) as JsonReport).clusters[0]?.oldest).toBeUndefined();
  });

  test('outside a repository is a warning', async () => {
    const outside = join(folder, 'outside');
    mkdirSync(outside);
    for (const name of ['a.js', 'z.js']) writeFileSync(join(outside, name), readFileSync(join(repository, name)));
    const { stdout, stderr, code } = await simcode(['scan', '--blame', '--json'], { cwd: outside, env: { ...env, GIT_CEILING_DIRECTORIES: folder } });
    expect(code).toBe(0);
    expect(stderr).toContain('no-history');
    expect((JSON.parse(stdout) as JsonReport).clusters).toHaveLength(1);
  });

  test('looks at a bounded number of files, largest classes first', async () => {
    const result = scanResult([
      { members: [chunk('b.js', 'orderTotal', 2, 8), chunk('z.js', 'cartTotal', 1, 8)], type: 2, similarity: 1 },
      { members: [chunk('a.js', 'basketTotal', 1, 8), chunk('z.js', 'x', 1, 2)], type: 2, similarity: 1 },
    ], { root: repository });
    const { classes, warnings } = await withOldest(result, 2);
    expect(classes.map(({ oldest }) => oldest?.member)).toEqual([result.chunks[1]?.id, undefined]);
    expect(warnings.at(-1)?.code).toBe('blame-limit');
  });

  test('lines that are not committed have no age, and a filter of the repository is not run', async () => {
    const proof = join(folder, 'ran');
    execFileSync('git', ['config', 'diff.evil.textconv', `touch ${proof};cat`], { cwd: repository });
    writeFileSync(join(repository, '.gitattributes'), '*.js diff=evil\n');
    expect(await blameSpans(repository, 'z.js', [{ startLine: 1, endLine: 8 }])).toEqual([{ commit: first, time: Date.parse('2019-03-04T12:00:00Z') / 1000 }]);
    expect(await blameSpans(repository, 'a.js', [{ startLine: 1, endLine: 8 }])).toEqual([undefined]);
    expect(() => readFileSync(proof)).toThrow();
    rmSync(join(repository, '.gitattributes'));
  });

  test('a file that git cannot blame is a warning', async () => {
    execFileSync('git', ['config', 'blame.ignoreRevsFile', 'missing'], { cwd: repository });
    const result = scanResult([{ members: [chunk('b.js', 'orderTotal', 2, 8), chunk('z.js', 'cartTotal', 1, 8)], type: 2, similarity: 1 }], { root: repository, warnings: [] });
    const { classes, warnings } = await withOldest(result);
    expect(classes[0]?.oldest).toBeUndefined();
    expect(warnings.map(({ code, path }) => `${code} ${path}`)).toEqual(['blame-failed b.js', 'blame-failed z.js']);
  });
});
