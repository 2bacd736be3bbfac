import { SimcodeError } from '../../../errors.ts';
import type { VectorStore } from '../../../store/port.ts';
import type { Warning } from '../../../types.ts';
import { parseAddress } from './address.ts';
import { createClient, type Client } from './client.ts';
import { checkHealth } from './health.ts';
import { getObject } from './objects.ts';
import { getRecord, packId, readRecords } from './records.ts';
import { isStore, PACKS, REPOSITORIES, VECTORS } from './schema.ts';
import { weaviateSearch } from './search.ts';
import { dropUnheld, putRepository, removeRepository } from './write.ts';

/**
 * A store in three collections of a Weaviate cluster: vectors by their hash, packs, and one record a repository. Packs and
 * records are read by id from a quorum of replicas, never by a search, which a replica that missed writes answers as well.
 * @param typed `weaviate://host:port,host:port`, all nodes of the cluster
 * @param key API key, if the cluster wants one
 */
export function openWeaviateStore(typed: string, key: string | undefined): VectorStore {
  const client = createClient(parseAddress(typed), key);
  /** Vectors that replaced and removed packs held. */
  const released = new Set<string>();
  const release = (ids: readonly string[]): void => { for (const id of ids) released.add(id); };
  return {
    location: client.address.location,
    repositories: async () => (await isStore(client) ? (await readRecords(client)).map(({ info }) => info) : []),
    packs: (name) => readPacks(client, name),
    put: async (info, packs, onProgress = () => {}) => release(await putRepository(client, info, packs, onProgress)),
    remove: async (name) => {
      const removed = await removeRepository(client, name);
      release(removed.released);
      return removed.there;
    },
    settle: async () => {
      await dropUnheld(client, [...released]);
      released.clear();
    },
    bytes: async (name) => (await getRecord(client, name))?.bytes ?? 0,
    search: weaviateSearch(client),
    check: () => check(client),
    close: () => client.close(),
  };
}

async function* readPacks(client: Client, name: string): AsyncGenerator<Uint8Array> {
  const record = await getRecord(client, name);
  if (record === undefined || record.removed) return;
  for (let at = 0; at < record.packs; at++) {
    const bytes = (await getObject(client, PACKS, packId(name, record.generation, at)))?.['bytes'];
    if (typeof bytes !== 'string') {
      throw new SimcodeError('store', `The store ${client.address.location} lacks part ${at + 1} of ${record.packs} of ${name}`, { hint: 'See simcode index list --store <where>; index the repository again if it stays so.' });
    }
    yield Buffer.from(bytes, 'base64');
  }
}

async function check(client: Client): Promise<readonly Warning[]> {
  if (!await isStore(client)) return [];
  const records = await readRecords(client);
  const most = Math.max(0, ...records.map(({ vectors }) => vectors));
  return checkHealth(client, {
    nodes: [...new Set(records.flatMap(({ nodes }) => nodes))].toSorted(),
    objects: { [REPOSITORIES]: records.length, [PACKS]: records.reduce((sum, { packs }) => sum + packs, 0), [VECTORS]: most },
  });
}
