import { z } from 'zod';
import { SimcodeError } from '../../../errors.ts';
import type { HeldPack, Hit, StoredVector, StoreSearch } from '../../../store/port.ts';
import type { Client } from './client.ts';
import { rowsOf } from './objects.ts';
import { readRecords } from './records.ts';
import { createPauses, createRota, type Rota } from './rota.ts';
import { isStore, PACKS, vectorsOf } from './schema.ts';

/** Queries under way at once. */
const CONCURRENCY = 8;
/** Share of known vectors that a node may fail to find before it counts as incomplete: HNSW itself misses fewer than one in a thousand. */
const MAX_MISSED = 0.01;
const MAX_HOLDERS = 500;
/** Pauses for nodes that do answer, but with less than is there: repair takes longer than any pause. */
const INCOMPLETE_PAUSES = 2;

const hitRow = z.object({ _additional: z.object({ id: z.string(), distance: z.number() }) });
const packRow = z.object({ repository: z.string(), generation: z.string(), bytes: z.string() });

/**
 * Searches nodes in turn. A node whose replica or shard is incomplete answers as if nothing was the matter; so a known
 * vector must find itself, and a node at which too many do not is left out for a while, as one that fails is.
 */
export function weaviateSearch(client: Client): StoreSearch {
  const rota = createRota(client.address.nodes);
  return {
    nearest: (queries, k, known) => (known ? nearestKnown(client, rota, queries, k) : inParallel(queries, (query) => nearestOfAll(client, rota, query, k))),
    holders: async (ids) => (ids.length === 0 || !await isStore(client) ? [] : holders(client, ids)),
  };
}

async function nearestKnown(client: Client, rota: Rota, queries: readonly StoredVector[], k: number): Promise<readonly (readonly Hit[])[]> {
  const found: (readonly Hit[] | undefined)[] = queries.map(() => undefined);
  const pauses = createPauses();
  let reason = '';
  while (true) {
    const open = [...queries.keys()].filter((i) => found[i] === undefined);
    if (open.length === 0) return found.map((hits) => hits ?? []);
    const node = rota.next();
    if (node === undefined) {
      if (!await pauses.wait(reason === '' ? INCOMPLETE_PAUSES : undefined)) throw incomplete(client, open.length, queries.length, reason);
      reason = '';
      rota.readmit();
      continue;
    }
    const share = open.slice(0, Math.ceil(queries.length / client.address.nodes.length));
    const hits = await inParallel(share.flatMap((i) => queries[i] ?? []), (query) => ask(client, query, k, node)).catch((error: unknown) => {
      reason = `: ${error instanceof Error ? error.message : String(error)}`;
      return undefined;
    });
    const missed = hits === undefined ? share : share.filter((i, at) => !finds(hits[at] ?? [], queries[i]));
    if (hits === undefined || missed.length > Math.max(1, MAX_MISSED * share.length)) {
      rota.leaveOut(node);
      continue;
    }
    pauses.reset();
    for (const [at, i] of share.entries()) {
      const query = queries[i];
      if (query !== undefined) found[i] = missed.includes(i) ? await secondTry(client, query, k, hits[at] ?? []) : hits[at];
    }
  }
}

/** Of a vector that need not be there: what all nodes find together. A store that holds anything has a nearest vector. */
async function nearestOfAll(client: Client, rota: Rota, query: StoredVector, k: number): Promise<readonly Hit[]> {
  const pauses = createPauses();
  while (true) {
    const answers = await Promise.allSettled(rota.all().map((node) => ask(client, query, k, node)));
    const hits = merge(answers.map((answer) => (answer.status === 'fulfilled' ? answer.value : []))).slice(0, k);
    if (hits.length > 0) return hits;
    if (answers.some(({ status }) => status === 'fulfilled') || !await pauses.wait()) {
      throw new SimcodeError('store', `No node of ${client.address.location} finds any vector`, { hint: 'See simcode index list --store <where>.' });
    }
    rota.readmit();
  }
}

/** What all nodes find together, for the few that one node's graph does not lead to. */
async function secondTry(client: Client, query: StoredVector, k: number, first: readonly Hit[]): Promise<readonly Hit[]> {
  const others = await Promise.all(client.address.nodes.map((node) => ask(client, query, 4 * k, node).catch(() => [])));
  return merge([first, ...others]).slice(0, k);
}

function finds(hits: readonly Hit[], query: StoredVector | undefined): boolean {
  return hits.some(({ id }) => id === query?.id);
}

async function ask(client: Client, { values }: StoredVector, k: number, node: string): Promise<readonly Hit[]> {
  const vector = Array.from(values, (value) => Number(value.toPrecision(7))).join(',');
  const name = vectorsOf(values.length);
  const data = await client.query(`{Get {${name}(nearVector: {vector: [${vector}]}, limit: ${k}) {_additional {id distance}}}}`, node);
  return rowsOf(client, data, name, hitRow).map(({ _additional: { id, distance } }) => ({ id: id.replaceAll('-', '').toLowerCase(), cosine: 1 - distance }));
}

function merge(lists: readonly (readonly Hit[])[]): readonly Hit[] {
  const best = new Map(lists.flat().map((hit) => [hit.id, hit] as const));
  return [...best.values()].toSorted((x, y) => y.cosine - x.cosine || (x.id < y.id ? -1 : 1));
}

/** Packs in force that hold any of the vectors, as all nodes together know them. */
async function holders(client: Client, ids: readonly string[]): Promise<readonly HeldPack[]> {
  const where = `{path: ["vectors"], operator: ContainsAny, valueText: ${JSON.stringify(ids)}}`;
  const text = `{Get {${PACKS}(where: ${where}, limit: ${MAX_HOLDERS}) {repository generation bytes}}}`;
  const inForce = new Set((await readRecords(client)).map(({ info, generation }) => `${info.name} ${generation}`));
  const answers = await Promise.allSettled(client.address.nodes.map((node) => client.query(text, node)));
  const found = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
  if (found.length === 0) await client.query(text);
  const packs = new Map<string, HeldPack>();
  for (const { repository, generation, bytes } of found.flatMap((data) => rowsOf(client, data, PACKS, packRow))) {
    if (inForce.has(`${repository} ${generation}`)) packs.set(`${repository} ${bytes.length} ${bytes.slice(0, 64)}`, { repository, bytes: Buffer.from(bytes, 'base64') });
  }
  return [...packs.values()];
}

async function inParallel<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  await Promise.all(Array.from({ length: Math.min(CONCURRENCY, items.length) }, async () => {
    for (let i = next++; i < items.length; i = next++) results[i] = await work(items[i] as T);
  }));
  return results;
}

function incomplete({ address: { location } }: Client, open: number, all: number, reason: string): SimcodeError {
  return new SimcodeError('store', `No node of ${location} has all vectors: ${open} of ${all} that are in the store were not found to be there${reason}`, {
    hint: 'A shard or replica is gone or not yet repaired: see simcode index list --store <where>; wait, or index the repositories again.',
  });
}

