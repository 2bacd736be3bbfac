import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openPostgresStore } from '../../src/io/stores/postgres/store.ts';
import { loadRepositories } from '../../src/store/load.ts';
import type { VectorStore } from '../../src/store/port.ts';
import { infoOf, model, putToy } from './functions.ts';
import { startPostgres } from './pglite.ts';

let url: string;
let db: Awaited<ReturnType<typeof startPostgres>>['db'];
let store: VectorStore;
beforeAll(async () => {
  ({ url, db } = await startPostgres());
  store = await openPostgresStore(url);
});
const names = async (): Promise<string[]> => (await store.repositories()).map(({ name }) => name);
const count = async (table: string): Promise<number> => Number((await db.query<{ n: number }>(`select count(*) as n from simcode.${table}`)).rows[0]?.n);

describe('a store in PostgreSQL', () => {
  it('is empty, and leaves the database as it is, until something is added', async () => {
    expect(await store.repositories()).toEqual([]);
    expect(await store.remove('a')).toBe(false);
    expect(await store.check()).toEqual([]);
    expect((await db.query('select from pg_namespace where nspname = $1', ['simcode'])).rows).toEqual([]);
  });

  it('keeps, replaces and removes repositories; equal vectors are kept once and go with the last that has them', async () => {
    const packs = await putToy(store, 'a', 600);
    await putToy(store, 'b', 600);
    const distinct = new Set(packs.flatMap(({ vectors }) => vectors.map(({ id }) => id))).size;
    expect([await count('packs'), await count('vectors'), await names()]).toEqual([4, distinct, ['a', 'b']]);
    await putToy(store, 'b', 600);
    expect([await count('packs'), await count('vectors')]).toEqual([4, distinct]);
    const loaded = await loadRepositories(store, ['b'], model);
    expect([loaded.chunks.length, loaded.chunks[0]?.path]).toEqual([600, 'b/src/file0.ts']);
    expect(await store.bytes('b')).toBe(packs.reduce((sum, { bytes }) => sum + bytes.length, 0));
    expect([await store.remove('a'), await store.remove('a'), await count('vectors')]).toEqual([true, false, distinct]);
    await putToy(store, 'b', 3, 2);
    expect([await count('vectors'), await count('places'), await count('packs')]).toEqual([3, 3, 1]);
  });

  it('finds the nearest vectors of each, itself among them, and who holds them', async () => {
    const packs = await putToy(store, 'b', 600);
    const vectors = packs.flatMap((pack) => pack.vectors);
    const found = await store.search?.nearest(vectors.slice(0, 50), 5, true) ?? [];
    for (const [i, hits] of found.entries()) {
      const own = vectors[i]?.values ?? new Float32Array();
      const exact = vectors.map(({ values }) => values.reduce((sum, value, dim) => sum + value * (own[dim] ?? 0), 0)).toSorted((x, y) => y - x).slice(0, 5);
      expect(hits.map(({ id }) => id)).toContain(vectors[i]?.id);
      for (const [at, { cosine }] of hits.entries()) expect(cosine).toBeCloseTo(exact[at] ?? 0, 2);
    }
    const held = await store.search?.holders([vectors[0]?.id ?? '', vectors[599]?.id ?? '']);
    expect(held?.map(({ repository, bytes }) => [repository, bytes.length])).toEqual(packs.map(({ bytes }) => ['b', bytes.length]));
  });

  it('builds an index once it pays, and finds by it what reading all finds', async () => {
    const vectors = (await putToy(store, 'large', 2_100)).flatMap((pack) => pack.vectors);
    expect((await db.query('select from pg_indexes where indexname = $1', ['vectors_near'])).rows.length).toBe(1);
    const queries = vectors.filter((_, i) => i % 50 === 0);
    const found = await store.search?.nearest(queries, 10, true) ?? [];
    let shared = 0;
    for (const [i, hits] of found.entries()) {
      const own = queries[i]?.values ?? new Float32Array();
      const cosines = vectors.map(({ values }) => values.reduce((sum, value, dim) => sum + value * (own[dim] ?? 0), 0));
      const tenth = cosines.toSorted((x, y) => y - x)[9] ?? 1;
      shared += hits.filter(({ cosine }) => cosine >= tenth - 0.001).length;
    }
    expect(shared / (10 * queries.length)).toBeGreaterThan(0.99);
    await store.put(infoOf('more', 300), []);
    expect(await store.check()).toMatchObject([{ code: 'store-degraded' }]);
    await store.settle();
    expect(await store.check()).toEqual([]);
    await store.remove('more');
    await store.remove('large');
  });

  it('says when vectors of its functions are gone', async () => {
    const [first] = (await putToy(store, 'b', 60)).flatMap(({ vectors }) => vectors);
    if (first === undefined) throw new Error('no vector');
    await db.query('alter table simcode.places drop constraint places_vector_fkey');
    await db.query('delete from simcode.vectors where id = $1', [first.id]);
    await expect(store.search?.nearest([first], 5, true)).rejects.toThrow(/lacks 1 vectors of its functions/);
    await store.remove('b');
    await db.query('alter table simcode.places add foreign key (vector) references simcode.vectors');
  });

  it('loses nothing and shows nothing by halves when a client is killed while it writes', async () => {
    await putToy(store, 'killed', 20);
    const child = spawn(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'half-put.ts'), url], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'close');
    expect((await loadRepositories(store, ['killed'], model)).chunks.length).toBe(20);
    await putToy(store, 'killed', 1000, 7);
    expect((await loadRepositories(store, ['killed'], model)).chunks.length).toBe(1000);
    await store.remove('killed');
    expect(await count('packs')).toBe(0);
  });

  it('takes several writers at once', async () => {
    const others = await Promise.all(Array.from({ length: 4 }, () => openPostgresStore(url)));
    await Promise.all(others.map((other, i) => putToy(other, `w${i % 3}`, 100 + i)));
    expect(await names()).toEqual(['w0', 'w1', 'w2']);
    for (const name of await names()) expect((await loadRepositories(store, [name], model)).chunks.length).toBeGreaterThanOrEqual(100);
    for (const name of await names()) await store.remove(name);
    await store.settle();
    await Promise.all(others.map((other) => other.close()));
    expect([await count('vectors'), await count('places')]).toEqual([0, 0]);
  });

  it('is bound to one model while it holds anything, and takes another when it is empty', async () => {
    await putToy(store, 'a', 3);
    await expect(store.put(infoOf('b', 0, { ...model, id: 'other', dims: 4 }), [])).rejects.toThrow(/holds vectors of toy \(1, 8 dimensions\), not of other/);
    await store.remove('a');
    await store.put(infoOf('b', 0, { ...model, id: 'other', dims: 4 }), []);
    expect((await store.repositories())[0]?.model.id).toBe('other');
    await store.remove('b');
  });

  it('is left alone when a later simcode made it', async () => {
    await db.query('insert into simcode.version values (99)');
    await expect(store.repositories()).rejects.toThrow(/is of version 99, made by a later simcode/);
    await expect(putToy(store, 'a', 3)).rejects.toThrow(/later simcode/);
    await db.query('delete from simcode.version where version = 99');
  });

  it('fails with a reason and a hint, and never with a password', async () => {
    const failure = async (address: string): Promise<string> => {
      try {
        const opened = await openPostgresStore(address);
        await putToy(opened, 'a', 1).finally(() => opened.close());
      } catch (error) {
        return `${String(error)} | ${(error as { hint?: string }).hint ?? ''} | ${JSON.stringify(error)}`;
      }
      return 'none';
    };
    for (const [address, message] of [
      ['postgres://me:s3cret@127.0.0.1:1/db', /The store postgres:\/\/me@127\.0\.0\.1:1\/db failed: connect ECONNREFUSED.* \| Is the server up/],
      ['postgres://me:s3cret@[/db', /The address of the store is no URL \| For example/],
    ] as const) {
      const text = await failure(address);
      expect(text).toMatch(message);
      expect(text).not.toContain('s3cret');
    }
    expect(store.location).not.toContain('s3cret');
  });
});
