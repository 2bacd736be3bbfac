import { spawn } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { createProgram } from '../../src/cli/program.ts';
import { comparisonSchema, type Comparison } from '../../src/compare/schema.ts';
import { queryResultSchema, type QueryResult } from '../../src/store/schema.ts';
import { bin, cleanEnv, root, simcode, temporaryFolder } from '../cli/run.ts';
import { failureOf, runHere, useEnvironment } from '../explain/run.ts';

const folder = temporaryFolder();
const store = join(folder, 'store');
const env = { SIMCODE_CACHE_DIR: join(folder, 'cache'), COLUMNS: '100' };
useEnvironment(env);

interface Report { readonly summary: { readonly chunks: number; readonly files: number; readonly embedded: number }; readonly clusters: readonly { readonly type: number; readonly similarity: number; readonly members: readonly { readonly path: string; readonly name: string }[] }[] }
const scan = async (...args: readonly string[]): Promise<Report> => JSON.parse(await runHere(['scan', ...args, '--json'], folder)) as Report;
const query = async (...args: readonly string[]): Promise<QueryResult> => queryResultSchema.parse(JSON.parse(await runHere(['index', 'query', ...args, '--json', '--store', store], folder)));
const classes = ({ clusters }: Report, prefix = ''): string[] => clusters.map(({ members, type }) => `${type} ${members.map(({ path, name }) => `${prefix}${path}#${name}`).toSorted().join(' ')}`).toSorted();
const compare = async (...args: readonly string[]): Promise<Comparison> => comparisonSchema.parse(JSON.parse(await runHere(['compare', ...args, '--store', store, '--json'], folder)));

/** Runs simcode with text on its stdin. */
async function simcodeFed(text: string, args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [bin, ...args], { env: cleanEnv(env), stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(text);
  let out = '';
  for await (const part of child.stdout) out += String(part);
  return out;
}

beforeAll(async () => {
  cpSync(join(root, 'fixtures/demo'), join(folder, 'shop'), { recursive: true });
  cpSync(join(root, 'fixtures/compare'), join(folder, 'depot'), { recursive: true });
  const { code, stdout, stderr } = await simcode(['index', 'add', 'shop', 'depot', '--store', 'store', '--tests', 'include'], { cwd: folder, env });
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^shop: 30 functions of 12 files, 29 texts embedded, 0\.0 MB \(\d+ bytes a function\)\ndepot: 9 functions of 5 files, \d texts embedded/);
});

describe('simcode index', () => {
  it('keeps one file a repository, at most 1 KB a function, without source text', () => {
    expect(readdirSync(store)).toEqual(['depot.simcode', 'shop.simcode']);
    expect(statSync(join(store, 'shop.simcode')).size / 30).toBeLessThan(1024);
    expect(readFileSync(join(store, 'shop.simcode'), 'latin1')).not.toContain('return');
  });

  it('lists what it has', async () => {
    const { stdout } = await simcode(['index', 'list', '--store', store], { env });
    expect(stdout).toMatch(/store: 2 repositories, 39 functions, 0\.0 MB\n {2}depot: 9 functions of 5 files \(109 lines\), 0\.0 MB, model mini mini-/);
    const { stdout: json } = await simcode(['index', 'list', '--store', store, '--json'], { env });
    expect(JSON.parse(json)).toMatchObject({ schemaVersion: 1, repositories: [{ name: 'depot', functions: 9 }, { name: 'shop', functions: 30, files: 12 }], warnings: [] });
  });

  it('says whether a function exists already, of which repository', async () => {
    const place = `${join(folder, 'shop/web/orders/totals.ts')}:8`;
    const { answers: [answer], repositories } = await query(place);
    expect(repositories.map(({ name }) => name)).toEqual(['depot', 'shop']);
    expect(answer).toMatchObject({ function: { name: 'orderTotal' }, exists: true });
    expect(answer?.matches.slice(0, 2)).toMatchObject([
      { repository: 'shop', path: 'web/orders/totals.ts', startLine: 6, similarity: 1, type: 1 }, { repository: 'shop', path: 'web/orders/invoice.ts', name: 'invoiceAmount', type: 2 },
    ]);
    expect(answer?.matches.length).toBe(5);
    expect((await query(place, '--in', 'depot', '--top', '1')).answers).toMatchObject([{ exists: false, matches: [{ repository: 'depot' }] }]);
    const { stdout } = await simcode(['index', 'query', place, '--store', store], { env });
    expect(stdout).toMatch(/orderTotal \(.*totals\.ts:6-18\) exists already: 2 functions like it\n/);
    expect(stdout).toMatch(/│ +100% │ identical copy │ shop\/web\/orders\/totals\.ts:6-18 +│ orderTotal/);
    expect(stdout).toContain('Looked at 39 functions of 2 repositories in');
  });

  it('answers for every function of a file, and for code from stdin', async () => {
    const { answers } = await query(join(folder, 'depot/copy/stock.ts'));
    expect(answers.map(({ function: { name }, exists }) => [name, exists])).toEqual([['shoppingList', true], ['parseItems', true], ['drawChart', true]]);
    const code = readFileSync(join(folder, 'shop/web/catalog/search.ts'), 'utf8').split('\n').slice(21, 30).join('\n');
    const renamed = code.replaceAll('slugify', 'toAddress');
    const result = queryResultSchema.parse(JSON.parse(await simcodeFed(renamed, ['index', 'query', '-', '--lang', 'typescript', '--store', store, '--json'])));
    expect(result.answers[0]).toMatchObject({ exists: true, matches: [{ name: 'slugify' }, { name: 'slugify' }, {}, {}, {}] });
  });

  it('reads no sources but those asked about', async () => {
    const lone = join(folder, 'lone');
    cpSync(join(folder, 'shop'), lone, { recursive: true });
    await runAdd(lone);
    rmSync(lone, { recursive: true });
    const place = `${join(folder, 'shop/web/orders/totals.ts')}:8`;
    expect((await query(place, '--in', 'lone')).answers[0]?.exists).toBe(true);
    expect((await scan('lone', '--store', store)).summary.chunks).toBe(30);
    expect((await simcode(['index', 'remove', 'lone', '--store', store], { env })).stdout).toMatch(/^Removed lone from /);
    expect(readdirSync(store)).toEqual(['depot.simcode', 'shop.simcode']);
  });

  it('replaces a repository that is added again', async () => {
    const again = join(folder, 'again');
    cpSync(join(folder, 'depot/copy'), again, { recursive: true });
    await runAdd(again);
    const before = readFileSync(join(store, 'again.simcode'));
    await runAdd(again);
    expect(readFileSync(join(store, 'again.simcode')).equals(before)).toBe(true);
    writeFileSync(join(again, 'stock.ts'), 'export const empty = 1;\n');
    await runAdd(again);
    expect((await scan('again', '--store', store)).summary).toMatchObject({ chunks: 1, files: 2, embedded: 0 });
    rmSync(join(store, 'again.simcode'));
  });

  it('refuses what it cannot do', async () => {
    const other = join(folder, 'other/shop');
    cpSync(join(folder, 'depot'), other, { recursive: true });
    for (const [args, message] of [
      [['index', 'add', join(folder, 'gone'), '--store', store], /gone does not exist \| /],
      [['index', 'add', join(folder, 'shop'), other, '--store', store], /would both be repository shop \| Add one of them by itself under another name/],
      [['index', 'add', join(folder, 'shop'), other, '--name', 'x', '--store', store], /^--name names one folder, not 2/],
      [['index', 'add', other, '--name', '../x', '--store', store], /"\.\.\/x" cannot be the name of a repository/],
      [['index', 'add', '--store', store], /^Which folders shall be indexed\?/],
      [['index', 'add', other], /required option '--store <where>' not specified/],
      [['index', 'remove', 'nope', '--store', store], /has no repository nope \| It has depot, shop\./],
      [['index', 'query', '--store', store], /^Which function shall be looked for\?/],
      [['index', 'query', `${other}/copy/stock.ts:5`, '--store', store, '--in', 'nope'], /has no repository nope/],
      [['index', 'query', `${other}/copy/stock.ts:5`, '--store', join(folder, 'none')], /none is empty \| Add a repository/],
      [['index', 'query', `${other}/copy/stock.ts:5`, '--store', 'redis://x'], /There are no stores of kind redis:\/\//],
      [['scan', '--store', store, 'nope'], /has no repository nope/],
      [['compare', '--store', store], /^With --store one tree is compared/],
      [['compare', other, '--in', 'shop'], /there is no --store/],
    ] as const) expect(await failureOf(args)).toMatch(message);
  });
});

describe('the address of a store', () => {
  it.each([['postgres://me:s3cret@127.0.0.1:1/db', /^The store postgres:\/\/me@127\.0\.0\.1:1\/db failed: .*ECONNREFUSED.* \| Is the server up/], ['weaviate://me:s3cret@127.0.0.1:1', /takes no user and no key \| The key comes from SIMCODE_STORE_KEY/]])(
    'is printed without its password: %s', async (address, message) => {
      for (const args of [['index', 'list'], ['scan'], ['index', 'query', `${join(folder, 'shop/web/orders/totals.ts')}:8`], ['compare', join(folder, 'shop')], ['index', 'add', join(folder, 'shop')]]) {
        const text = await failureOf([...args, '--store', address]);
        expect(text).toMatch(message);
        expect(text).not.toContain('s3cret');
      }
    });
});

describe('a store in other commands', () => {
  it('scan --store finds the classes of a scan of the same tree', async () => {
    const fromTree = await scan(join(folder, 'shop'), '--tests', 'include');
    expect(classes(await scan('shop', '--store', store))).toEqual(classes(fromTree, 'shop/'));
    expect(classes(fromTree).length).toBe(5);
  });

  it('scan --store finds classes across repositories, narrowed by size and language', async () => {
    const all = await scan('--store', store);
    expect([all.summary.chunks, all.summary.files, all.summary.embedded]).toEqual([39, 17, 0]);
    expect(all.clusters.some(({ members }) => members.length === 3 && members.every(({ path }) => path.startsWith('depot/')))).toBe(true);
    expect((await scan('--store', store, '--min-lines', '10')).summary.chunks).toBe(23);
    expect((await scan('--store', store, '--lang', 'python')).clusters.every(({ members }) => members.every(({ path }) => path.endsWith('.py')))).toBe(true);
  });

  it('compare sets a tree against the store, or two repositories against each other', async () => {
    const found = await compare(join(folder, 'depot/copy'));
    expect([found.a.functions, found.a.functionShare, found.b.name, found.b.chunks]).toEqual([4, 1, store, 39]);
    expect(found.pairs.every(({ b }) => b.path.startsWith('depot/'))).toBe(true);
    expect(found.files.a[0]?.counterpart).toMatch(/^depot\//);
    expect((await compare(join(folder, 'depot/copy'), '--in', 'shop')).pairs).toEqual([]);
    const both = await compare('--in', 'shop', '--in', 'depot');
    expect([both.a.name, both.a.chunks, both.b.name, both.b.chunks]).toEqual(['shop', 30, 'depot', 9]);
  });
});

async function runAdd(path: string): Promise<void> {
  await createProgram(() => undefined).parseAsync(['index', 'add', path, '--store', store, '--tests', 'include', '--quiet'], { from: 'user' });
}
