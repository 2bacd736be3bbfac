import { z } from 'zod';
import { SimcodeError } from '../../../errors.ts';
import { repositoryInfoSchema, repositoryName } from '../../../store/port.ts';
import { parseJson, type Client } from './client.ts';
import { getObject, putObjects, rowsOf, uuidOf } from './objects.ts';
import { REPOSITORIES } from './schema.ts';

/** Repositories of one store at most. */
const MAX_REPOSITORIES = 10_000;

/**
 * What is written last and read first of a repository: it says which packs count. One that is removed stays as such, as
 * a replica that was away would bring back what was deleted.
 */
const recordSchema = z.object({
  info: repositoryInfoSchema,
  generation: z.string().max(100),
  packs: z.int().min(0).max(10_000_000),
  bytes: z.int().min(0),
  /** Distinct vectors. */
  vectors: z.int().min(0),
  /** Of the cluster when it was written. */
  nodes: z.array(z.string()).max(10_000),
  removed: z.boolean(),
});
export type StoreRecord = z.infer<typeof recordSchema>;

export function packId(repository: string, generation: string, at: number): string {
  return uuidOf('pack', repository, generation, at);
}

export async function putRecord(client: Client, record: StoreRecord): Promise<void> {
  const { name } = record.info;
  await putObjects(client, [{ class: REPOSITORIES, id: uuidOf('repository', name), properties: { name, record: JSON.stringify(record) } }]);
}

/** A repository's record as a quorum has it; undefined when there never was one. @throws SimcodeError `store` for a damaged one */
export async function getRecord(client: Client, name: string): Promise<StoreRecord | undefined> {
  const found = await getObject(client, REPOSITORIES, uuidOf('repository', name));
  if (found === undefined) return undefined;
  const record = recordSchema.safeParse(parseJson(typeof found['record'] === 'string' ? found['record'] : ''));
  if (record.success && record.data.info.name === name) return record.data;
  throw new SimcodeError('store', `The record of ${name} in ${client.address.location} is damaged`, { hint: `Remove it and index the repository again: simcode index remove ${name} --store <where>` });
}

/** Records of all repositories, by name. Every node is asked, as one may have missed some; the records are a quorum's. */
export async function readRecords(client: Client): Promise<readonly StoreRecord[]> {
  const row = z.object({ name: z.string() });
  const names = new Set<string>();
  let answered = 0;
  let failure: unknown;
  for (const node of client.address.nodes) {
    try {
      const data = await client.query(`{Get {${REPOSITORIES}(limit: ${MAX_REPOSITORIES}) {name}}}`, node);
      for (const { name } of rowsOf(client, data, REPOSITORIES, row)) names.add(name);
      answered++;
    } catch (error) {
      failure = error;
    }
  }
  if (answered === 0) throw failure;
  const records: StoreRecord[] = [];
  for (const name of [...names].toSorted()) {
    const record = repositoryName.safeParse(name).success ? await getRecord(client, name) : undefined;
    if (record !== undefined && !record.removed) records.push(record);
  }
  return records;
}
