import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { SimcodeError } from '../../../errors.ts';
import { checkModel } from '../../../store/load.ts';
import type { Pack, RepositoryInfo } from '../../../store/port.ts';
import type { Client } from './client.ts';
import { clusterNodes } from './health.ts';
import { deleteMatching, deleteObject, getObject, putObjects, rowsOf, uuid } from './objects.ts';
import { getRecord, packId, putRecord, readRecords, type StoreRecord } from './records.ts';
import { isStore, PACKS, prepare, VECTORS } from './schema.ts';

/** Vectors of one request: some megabytes. */
const BATCH = 256;

/**
 * Writes packs and vectors beside what is there, checks that they are kept, and only then lets the repository's record
 * point to them: readers see the old repository or the whole new one, and a client that is killed changes nothing.
 * @returns ids of vectors that the replaced packs held
 */
export async function putRepository(client: Client, info: RepositoryInfo, packs: Iterable<Pack>, onProgress: (functions: number) => void): Promise<readonly string[]> {
  await prepare(client);
  for (const other of await readRecords(client)) if (other.info.name !== info.name) checkModel(client.address.location, other.info.model, info.model);
  const before = await getRecord(client, info.name);
  const generation = randomUUID();
  const written = new Set<string>();
  let [at, functions, bytes] = [0, 0, 0];
  for (const pack of packs) {
    await putVectors(client, pack, written);
    await putObjects(client, [{
      class: PACKS, id: packId(info.name, generation, at++),
      properties: { repository: info.name, generation, bytes: Buffer.from(pack.bytes).toString('base64'), vectors: pack.vectors.map(({ id }) => id) },
    }]);
    bytes += pack.bytes.length;
    onProgress(functions += pack.functions);
  }
  const nodes = [...new Set([...before?.nodes ?? [], ...await clusterNodes(client)])].toSorted();
  await putRecord(client, { info, generation, packs: at, bytes, vectors: written.size, nodes, removed: false });
  const released = before === undefined ? [] : await deletePacks(client, before);
  await deleteMatching(client, PACKS, {
    operator: 'And', operands: [{ path: ['repository'], operator: 'Equal', valueText: info.name }, { path: ['generation'], operator: 'NotEqual', valueText: generation }],
  });
  await requireOwn(client, info.name, generation);
  return released;
}

/** Whether there was one, and ids of the vectors that its packs held. */
export async function removeRepository(client: Client, name: string): Promise<{ readonly there: boolean; readonly released: readonly string[] }> {
  const record = await isStore(client) ? await getRecord(client, name) : undefined;
  if (record === undefined || record.removed) return { there: false, released: [] };
  await putRecord(client, { ...record, removed: true });
  return { there: true, released: await deletePacks(client, record) };
}

/** Drops those of some vectors that no pack holds. */
export async function dropUnheld(client: Client, ids: readonly string[]): Promise<void> {
  const row = z.object({ vectors: z.array(z.string()) });
  for (let from = 0; from < ids.length; from += BATCH) {
    const batch = ids.slice(from, from + BATCH);
    const where = `{path: ["vectors"], operator: ContainsAny, valueText: ${JSON.stringify(batch)}}`;
    const data = await client.query(`{Get {${PACKS}(where: ${where}, limit: 10000) {vectors}}}`);
    const held = new Set(rowsOf(client, data, PACKS, row).flatMap(({ vectors }) => vectors));
    const unheld = batch.filter((id) => !held.has(id)).map(uuid);
    if (unheld.length > 0) await deleteMatching(client, VECTORS, { path: ['id'], operator: 'ContainsAny', valueTextArray: unheld });
  }
}

async function putVectors(client: Client, { vectors }: Pack, written: Set<string>): Promise<void> {
  const fresh = vectors.filter(({ id }) => !written.has(id));
  for (let from = 0; from < fresh.length; from += BATCH) {
    await putObjects(client, fresh.slice(from, from + BATCH).map(({ id, values }) => ({ class: VECTORS, id: uuid(id), vector: Array.from(values, (value) => Number(value.toPrecision(7))) })));
  }
  for (const { id } of fresh) written.add(id);
}

async function deletePacks(client: Client, { info, generation, packs }: StoreRecord): Promise<readonly string[]> {
  const held = new Set<string>();
  for (let at = 0; at < packs; at++) {
    const id = packId(info.name, generation, at);
    const vectors = z.array(z.string()).safeParse((await getObject(client, PACKS, id))?.['vectors']);
    for (const vector of vectors.data ?? []) held.add(vector);
    await deleteObject(client, PACKS, id);
  }
  return [...held];
}

/** Of two writers of one repository the later one wins, and the other is told. */
async function requireOwn(client: Client, name: string, generation: string): Promise<void> {
  if ((await getRecord(client, name))?.generation === generation) return;
  throw new SimcodeError('store', `${name} was written to ${client.address.location} by somebody else at the same time`, { hint: 'Index it again when the other one is done.' });
}
