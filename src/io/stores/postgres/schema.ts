import type { PoolClient } from 'pg';
import { SimcodeError } from '../../../errors.ts';
import { checkModel } from '../../../store/load.ts';
import { storeModelSchema, type StoreModel } from '../../../store/port.ts';
import type { Database } from './connect.ts';

/** Advisory lock of a store: shared by those who write repositories, exclusive for those who change its form. */
const LOCK = '6003510918210223716';
/** pgvector's limit for an HNSW index on halfvec. */
const MAX_DIMS = 4000;

/** Statements that lead from one version to the next; only ever appended to. */
const MIGRATIONS: readonly string[] = [
  `create extension if not exists vector;
   create table simcode.model (single boolean primary key default true check (single), model jsonb not null);
   create table simcode.repositories (name text primary key, info jsonb not null);
   create table simcode.packs (
     repository text not null references simcode.repositories on delete cascade, at integer not null, functions integer not null,
     bytes bytea not null, primary key (repository, at));
   alter table simcode.packs alter column bytes set storage external;`,
];

const vectorTables = (dims: number): string => `
  drop table if exists simcode.places, simcode.vectors;
  create table simcode.vectors (id uuid primary key, v halfvec(${dims}) not null);
  create table simcode.places (
    vector uuid not null references simcode.vectors, repository text not null, pack integer not null, primary key (vector, repository, pack),
    foreign key (repository, pack) references simcode.packs on delete cascade);
  create index places_of_pack on simcode.places (repository, pack);`;

export async function lockShared(client: PoolClient): Promise<void> {
  await client.query(`select pg_advisory_xact_lock_shared(${LOCK})`);
}

/** Waits for nobody: whether the lock was got. */
export async function tryLockExclusive(client: PoolClient): Promise<boolean> {
  const { rows } = await client.query<{ got: boolean }>(`select pg_try_advisory_xact_lock(${LOCK}) as got`);
  return rows[0]?.got === true;
}

/** Whether there is a store in the database. @throws SimcodeError `store` when a later version of simcode made it */
export async function isStore(client: PoolClient, location: string): Promise<boolean> {
  return await versionOf(client, location) > 0;
}

async function versionOf(client: PoolClient, location: string): Promise<number> {
  const { rows: [found] } = await client.query<{ there: boolean }>(`select to_regclass('simcode.version') is not null as there`);
  if (found?.there !== true) return 0;
  const { rows: [row] } = await client.query<{ version: number }>('select max(version) as version from simcode.version');
  const version = row?.version ?? 0;
  if (version <= MIGRATIONS.length) return version;
  throw new SimcodeError('store', `The store ${location} is of version ${version}, made by a later simcode`, { hint: 'Update simcode.' });
}

/**
 * Brings the database to the present form, with room for vectors of a model. A store without repositories takes any model.
 * @throws SimcodeError `store` when it holds vectors of another model
 */
export async function prepare(database: Database, model: StoreModel): Promise<void> {
  if (model.dims > MAX_DIMS) throw new SimcodeError('store', `PostgreSQL stores take vectors of up to ${MAX_DIMS} dimensions, not ${model.dims}`, { hint: 'Cut them with --dims, or use a folder as the store.' });
  const ready = await database.use(async (client) => await versionOf(client, database.location) === MIGRATIONS.length && await fits(client, database.location, model));
  if (ready) return;
  await database.transaction(async (client) => {
    await client.query(`select pg_advisory_xact_lock(${LOCK})`);
    const version = await versionOf(client, database.location);
    if (version === 0) await client.query('create schema if not exists simcode; create table simcode.version (version integer primary key)');
    for (const [i, statements] of MIGRATIONS.entries()) {
      if (i < version) continue;
      await client.query(statements);
      await client.query('insert into simcode.version values ($1)', [i + 1]);
    }
    if (await fits(client, database.location, model)) return;
    await client.query(vectorTables(model.dims));
    await client.query('insert into simcode.model (model) values ($1) on conflict (single) do update set model = excluded.model', [JSON.stringify(model)]);
  });
}

/** Whether vectors of a model can be written; false when the store holds none yet and has to be made ready for them. */
async function fits(client: PoolClient, location: string, model: StoreModel): Promise<boolean> {
  const held = await modelOf(client);
  if (held === undefined) return false;
  const { rows: [row] } = await client.query<{ held: boolean }>('select exists (select from simcode.repositories) as held');
  if (row?.held === true) checkModel(location, held, model);
  return (['id', 'revision', 'dims', 'instruction'] as const).every((key) => held[key] === model[key]);
}

async function modelOf(client: PoolClient): Promise<StoreModel | undefined> {
  const { rows: [row] } = await client.query<{ model: unknown }>('select model from simcode.model');
  return row === undefined ? undefined : storeModelSchema.parse(row.model);
}
