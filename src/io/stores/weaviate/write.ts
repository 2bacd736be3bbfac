import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { SimcodeError } from '../../../errors.ts';
import { checkModel } from '../../../store/load.ts';
import type { Pack, RepositoryInfo } from '../../../store/port.ts';
import type { Client } from './client.ts';
import { clusterNodes } from './health.ts';
import { deleteMatching, deleteObject, getObject, putObjects, rowsOf, uuid } from './objects.ts';
import { getRecord, packId, putRecord, readRecords, type StoreRecord } from './records.ts';
import { isStore, PACKS, prepare, vectorsOf } from './schema.ts';

/** Vectors of one request: some megabytes. */
const BATCH = 256;
/** Rows that a server gives at most unless it is set up otherwise. */
const MAX_HOLDERS = 10_000;

/** Vectors that a replaced or removed repository held. */
export interface Released {
  readonly dims: number;
  readonly ids: readonly string[];
}

/**
 * Writes packs and vectors beside what is there, checks that they are kept, and only then lets the repository's record
 * point to them: readers see the old repository or the whole new one, and a client that is killed changes nothing. A pack
 * comes before its vectors, so that nobody takes them for vectors that no pack holds.
 */
export async function putRepository(client: Client, info: RepositoryInfo, packs: Iterable<Pack>, onProgress: (functions: number) => void): Promise<Released> {
  await prepare(client, info.model.dims);
  for (const other of await readRecords(client)) if (other.info.name !== info.name) checkModel(client.address.location, other.info.model, info.model);
  const before = await getRecord(client, info.name);
  const generation = randomUUID();
  const written = new Set<string>();
  let [at, functions, bytes] = [0, 0, 0];
  for (const pack of packs) {
    await putObjects(client, [{
      class: PACKS, id: packId(info.name, generation, at++),
      properties: { repository: info.name, generation, bytes: Buffer.from(pack.bytes).toString('base64'), vectors: pack.vectors.map(({ id }) => id) },
    }]);
    await putVectors(client, vectorsOf(info.model.dims), pack, written);
    bytes += pack.bytes.length;
    onProgress(functions += pack.functions);
  }
  const nodes = [...new Set([...before?.nodes ?? [], ...await clusterNodes(client)])].toSorted();
  await putRecord(client, { info, generation, packs: at, bytes, vectors: written.size, nodes, removed: false });
  const released = before === undefined ? { dims: info.model.dims, ids: [] } : await deletePacks(client, before);
  await deleteMatching(client, PACKS, {
    operator: 'And', operands: [{ path: ['repository'], operator: 'Equal', valueText: info.name }, { path: ['generation'], operator: 'NotEqual', valueText: generation }],
  });
  await requireOwn(client, info.name, generation);
  return released;
}

/** Undefined when there was none. */
export async function removeRepository(client: Client, name: string): Promise<Released | undefined> {
  const record = await isStore(client) ? await getRecord(client, name) : undefined;
  if (record === undefined || record.removed) return undefined;
  await putRecord(client, { ...record, removed: true });
  return deletePacks(client, record);
}

/** Drops those of some vectors that no pack holds at any node. When a node does not answer they stay: they only take room. */
export async function dropUnheld(client: Client, { dims, ids }: Released): Promise<void> {
  const row = z.object({ vectors: z.array(z.string()) });
  for (let from = 0; from < ids.length; from += BATCH) {
    const batch = ids.slice(from, from + BATCH);
    const where = `{path: ["vectors"], operator: ContainsAny, valueText: ${JSON.stringify(batch)}}`;
    const text = `{Get {${PACKS}(where: ${where}, limit: ${MAX_HOLDERS}) {vectors}}}`;
    const answers = await Promise.allSettled(client.address.nodes.map(async (node) => rowsOf(client, await client.query(text, node), PACKS, row)));
    const holders = answers.map((answer) => (answer.status === 'fulfilled' ? answer.value : undefined));
    if (holders.some((rows) => rows === undefined || rows.length === MAX_HOLDERS)) continue;
    const held = new Set(holders.flatMap((rows) => rows?.flatMap(({ vectors }) => vectors) ?? []));
    const unheld = batch.filter((id) => !held.has(id)).map(uuid);
    if (unheld.length > 0) await deleteMatching(client, vectorsOf(dims), { path: ['id'], operator: 'ContainsAny', valueTextArray: unheld });
  }
}

async function putVectors(client: Client, name: string, { vectors }: Pack, written: Set<string>): Promise<void> {
  const fresh = vectors.filter(({ id }) => !written.has(id));
  for (let from = 0; from < fresh.length; from += BATCH) {
    await putObjects(client, fresh.slice(from, from + BATCH).map(({ id, values }) => ({ class: name, id: uuid(id), vector: Array.from(values, (value) => Number(value.toPrecision(7))) })));
  }
  for (const { id } of fresh) written.add(id);
}

async function deletePacks(client: Client, { info, generation, packs }: StoreRecord): Promise<Released> {
  const held = new Set<string>();
  for (let at = 0; at < packs; at++) {
    const id = packId(info.name, generation, at);
    const vectors = z.array(z.string()).safeParse((await getObject(client, PACKS, id))?.['vectors']);
    for (const vector of vectors.data ?? []) held.add(vector);
    await deleteObject(client, PACKS, id);
  }
  return { dims: info.model.dims, ids: [...held] };
}

/** Of two writers of one repository the later one wins, and the other is told. */
async function requireOwn(client: Client, name: string, generation: string): Promise<void> {
  if ((await getRecord(client, name))?.generation === generation) return;
  throw new SimcodeError('store', `${name} was written to ${client.address.location} by somebody else at the same time`, { hint: 'Index it again when the other one is done.' });
}
