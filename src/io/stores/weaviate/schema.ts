import { z } from 'zod';
import { SimcodeError } from '../../../errors.ts';
import { DURABLE_REPLICAS } from './address.ts';
import { parseJson, understood, type Client } from './client.ts';
import { clusterNodes } from './health.ts';

export const PACKS = 'SimcodePacks';
export const REPOSITORIES = 'SimcodeRepositories';

const text = (name: string, filterable: boolean, dataType = 'text'): object => ({
  name, dataType: [dataType], indexFilterable: filterable, ...(dataType !== 'int' && { indexSearchable: false, tokenization: 'field' }),
});

/** Candidates kept while building and searching, for the recall that ARCHITECTURE.md states. */
const HNSW = { distance: 'cosine', maxConnections: 32, efConstruction: 128, ef: 256 };

type Class = Readonly<Record<string, unknown>> & { readonly class: string };
const CLASSES: readonly Class[] = [
  { class: PACKS, vectorIndexConfig: { skip: true }, properties: [text('repository', true), text('generation', true), text('bytes', false), text('vectors', true, 'text[]')] },
  { class: REPOSITORIES, vectorIndexConfig: { skip: true }, properties: [text('name', true), text('record', false)] },
];

/**
 * The collection of vectors of so many dimensions. One for each, as a collection that held others and was emptied refuses
 * them, but at a node that was started since, which keeps them to itself.
 */
export function vectorsOf(dims: number): string {
  return `SimcodeVectors${dims}`;
}

/** Otherwise what was deleted while a node was away can be neither read nor repaired when that node is back. */
const DELETION = 'TimeBasedResolution';
const definition = z.object({
  replicationConfig: z.object({ factor: z.number(), asyncEnabled: z.boolean().optional(), deletionStrategy: z.string().optional() }).optional(),
});

/** Whether simcode has been here. */
export async function isStore(client: Client): Promise<boolean> {
  return (await client.send({ method: 'GET', path: `/v1/schema/${REPOSITORIES}`, expect: [200, 404] })).status === 200;
}

/**
 * Makes the collections that are missing, each with as many replicas as asked for and asynchronous repair.
 * @throws SimcodeError `store` for a cluster too small for that, or collections that keep fewer copies
 */
export async function prepare(client: Client, dims: number): Promise<void> {
  const { address: { replicas, location } } = client;
  for (const one of [{ class: vectorsOf(dims), vectorIndexConfig: HNSW, properties: [] }, ...CLASSES]) {
    const found = await client.send({ method: 'GET', path: `/v1/schema/${one.class}`, expect: [200, 404] });
    if (found.status === 404) {
      const nodes = await clusterNodes(client);
      if (nodes.length < replicas) throw tooSmall(location, nodes.length, replicas);
      const body = { ...one, vectorizer: 'none', vectorIndexType: 'hnsw', replicationConfig: { factor: replicas, asyncEnabled: replicas > 1, deletionStrategy: DELETION }, shardingConfig: { desiredCount: nodes.length } };
      // 422: another writer was faster
      await client.send({ method: 'POST', path: '/v1/schema', body, expect: [200, 422] });
    }
    await requireReplicas(client, one.class);
  }
}

async function requireReplicas(client: Client, name: string): Promise<void> {
  const { address: { replicas, location } } = client;
  const answer = await client.send({ method: 'GET', path: `/v1/schema/${name}`, expect: [200] });
  const { replicationConfig: { factor = 1, asyncEnabled = false, deletionStrategy = 'none' } = {} } = understood(client, definition, parseJson(answer.text));
  if (factor >= replicas && (replicas === 1 || (asyncEnabled && deletionStrategy === DELETION))) return;
  const how = asyncEnabled ? `deletions resolved by ${deletionStrategy}` : 'no asynchronous repair';
  throw new SimcodeError('store', `Collection ${name} of ${location} has ${factor} copies and ${how}; wanted are ${replicas}, asynchronous repair and ${DELETION}`, {
    hint: `Set its replicationConfig to {"factor": ${replicas}, "asyncEnabled": true, "deletionStrategy": "${DELETION}"}, or accept that data can get lost: ?replicas=1.`,
  });
}

function tooSmall(location: string, nodes: number, replicas: number): SimcodeError {
  return new SimcodeError('store', `${replicas} replicas need ${replicas} nodes; the cluster ${location} has ${nodes}`, {
    hint: replicas === DURABLE_REPLICAS ? 'Add nodes; or add ?replicas=1 to the address, and what is on a node that is gone is gone.' : 'Ask for fewer replicas.',
  });
}
