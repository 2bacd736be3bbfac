import { SimcodeError } from '../../../errors.ts';

/** Where a cluster is and how many copies of everything it shall keep. */
export interface Address {
  /** Base URLs, one a node. */
  readonly nodes: readonly string[];
  readonly replicas: number;
  /** For people. */
  readonly location: string;
}

/** Fewer lose data with the first node that goes. */
export const DURABLE_REPLICAS = 3;

/**
 * Reads `weaviate://host:port,host:port[?replicas=n]`; `weaviates://` speaks TLS.
 * @throws SimcodeError `bad-option`
 */
export function parseAddress(typed: string): Address {
  const [, secure, hosts = '', query = ''] = /^weaviate(s?):\/\/([^/?#]*)\/?(?:\?(.*))?$/i.exec(typed) ?? [];
  if (hosts.includes('@')) throw bad('A Weaviate address takes no user and no key', 'The key comes from SIMCODE_STORE_KEY.');
  const scheme = secure === '' ? 'http' : 'https';
  const nodes = hosts.split(',').map((host) => `${scheme}://${host.trim()}`);
  if (secure === undefined || nodes.some((node) => !URL.canParse(node) || new URL(node).pathname !== '/')) throw bad('The address of the store is not understood');
  const options = new URLSearchParams(query);
  const replicas = Number(options.get('replicas') ?? DURABLE_REPLICAS);
  const unknown = [...options.keys()].find((key) => key !== 'replicas');
  if (unknown !== undefined) throw bad(`A Weaviate address has no option ${unknown}`);
  if (!Number.isInteger(replicas) || replicas < 1 || replicas > 100) throw bad('replicas is a whole number from 1 on');
  return { nodes, replicas, location: `weaviate${secure}://${nodes.map((node) => new URL(node).host).join(',')}` };
}

function bad(message: string, hint = 'For example: weaviate://a:8080,b:8080,c:8080'): SimcodeError {
  return new SimcodeError('bad-option', message, { hint });
}
