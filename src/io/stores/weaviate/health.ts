import { z } from 'zod';
import { SimcodeError } from '../../../errors.ts';
import type { Warning } from '../../../types.ts';
import { DURABLE_REPLICAS } from './address.ts';
import { parseJson, READY, understood, type Client } from './client.ts';

const nodesAnswer = z.object({ nodes: z.array(z.object({ name: z.string(), status: z.string().nullish() })) });
const countAnswer = z.object({ Aggregate: z.record(z.string(), z.array(z.object({ meta: z.object({ count: z.number() }) }))) });

/** Names of the nodes that the cluster says are healthy. */
export async function clusterNodes(client: Client): Promise<readonly string[]> {
  const answer = await client.send({ method: 'GET', path: '/v1/nodes', expect: [200] });
  return understood(client, nodesAnswer, parseJson(answer.text)).nodes.filter(({ status }) => status === 'HEALTHY').map(({ name }) => name).toSorted();
}

/** Objects of a collection as one node sees them. */
async function countAt(client: Client, name: string, node: string): Promise<number> {
  const data = await client.query(`{Aggregate {${name} {meta {count}}}}`, node);
  return understood(client, countAnswer, data).Aggregate[name]?.[0]?.meta.count ?? 0;
}

export interface Expected {
  /** Nodes that were there when repositories were written. */
  readonly nodes: readonly string[];
  /** Least number of objects by collection. */
  readonly objects: Readonly<Record<string, number>>;
}

/**
 * What the cluster itself does not say: nodes that are gone without a word, addresses that do not answer, replicas that
 * differ, and collections with fewer objects than were written.
 */
export async function checkHealth(client: Client, expected: Expected): Promise<readonly Warning[]> {
  const { nodes, replicas, location } = client.address;
  const warnings: string[] = [];
  const there = await clusterNodes(client);
  const gone = expected.nodes.filter((name) => !there.includes(name));
  if (gone.length > 0) warnings.push(`${gone.join(', ')} of ${expected.nodes.length} nodes ${gone.length === 1 ? 'is' : 'are'} gone`);
  const up: string[] = [];
  for (const node of nodes) {
    if (await answers(client, node)) up.push(node);
    else warnings.push(`${new URL(node).host} does not answer`);
  }
  for (const [name, least] of Object.entries(expected.objects)) {
    const counts = await Promise.all(up.map((node) => countAt(client, name, node)));
    const most = Math.max(0, ...counts);
    if (most < least) warnings.push(`${name} has ${most} of at least ${least} objects`);
    for (const [i, count] of counts.entries()) if (count < most) warnings.push(`${new URL(up[i] ?? '').host} lacks ${most - count} of ${most} objects of ${name} that other nodes have`);
  }
  const degraded = warnings.map((what): Warning => ({ code: 'store-degraded', message: `The store ${location} is degraded: ${what}` }));
  return replicas >= DURABLE_REPLICAS ? degraded : [...degraded, { code: 'store-not-durable', message: `The store ${location} keeps ${replicas === 1 ? 'one copy' : `${replicas} copies`}: what is on a node that is gone may be gone` }];
}

async function answers(client: Client, node: string): Promise<boolean> {
  try {
    return (await client.send({ method: 'GET', path: READY, node, expect: [200], once: true })).status === 200;
  } catch (error) {
    if (error instanceof SimcodeError) return false;
    throw error;
  }
}
