import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

interface StoredObject { readonly class: string; readonly id: string; readonly properties?: Record<string, unknown>; readonly vector?: readonly number[]; readonly version: number; readonly deleted?: boolean }
interface Schema { readonly class: string; readonly replicationConfig?: { readonly factor: number; readonly asyncEnabled: boolean; readonly deletionStrategy?: string } }
interface Answer { readonly status: number; readonly body?: unknown }

/** A node: what its replicas hold, and whether it is up. */
interface Node { readonly name: string; starting: boolean; port: number; server: Server | undefined; objects: Map<string, StoredObject> }

/**
 * As much of Weaviate's HTTP interface as simcode uses, behaving as a cluster does in which every node has a replica of
 * everything: searches and counts see the asked node's replica alone, reads by id see a quorum, and success is reported
 * for writes that a node misses. As version 1.35.2 was seen to: a collection refuses vectors of other dimensions than its
 * first one had even when it is empty; what is deleted at one node and there at another is an error, and not repaired,
 * unless deletions are resolved by time; the nodes fail for a while when one of them is gone; and one that comes back says
 * of everything that it is not there until it is ready.
 */
export class FakeWeaviate {
  readonly nodes: Node[] = [];
  readonly classes = new Map<string, Schema>();
  /** Reports success for writes to this collection and keeps nothing. */
  forgets: string | undefined;
  key: string | undefined;
  /** Searches and lists of nodes that fail after the next kill. */
  unsettled = 0;
  private failing = 0;
  private readonly dims = new Map<string, number>();
  private version = 0;

  static async start(count: number): Promise<FakeWeaviate> {
    const cluster = new FakeWeaviate();
    for (let i = 0; i < count; i++) {
      const node: Node = { name: `node-${i}`, starting: false, port: 0, server: undefined, objects: new Map() };
      cluster.nodes.push(node);
      await cluster.revive(i);
    }
    return cluster;
  }

  get url(): string {
    return `weaviate://${this.nodes.map(({ port }) => `127.0.0.1:${port}`).join(',')}`;
  }

  async kill(i: number): Promise<void> {
    const node = this.at(i);
    const { server } = node;
    this.failing = this.unsettled;
    node.server = undefined;
    if (server === undefined) return;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  /** Up again, with what it had when it went. */
  async revive(i: number, starting = false): Promise<void> {
    const node = this.at(i);
    node.starting = starting;
    const server = createServer((request, response) => {
      const reply = async (): Promise<void> => {
        const { status, body } = await this.answer(node, request);
        response.writeHead(status, { 'content-type': 'application/json' }).end(body === undefined ? undefined : JSON.stringify(body));
      };
      void reply();
    });
    await new Promise<void>((resolve) => server.listen(node.port, '127.0.0.1', resolve));
    node.port = (server.address() as AddressInfo).port;
    node.server = server;
  }

  /** Asynchronous repair: every node gets the newest of every object, but for deleted ones that are not resolved. */
  repair(): void {
    const newest = new Map<string, StoredObject>();
    for (const { objects } of this.nodes) for (const [id, object] of objects) if ((newest.get(id)?.version ?? -1) < object.version) newest.set(id, object);
    for (const [id, object] of newest) {
      if (!this.resolves(object) && this.nodes.some(({ objects }) => objects.get(id)?.deleted === true)) continue;
      for (const { objects } of this.nodes) objects.set(id, object);
    }
  }

  private resolves({ class: name }: StoredObject): boolean {
    return this.classes.get(name)?.replicationConfig?.deletionStrategy === 'TimeBasedResolution';
  }

  async stop(): Promise<void> {
    for (const i of this.nodes.keys()) await this.kill(i);
  }

  countOf(name: string, i = 0): number {
    return heldBy(this.at(i)).filter((object) => object.class === name).length;
  }

  private at(i: number): Node {
    const node = this.nodes[i];
    if (node === undefined) throw new RangeError(`no node ${i}`);
    return node;
  }

  private async answer(node: Node, request: IncomingMessage): Promise<Answer> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = parts.length === 0 ? undefined : JSON.parse(Buffer.concat(parts).toString()) as Record<string, unknown>;
    if (this.key !== undefined && request.headers.authorization !== `Bearer ${this.key}`) return { status: 401, body: { error: 'anonymous access not enabled' } };
    const [path = ''] = (request.url ?? '').split('?');
    const [, , kind = '', name = '', id = ''] = path.split('/');
    const what = `${request.method} ${kind}`;
    if (what === 'GET .well-known') return { status: node.starting ? 503 : 200 };
    if (node.starting) return what === 'POST graphql' ? { status: 422, body: { error: 'no graphql provider present' } } : { status: request.method === 'POST' ? 500 : 404 };
    if (this.failing > 0 && (what === 'GET nodes' || String(body?.['query']).includes('nearVector'))) {
      this.failing--;
      return { status: 500, body: { error: 'send http request: connect: connection refused' } };
    }
    if (what === 'GET nodes') return { status: 200, body: { nodes: this.nodes.filter(({ server }) => server !== undefined).map((one) => ({ name: one.name, status: 'HEALTHY' })) } };
    if (what === 'GET schema') return this.classes.has(name) ? { status: 200, body: this.classes.get(name) } : { status: 404 };
    if (what === 'POST schema') {
      this.classes.set(String(body?.['class']), body as unknown as Schema);
      return { status: 200 };
    }
    if (path === '/v1/batch/objects' && request.method === 'POST') return this.writeBatch((body?.['objects'] ?? []) as StoredObject[]);
    if (path === '/v1/batch/objects') return this.deleteBatch(node, body?.['match'] as { class: string; where: Where });
    if (kind === 'objects') return this.byId(request.method ?? '', name, id);
    if (what === 'POST graphql') return { status: 200, body: { data: this.query(node, String(body?.['query'])) } };
    return { status: 400, body: { error: what } };
  }

  private alive(): Node[] {
    return this.nodes.filter(({ server }) => server !== undefined);
  }

  private writeBatch(objects: StoredObject[]): Answer {
    const results = objects.map((object) => {
      const { id, class: name, vector = [] } = object;
      if (vector.length > 0 && (this.dims.get(name) ?? vector.length) !== vector.length) return { id, result: { status: 'FAILED', errors: { error: [{ message: 'vector dimensions do not match the index dimensions' }] } } };
      if (vector.length > 0) this.dims.set(name, vector.length);
      const kept = { ...object, version: ++this.version };
      if (name !== this.forgets) for (const { objects: held } of this.alive()) held.set(id, kept);
      return { id, result: { status: 'SUCCESS' } };
    });
    return { status: 200, body: results };
  }

  private deleteBatch(node: Node, match: { class: string; where: Where }): Answer {
    for (const object of heldBy(node)) if (object.class === match.class && matches(object, match.where)) this.bury(object);
    return { status: 200, body: {} };
  }

  private bury(object: StoredObject): void {
    const buried = { class: object.class, id: object.id, version: ++this.version, deleted: true };
    for (const { objects } of this.alive()) objects.set(object.id, buried);
  }

  private byId(method: string, name: string, id: string): Answer {
    const votes = this.alive().flatMap(({ objects }) => objects.get(id) ?? []).filter((object) => object.class === name).toSorted((x, y) => y.version - x.version);
    const [held] = votes;
    if (held !== undefined && method === 'DELETE') this.bury(held);
    else if (held !== undefined && !this.resolves(held) && new Set(votes.map(({ deleted }) => deleted)).size > 1) return { status: 500, body: { error: 'conflict: object has been deleted on another replica' } };
    if (held === undefined || held.deleted === true) return { status: 404 };
    return method === 'GET' ? { status: 200, body: held } : { status: 204 };
  }

  private query(node: Node, text: string): unknown {
    const [, name = '', args = ''] = /^\{(?:Get|Aggregate) \{(\w+)(?:\((.*)\))? \{/s.exec(text) ?? [];
    const own = heldBy(node).filter((object) => object.class === name);
    if (text.startsWith('{Aggregate')) return { Aggregate: { [name]: [{ meta: { count: own.length } }] } };
    const limit = Number(/limit: (\d+)/.exec(args)?.[1] ?? 100);
    const [, path, values] = /where: \{path: \["(\w+)"\], operator: ContainsAny, valueText: (\[.*?\])\}/s.exec(args) ?? [];
    const vector = /nearVector: \{vector: (\[.*?\])\}/s.exec(args)?.[1];
    const filtered = path === undefined ? own : own.filter((object) => matches(object, { path: [path], operator: 'ContainsAny', valueTextArray: JSON.parse(values ?? '[]') as string[] }));
    const asked = vector === undefined ? undefined : JSON.parse(vector) as number[];
    const rows = asked === undefined ? filtered.map((object) => ({ object, distance: 0 }))
      : filtered.map((object) => ({ object, distance: 1 - (object.vector ?? []).reduce((sum, value, i) => sum + value * (asked[i] ?? 0), 0) })).toSorted((x, y) => x.distance - y.distance);
    return { Get: { [name]: rows.slice(0, limit).map(({ object, distance }) => ({ ...object.properties, _additional: { id: object.id, distance } })) } };
  }
}

function heldBy({ objects }: Node): readonly StoredObject[] {
  return [...objects.values()].filter(({ deleted }) => deleted !== true);
}

interface Where { readonly operator: string; readonly path?: readonly string[]; readonly valueText?: string; readonly valueTextArray?: readonly string[]; readonly operands?: readonly Where[] }

function matches(object: StoredObject, { operator, path: [path = ''] = [], valueText, valueTextArray = [], operands = [] }: Where): boolean {
  if (operator === 'And') return operands.every((one) => matches(object, one));
  const value = path === 'id' ? object.id : object.properties?.[path];
  if (operator === 'Equal') return value === valueText;
  if (operator === 'NotEqual') return value !== valueText;
  return (Array.isArray(value) ? value : [value]).some((one) => valueTextArray.includes(String(one)));
}
