import { createHash } from 'node:crypto';
import { z } from 'zod';
import { SimcodeError } from '../../../errors.ts';
import { parseJson, understood, type Client } from './client.ts';

export interface StoredObject {
  readonly class: string;
  readonly id: string;
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly vector?: readonly number[];
}

const TRIES = 3;
const QUORUM = 'consistency_level=QUORUM';

const batchAnswer = z.array(z.object({ id: z.string(), result: z.object({ status: z.string().optional(), errors: z.unknown().optional() }).optional() }));
const objectAnswer = z.object({ properties: z.record(z.string(), z.unknown()).optional() });

/** 32 hex digits with the dashes of a UUID. */
export function uuid(hex: string): string {
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** The id of what these parts name. */
export function uuidOf(...parts: readonly (string | number)[]): string {
  return uuid(createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32));
}

/** Writes objects to a quorum of their replicas, and asks a node for them afterwards: success is reported for less. */
export async function putObjects(client: Client, objects: readonly StoredObject[]): Promise<void> {
  let left = objects;
  let reason = '';
  for (let i = 0; i < TRIES && left.length > 0; i++) {
    const answer = await client.send({ method: 'POST', path: `/v1/batch/objects?${QUORUM}`, body: { objects: left }, expect: [200] });
    const results = new Map(understood(client, batchAnswer, parseJson(answer.text)).map(({ id, result }) => [id.toLowerCase(), result] as const));
    const refused = left.filter(({ id }) => results.get(id)?.status !== 'SUCCESS');
    const accepted = left.filter(({ id }) => results.get(id)?.status === 'SUCCESS');
    if (refused[0] !== undefined) reason = `: ${JSON.stringify(results.get(refused[0].id)?.errors ?? 'no result').slice(0, 300)}`;
    const there = new Set(await present(client, accepted));
    left = [...refused, ...accepted.filter(({ id }) => !there.has(id))];
  }
  if (left.length > 0) {
    throw new SimcodeError('store', `The store ${client.address.location} did not keep ${left.length} of ${objects.length} objects written to ${left[0]?.class}${reason}`, {
      hint: 'Are all nodes up? Index the repository again: what is there already is not harmed.',
    });
  }
}

/** Ids of those that a quorum has: one node is asked for all, a quorum for what that one lacks. */
async function present(client: Client, objects: readonly StoredObject[]): Promise<readonly string[]> {
  const [first] = objects;
  if (first === undefined) return [];
  const where = `{path: ["id"], operator: ContainsAny, valueText: ${JSON.stringify(objects.map(({ id }) => id))}}`;
  const data = await client.query(`{Get {${first.class}(where: ${where}, limit: ${objects.length}) {_additional {id}}}}`);
  const found = new Set(idsOf(client, data, first.class));
  for (const { id, class: name } of objects) if (!found.has(id) && await hasObject(client, name, id)) found.add(id);
  return [...found];
}

async function hasObject(client: Client, name: string, id: string): Promise<boolean> {
  return (await client.send({ method: 'HEAD', path: `/v1/objects/${name}/${id}?${QUORUM}`, expect: [204, 200, 404] })).status !== 404;
}

/** Properties of an object as a quorum of its replicas has it; undefined when it is not there. */
export async function getObject(client: Client, name: string, id: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  const answer = await client.send({ method: 'GET', path: `/v1/objects/${name}/${id}?${QUORUM}`, expect: [200, 404] });
  return answer.status === 404 ? undefined : understood(client, objectAnswer, parseJson(answer.text)).properties ?? {};
}

export async function deleteObject(client: Client, name: string, id: string): Promise<void> {
  await client.send({ method: 'DELETE', path: `/v1/objects/${name}/${id}?${QUORUM}`, expect: [204, 404] });
}

/** Deletes what matches, as one node finds it. */
export async function deleteMatching(client: Client, name: string, where: object): Promise<void> {
  await client.send({ method: 'DELETE', path: `/v1/batch/objects?${QUORUM}`, body: { match: { class: name, where }, output: 'minimal' }, expect: [200] });
}

/** Rows of a GraphQL `Get` of one collection. */
export function rowsOf<T>(client: Client, data: unknown, name: string, row: z.ZodType<T>): readonly T[] {
  return understood(client, z.object({ Get: z.object({ [name]: z.array(row) }) }), data).Get[name] ?? [];
}

function idsOf(client: Client, data: unknown, name: string): readonly string[] {
  return rowsOf(client, data, name, z.object({ _additional: z.object({ id: z.string() }) })).map(({ _additional: { id } }) => id.toLowerCase());
}
