import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { createProgram } from '../../src/cli/program.ts';
import { root, temporaryFolder } from '../cli/run.ts';
import { useEnvironment } from '../explain/run.ts';
import { startPostgres } from './pglite.ts';

const folder = temporaryFolder();
useEnvironment({ SIMCODE_CACHE_DIR: join(folder, 'cache') });
const run = (...args: readonly string[]): Promise<unknown> => createProgram(() => undefined).parseAsync([...args, '--quiet'], { from: 'user' });

interface Report { readonly summary: { readonly index: string; readonly chunks: number }; readonly clusters: unknown }
const stores = new Map<string, string>();
async function scan(...args: readonly string[]): Promise<Report> {
  const file = join(folder, 'report.json');
  await run('scan', ...args, '--json', '-o', file);
  return JSON.parse(readFileSync(file, 'utf8')) as Report;
}

beforeAll(async () => {
  for (const [from, to] of [['demo', 'shop'], ['compare', 'depot'], ['micro', 'families']] as const) cpSync(join(root, 'fixtures', from), join(folder, to), { recursive: true });
  stores.set('folder', join(folder, 'store'));
  stores.set('postgres', (await startPostgres()).url);
  for (const store of stores.values()) await run('index', 'add', ...['shop', 'depot', 'families'].map((name) => join(folder, name)), '--tests', 'include', '--store', store);
});

describe('the classes of a store', () => {
  it.each([['postgres', 'exact'], ['postgres', 'hnsw']])('are the same from %s, searched by %s, as by the complete search of a folder', async (kind, index) => {
    const expected = await scan('--store', stores.get('folder') ?? '', '--index', 'exact');
    expect(expected.summary.chunks).toBeGreaterThan(100);
    const found = await scan('--store', stores.get(kind) ?? '', '--index', index);
    expect(found.summary.index).toBe(index);
    expect(found.clusters).toEqual(expected.clusters);
  });
});
