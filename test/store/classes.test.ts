import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createProgram } from '../../src/cli/program.ts';
import { queryResultSchema } from '../../src/store/schema.ts';
import { root, temporaryFolder } from '../cli/run.ts';
import { useEnvironment } from '../explain/run.ts';
import { FakeWeaviate } from './fake-weaviate.ts';
import { startPostgres } from './pglite.ts';

const folder = temporaryFolder();
useEnvironment({ SIMCODE_CACHE_DIR: join(folder, 'cache') });
const run = (...args: readonly string[]): Promise<unknown> => createProgram(() => undefined).parseAsync([...args, '--quiet'], { from: 'user' });

interface Report { readonly summary: { readonly index: string; readonly chunks: number }; readonly clusters: unknown }
let stopping = async (): Promise<void> => {};
afterAll(() => stopping());
const stores = new Map<string, string>();
async function scan(...args: readonly string[]): Promise<Report> {
  const file = join(folder, 'report.json');
  await run('scan', ...args, '--json', '-o', file);
  return JSON.parse(readFileSync(file, 'utf8')) as Report;
}

/** What a store finds for a function, most similar first. */
async function ask(place: string, kind: string): Promise<readonly { readonly path: string; readonly similarity: number }[] | undefined> {
  const file = join(folder, 'answer.json');
  await run('index', 'query', place, '--store', stores.get(kind) ?? '', '--json', '-o', file);
  const found = queryResultSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).answers[0]?.matches;
  return found?.map(({ path, similarity, type }) => ({ path, similarity, type }));
}

beforeAll(async () => {
  for (const [from, to] of [['demo', 'shop'], ['compare', 'depot'], ['micro', 'families']] as const) cpSync(join(root, 'fixtures', from), join(folder, to), { recursive: true });
  stores.set('folder', join(folder, 'store'));
  stores.set('postgres', (await startPostgres()).url);
  const cluster = await FakeWeaviate.start(3);
  stopping = () => cluster.stop();
  stores.set('weaviate', cluster.url);
  for (const store of stores.values()) await run('index', 'add', ...['shop', 'depot', 'families'].map((name) => join(folder, name)), '--tests', 'include', '--store', store);
});

describe('the classes of a store', () => {
  it.each([['postgres', 'exact'], ['postgres', 'hnsw'], ['weaviate', 'exact'], ['weaviate', 'hnsw']])('are the same from %s, searched by %s, as by the complete search of a folder', async (kind, index) => {
    const expected = await scan('--store', stores.get('folder') ?? '', '--index', 'exact');
    expect(expected.summary.chunks).toBeGreaterThan(100);
    const found = await scan('--store', stores.get(kind) ?? '', '--index', index);
    expect(found.summary.index).toBe(index);
    expect(found.clusters).toEqual(expected.clusters);
    const place = `${join(folder, 'shop/web/orders/totals.ts')}:8`;
    expect(await ask(place, kind)).toEqual(await ask(place, 'folder'));
  });
});
