import { SimcodeError } from '../../../errors.ts';
import type { VectorStore } from '../../../store/port.ts';
import type { Warning } from '../../../types.ts';
import { parseAddress } from './address.ts';
import { createClient, type Client } from './client.ts';
import { checkHealth } from './health.ts';
import { getObject } from './objects.ts';
import { getRecord, packId, readRecords } from './records.ts';
import { isStore, PACKS, REPOSITORIES, vectorsOf } from './schema.ts';
import { weaviateSearch } from './search.ts';
import { dropUnheld, putRepository, removeRepository, type Released } from './write.ts';

/**
 * A store in three collections of a Weaviate cluster: vectors by their hash, packs, and one record a repository. Packs and
 * records are read by id from a quorum of replicas, never by a search, which a replica that missed writes answers as well.
 * @param typed `weaviate://host:port,host:port`, all nodes of the cluster
 * @param key API key, if the cluster wants one
 */
export function openWeaviateStore(typed: string, key: string | undefined): VectorStore {
  const client = createClient(parseAddress(typed), key);
  const released: Released[] = [];
  return {
    location: client.address.location,
    repositories: async () => (await isStore(client) ? (await readRecords(client)).map(({ info }) => info) : []),
    packs: (name) => readPacks(client, name),
    put: async (info, packs, onProgress = () => {}) => { released.push(await putRepository(client, info, packs, onProgress)); },
    remove: async (name) => {
      const removed = await removeRepository(client, name);
      if (removed !== undefined) released.push(removed);
      return removed !== undefined;
    },
    settle: async () => {
      for (const one of released.splice(0)) await dropUnheld(client, one);
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
  const objects: Record<string, number> = { [REPOSITORIES]: records.length, [PACKS]: records.reduce((sum, { packs }) => sum + packs, 0) };
  for (const { info: { model: { dims } }, vectors } of records) objects[vectorsOf(dims)] = Math.max(vectors, objects[vectorsOf(dims)] ?? 0);
  return checkHealth(client, { nodes: [...new Set(records.flatMap(({ nodes }) => nodes))].toSorted(), objects });
}
