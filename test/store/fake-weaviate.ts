import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

interface StoredObject { readonly class: string; readonly id: string; readonly properties?: Record<string, unknown>; readonly vector?: readonly number[]; readonly version: number }
interface Schema { readonly class: string; readonly replicationConfig?: { readonly factor: number; readonly asyncEnabled: boolean } }
interface Answer { readonly status: number; readonly body?: unknown }

/** A node: what its replicas hold, and whether it is up. */
interface Node { readonly name: string; port: number; server: Server | undefined; objects: Map<string, StoredObject> }

/**
 * As much of Weaviate's HTTP interface as simcode uses, behaving as a cluster does in which every node has a replica of
 * everything: searches and counts see the asked node's replica alone, reads by id see a quorum, and success is reported
 * for writes that a node misses.
 */
export class FakeWeaviate {
  readonly nodes: Node[] = [];
  readonly classes = new Map<string, Schema>();
  /** Reports success for writes to this collection and keeps nothing. */
  forgets: string | undefined;
  key: string | undefined;
  private version = 0;

  static async start(count: number): Promise<FakeWeaviate> {
    const cluster = new FakeWeaviate();
    for (let i = 0; i < count; i++) {
      const node: Node = { name: `node-${i}`, port: 0, server: undefined, objects: new Map() };
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
    node.server = undefined;
    server?.closeAllConnections();
    await new Promise((resolve) => server?.close(resolve));
  }

  /** Up again, with what it had when it went. */
  async revive(i: number): Promise<void> {
    const node = this.at(i);
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

  /** Asynchronous repair: every node gets the newest of every object. */
  repair(): void {
    const newest = new Map<string, StoredObject>();
    for (const { objects } of this.nodes) for (const [id, object] of objects) if ((newest.get(id)?.version ?? -1) < object.version) newest.set(id, object);
    for (const node of this.nodes) node.objects = new Map(newest);
  }

  async stop(): Promise<void> {
    for (const i of this.nodes.keys()) await this.kill(i);
  }

  countOf(name: string, i = 0): number {
    return [...this.at(i).objects.values()].filter((object) => object.class === name).length;
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
    if (what === 'GET .well-known') return { status: 200 };
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
    for (const object of objects) {
      if (object.class === this.forgets) continue;
      const kept = { ...object, version: ++this.version };
      for (const { objects: held } of this.alive()) held.set(object.id, kept);
    }
    return { status: 200, body: objects.map(({ id }) => ({ id, result: { status: 'SUCCESS' } })) };
  }

  private deleteBatch(node: Node, match: { class: string; where: Where }): Answer {
    for (const object of node.objects.values()) if (object.class === match.class && matches(object, match.where)) for (const { objects } of this.alive()) objects.delete(object.id);
    return { status: 200, body: {} };
  }

  private byId(method: string, name: string, id: string): Answer {
    const held = this.alive().flatMap(({ objects }) => objects.get(id) ?? []).filter((object) => object.class === name).toSorted((x, y) => y.version - x.version)[0];
    if (method === 'DELETE') for (const { objects } of this.alive()) objects.delete(id);
    if (held === undefined) return { status: 404 };
    return method === 'GET' ? { status: 200, body: held } : { status: 204 };
  }

  private query(node: Node, text: string): unknown {
    const [, name = '', args = ''] = /^\{(?:Get|Aggregate) \{(\w+)(?:\((.*)\))? \{/s.exec(text) ?? [];
    const own = [...node.objects.values()].filter((object) => object.class === name);
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

interface Where { readonly operator: string; readonly path?: readonly string[]; readonly valueText?: string; readonly valueTextArray?: readonly string[]; readonly operands?: readonly Where[] }

function matches(object: StoredObject, { operator, path: [path = ''] = [], valueText, valueTextArray = [], operands = [] }: Where): boolean {
  if (operator === 'And') return operands.every((one) => matches(object, one));
  const value = path === 'id' ? object.id : object.properties?.[path];
  if (operator === 'Equal') return value === valueText;
  if (operator === 'NotEqual') return value !== valueText;
  return (Array.isArray(value) ? value : [value]).some((one) => valueTextArray.includes(String(one)));
}
