import type { PoolClient } from 'pg';
import type { Pack, RepositoryInfo, StoredVector } from '../../../store/port.ts';
import type { Database } from './connect.ts';
import { isStore, lockShared, prepare, tryLockExclusive } from './schema.ts';

/** Vectors from which an index pays: below, reading all takes some milliseconds a query and is complete. */
export const INDEX_FROM = 2_000;
/** The index is built anew for one new vector in so many: a vector costs some eight times as much when it is added singly. */
const REBUILD_FROM = 8;
/** Links a node and candidates while building: pgvector's defaults are 16 and 64. */
const INDEX = 'create index vectors_near on simcode.vectors using hnsw (v halfvec_cosine_ops) with (m = 16, ef_construction = 128)';

/** Writes a repository as one transaction. Writers of other repositories go on beside it. */
export async function putRepository(database: Database, info: RepositoryInfo, packs: Iterable<Pack>, onProgress: (functions: number) => void): Promise<void> {
  await prepare(database, info.model);
  await makeRoom(database, info);
  await database.transaction(async (client) => {
    await lockShared(client);
    await client.query('select pg_advisory_xact_lock(hashtext($1))', [info.name]);
    await client.query('delete from simcode.repositories where name = $1', [info.name]);
    await client.query('insert into simcode.repositories values ($1, $2)', [info.name, JSON.stringify(info)]);
    await client.query('create temporary table staged (id uuid, v text, pack integer) on commit drop');
    let [at, functions] = [0, 0];
    for (const pack of packs) {
      await client.query('insert into simcode.packs values ($1, $2, $3, $4)', [info.name, at, pack.functions, Buffer.from(pack.bytes)]);
      await stage(client, pack.vectors, at++);
      onProgress(functions += pack.functions);
    }
    // in one order, so that two writers of the same vectors wait for each other and never in a circle
    await client.query(`insert into simcode.vectors select distinct on (id) id, v::halfvec from staged order by id on conflict do nothing`);
    await client.query('insert into simcode.places select id, $1, pack from staged', [info.name]);
  });
}

export async function removeRepository(database: Database, name: string): Promise<boolean> {
  return database.transaction(async (client) => {
    if (!await isStore(client, database.location)) return false;
    await lockShared(client);
    return (await client.query('delete from simcode.repositories where name = $1', [name])).rowCount === 1;
  });
}

/** Takes the index away before very many vectors are added to it: to build it anew is then faster. */
async function makeRoom(database: Database, { name, functions }: RepositoryInfo): Promise<void> {
  await database.transaction(async (client) => {
    if (!await hasIndex(client) || !await tryLockExclusive(client)) return;
    const { rows: [row] } = await client.query<{ before: number }>(`select (info ->> 'functions')::integer as before from simcode.repositories where name = $1`, [name]);
    if ((functions - (row?.before ?? 0)) * REBUILD_FROM > await vectorCount(client)) await client.query('drop index simcode.vectors_near');
  });
}

async function stage(client: PoolClient, vectors: readonly StoredVector[], pack: number): Promise<void> {
  await client.query('insert into staged select id, v, $3 from unnest($1::uuid[], $2::text[]) as new (id, v)', [vectors.map(({ id }) => id), vectors.map(({ values }) => vectorText(values)), pack]);
}

/** Half floats have three digits. */
export function vectorText(values: Float32Array): string {
  return `[${Array.from(values, (value) => Number(value.toPrecision(5))).join(',')}]`;
}

/**
 * Drops vectors that no repository has any more, and builds the index once it pays. Left to the next writer while another
 * one is at work: what is left does no harm.
 */
export async function settle(database: Database): Promise<void> {
  await database.transaction(async (client) => {
    if (!await isStore(client, database.location) || !await tryLockExclusive(client)) return;
    await client.query('delete from simcode.vectors where not exists (select from simcode.places where vector = id)');
    if (await hasIndex(client) || await vectorCount(client) < INDEX_FROM) return;
    await client.query(`set local maintenance_work_mem = '512MB'`);
    await client.query(INDEX);
    await client.query('analyze simcode.vectors');
  });
}

export async function hasIndex(client: PoolClient): Promise<boolean> {
  const { rows } = await client.query<{ indisvalid: boolean }>(`select indisvalid from pg_index where indexrelid = to_regclass('simcode.vectors_near')`);
  return rows[0]?.indisvalid === true;
}

export async function vectorCount(client: PoolClient): Promise<number> {
  const { rows } = await client.query<{ count: string }>('select count(*) from simcode.vectors');
  return Number(rows[0]?.count ?? 0);
}
