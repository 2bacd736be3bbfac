import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { SimcodeError } from '../../../errors.ts';
import { call, createConnections, type Answer, type Call } from '../../http.ts';
import type { Address } from './address.ts';

/** A dead node is dropped by the others after some five seconds; until then requests that need it fail. */
const PAUSES_MS = [250, 500, 1000, 2000, 4000, 8000];
/** One node that does not answer is left out sooner: its replicas are elsewhere too. */
const NODE_PAUSES_MS = [250];
/**
 * A request can hang at the others when a node dies; the next node gets it then. Twice as long after each round, as nodes
 * that have too much to do would get ever more of it.
 */
const TIMEOUT_MS = 30_000;
const MAX_TIMEOUT_MS = 120_000;
const MAX_ANSWER = 256 * 2 ** 20;
export const READY = '/v1/.well-known/ready';
/** A node that comes back says so of all there is before it has read what there is: only one that was ready before counts. */
const UNKNOWN: ReadonlySet<number> = new Set([404, 422]);

export interface Request {
  readonly method: Call['method'];
  /** From `/v1` on. */
  readonly path: string;
  readonly body?: unknown;
  /** Ask this node and no other. */
  readonly node?: string;
  /** Whether a failure is final. */
  readonly once?: boolean;
  /** Statuses that are answers rather than failures. */
  readonly expect: readonly number[];
}

export interface Client {
  readonly address: Address;
  /** Sends a request, which may be repeated: to the next node when one does not answer, again after a while when none does. */
  send(request: Request): Promise<Answer>;
  /** Data of a GraphQL query. Errors beside the data are failures: what is left of it would be less than was asked for. */
  query(text: string, node?: string): Promise<unknown>;
  close(): Promise<void>;
}

/** Speaks HTTP with the nodes of a cluster in turn. Failures are SimcodeErrors `store`. */
export function createClient(address: Address, key: string | undefined): Client {
  const connections = createConnections();
  let turn = 0;
  const ask = ({ method, path, body }: Pick<Request, 'method' | 'path' | 'body'>, node: string, timeoutMs: number): Promise<Answer> => {
    const headers = { 'content-type': 'application/json', ...(key !== undefined && { authorization: `Bearer ${key}` }) };
    return call(connections, node + path, { method, headers, timeoutMs, maxBytes: MAX_ANSWER, ...(body !== undefined && { body: JSON.stringify(body) }) });
  };
  const attempt = async (request: Request, node: string, timeoutMs: number): Promise<Answer | string> => {
    const { expect } = request;
    try {
      let answer = await ask(request, node, timeoutMs);
      if (UNKNOWN.has(answer.status)) {
        if ((await ask({ method: 'GET', path: READY }, node, timeoutMs)).status !== 200) return `${new URL(node).host} is not ready`;
        answer = await ask(request, node, timeoutMs);
      }
      if (expect.includes(answer.status)) return answer;
      const reason = `${new URL(node).host} answers ${answer.status} ${answer.text.slice(0, 300)}`;
      if (answer.status >= 500 || answer.status === 429) return reason;
      throw failure(address, reason, answer.status === 401 || answer.status === 403 ? 'Check SIMCODE_STORE_KEY.' : undefined);
    } catch (cause) {
      if (cause instanceof SimcodeError) throw cause;
      return `${new URL(node).host}: ${reasonOf(cause)}`;
    }
  };
  const persist = async <T>(node: string | undefined, once: (node: string, timeoutMs: number) => Promise<T | string>, pauses: readonly number[] = PAUSES_MS): Promise<T> => {
    const reasons = new Map<string, string>();
    let timeoutMs = TIMEOUT_MS;
    for (const pause of [...pauses, undefined]) {
      for (const _ of node === undefined ? address.nodes : [node]) {
        const asked = node ?? address.nodes[turn++ % address.nodes.length] ?? '';
        const found = await once(asked, timeoutMs);
        if (typeof found !== 'string') return found;
        reasons.set(asked, found);
      }
      if (pause !== undefined) await wait(pause);
      timeoutMs = Math.min(2 * timeoutMs, MAX_TIMEOUT_MS);
    }
    throw failure(address, [...reasons.values()].join('; '));
  };
  return {
    address,
    send: (request) => persist(request.node, (node, timeoutMs) => attempt(request, node, timeoutMs), request.once === true ? [] : PAUSES_MS),
    query: (text, only) => persist(only, async (node, timeoutMs) => {
      const answer = await attempt({ method: 'POST', path: '/v1/graphql', body: { query: text }, expect: [200, 422] }, node, timeoutMs);
      if (typeof answer === 'string') return answer;
      const { data, errors } = parseJson(answer.text) as { data?: object; errors?: unknown };
      return errors === undefined && data !== undefined ? data : `${new URL(node).host} answers ${JSON.stringify(errors ?? answer.text).slice(0, 300)}`;
    }, only === undefined ? PAUSES_MS : NODE_PAUSES_MS),
    close: () => connections.close(),
  };
}

/** A document of a server, an empty one where it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}

/** Data of the expected form. @throws SimcodeError `store` for anything else */
export function understood<T>({ address: { location } }: Client, form: z.ZodType<T>, data: unknown): T {
  const found = form.safeParse(data);
  if (found.success) return found.data;
  throw new SimcodeError('store', `The store ${location} answers with something that is not understood: ${z.prettifyError(found.error).slice(0, 300)}`, { hint: 'Is it a Weaviate server of version 1?' });
}

function failure({ location }: Address, reason: string, hint = 'Are all nodes up? simcode index list --store <where> says what is the matter.'): SimcodeError {
  return new SimcodeError('store', `The store ${location} failed: ${reason}`, { hint });
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  if (cause.name === 'TimeoutError') return 'no answer in time';
  if (cause instanceof AggregateError && cause.errors.length > 0) return reasonOf(cause.errors[0]);
  return cause.message || cause.name;
}
