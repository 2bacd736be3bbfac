import { repositoryInfoSchema, type RepositoryInfo, type VectorStore } from '../../../store/port.ts';
import type { Warning } from '../../../types.ts';
import { openDatabase, type Database } from './connect.ts';
import { isStore } from './schema.ts';
import { postgresSearch } from './search.ts';
import { hasIndex, INDEX_FROM, putRepository, removeRepository, settle, vectorCount } from './write.ts';

/**
 * A store in the schema `simcode` of a PostgreSQL database with pgvector: packs as they are, distinct vectors as half
 * floats under an HNSW index, and which pack holds which vector. Nothing is changed in the database before the first `put`.
 * @param address `postgres://user:password@host:port/database`
 */
export async function openPostgresStore(address: string): Promise<VectorStore> {
  const database = await openDatabase(address);
  return {
    location: database.location,
    repositories: () => repositories(database),
    packs: (name) => readPacks(database, name),
    put: (info, packs, onProgress = () => {}) => putRepository(database, info, packs, onProgress),
    remove: (name) => removeRepository(database, name),
    settle: () => settle(database),
    bytes: (name) => database.use(async (client) => {
      const { rows: [row] } = await client.query<{ bytes: string | null }>('select sum(length(bytes)) as bytes from simcode.packs where repository = $1', [name]);
      return Number(row?.bytes ?? 0);
    }),
    search: postgresSearch(database),
    check: () => check(database),
    close: () => database.close(),
  };
}

function repositories(database: Database): Promise<readonly RepositoryInfo[]> {
  return database.use(async (client) => {
    if (!await isStore(client, database.location)) return [];
    const { rows } = await client.query<{ info: unknown }>('select info from simcode.repositories order by name collate "C"');
    return rows.map(({ info }) => repositoryInfoSchema.parse(info));
  });
}

/** Packs of one state of the repository, though it may be replaced meanwhile: all by one statement. */
async function* readPacks(database: Database, name: string): AsyncGenerator<Uint8Array> {
  const { rows } = await database.use((client) => client.query<{ bytes: Buffer }>('select bytes from simcode.packs where repository = $1 order by at', [name]));
  for (const { bytes } of rows) yield bytes;
}

function check(database: Database): Promise<readonly Warning[]> {
  return database.use(async (client) => {
    if (!await isStore(client, database.location) || await hasIndex(client)) return [];
    const count = await vectorCount(client);
    if (count < INDEX_FROM) return [];
    return [{ code: 'store-degraded', message: `The store ${database.location} has no index over its ${count} vectors, so searches look at all of them; the next simcode index add builds it` }];
  });
}
