import type { PoolClient } from 'pg';
import { SimcodeError } from '../../../errors.ts';
import type { HeldPack, Hit, StoredVector, StoreSearch } from '../../../store/port.ts';
import { repositoryName } from '../../../store/port.ts';
import { CONNECTIONS, type Database } from './connect.ts';
import { vectorText } from './write.ts';

/** Candidates that pgvector keeps while it searches: at least this, and four times what is asked for, within its limit of 1,000. */
const MIN_EF = 200;
const MAX_EF = 1000;
/** Packs that one answer may bring: a vector that a thousand repositories have is known well enough from these. */
const MAX_HOLDERS = 500;

export function postgresSearch(database: Database): StoreSearch {
  return {
    nearest: async (queries, k, known) => {
      const size = Math.ceil(queries.length / CONNECTIONS);
      const parts = Array.from({ length: CONNECTIONS }, (_, i) => queries.slice(i * size, (i + 1) * size)).filter(({ length }) => length > 0);
      return (await Promise.all(parts.map((part) => nearestOf(database, part, k, known)))).flat();
    },
    holders: (ids) => database.use(async (client): Promise<readonly HeldPack[]> => {
      const { rows } = await client.query<{ repository: string; bytes: Buffer }>(
        `select repository, bytes from simcode.packs where (repository, at) in (select repository, pack from simcode.places where vector = any($1::uuid[])) order by repository, at limit ${MAX_HOLDERS}`,
        [ids],
      );
      return rows.map(({ repository, bytes }) => ({ repository: repositoryName.parse(repository), bytes }));
    }),
  };
}

async function nearestOf(database: Database, queries: readonly StoredVector[], k: number, known: boolean): Promise<readonly (readonly Hit[])[]> {
  return database.transaction(async (client) => {
    await client.query(`select set_config('hnsw.ef_search', $1, true)`, [String(Math.min(MAX_EF, Math.max(MIN_EF, 4 * k)))]);
    const found = await ask(client, queries, k);
    if (!known) return found;
    const missed = [...queries.keys()].filter((i) => found[i]?.some(({ id }) => id === queries[i]?.id) !== true);
    if (missed.length === 0) return found;
    await requireVectors(client, database.location, missed.flatMap((i) => queries[i]?.id ?? []));
    // the index does not lead to them: all vectors are looked at instead
    await client.query('set local enable_indexscan = off');
    const complete = await ask(client, missed.flatMap((i) => queries[i] ?? []), k);
    return found.map((hits, i) => (missed.includes(i) ? complete[missed.indexOf(i)] ?? hits : hits));
  });
}

async function ask(client: PoolClient, queries: readonly StoredVector[], k: number): Promise<Hit[][]> {
  const { rows } = await client.query<{ at: string; id: string; distance: number }>(
    // materialized: a vector is read from its text once, not once a row
    `with q as materialized (select at, v::halfvec as v from unnest($1::text[]) with ordinality as asked (v, at))
     select q.at, h.id, h.distance from q cross join lateral
     (select id, vectors.v <=> q.v as distance from simcode.vectors order by vectors.v <=> q.v limit $2) h order by q.at, h.distance, h.id`,
    [queries.map(({ values }) => vectorText(values)), k],
  );
  const found = queries.map((): Hit[] => []);
  for (const { at, id, distance } of rows) found[Number(at) - 1]?.push({ id: id.replaceAll('-', ''), cosine: 1 - distance });
  return found;
}

/** @throws SimcodeError `store` when vectors that packs speak of are not there */
async function requireVectors(client: PoolClient, location: string, ids: readonly string[]): Promise<void> {
  const { rows: [row] } = await client.query<{ there: string }>('select count(*) as there from simcode.vectors where id = any($1::uuid[])', [ids]);
  const gone = ids.length - Number(row?.there ?? 0);
  if (gone > 0) throw new SimcodeError('store', `The store ${location} lacks ${gone} vectors of its functions`, { hint: 'Index the repositories again: simcode index add <folder> --store <where>' });
}
