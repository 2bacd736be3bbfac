import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface Seen { readonly path: string; readonly headers: IncomingMessage['headers']; readonly inputs: readonly string[]; readonly body: Readonly<Record<string, unknown>> }

/** How a server behaves; each kind of server is a set of these. */
export interface Behaviour {
  readonly model?: string;
  /** What `/v1/models` and `/info` answer; undefined: 404. */
  readonly models?: unknown;
  readonly info?: unknown;
  readonly dims?: number;
  readonly base64?: boolean;
  readonly shuffled?: boolean;
  /** An error instead of vectors, or undefined. */
  refuse?(seen: Seen, nth: number): { readonly status: number; readonly body: unknown; readonly headers?: Readonly<Record<string, string>> } | undefined;
  /** Takes the answer over: returns true when it did. */
  sabotage?(seen: Seen, nth: number, response: ServerResponse, answer: string): boolean;
  vector?(text: string, nth: number): readonly number[];
}

/** A vector that depends on the text alone, far from unit length. */
export function vectorOf(text: string, dims = 8): number[] {
  const bytes = createHash('sha512').update(text).digest();
  return Array.from({ length: dims }, (_, at) => (bytes.readInt16LE((at * 2) % 62) + 1) / 1000);
}

/** What simcode must make of it: cut, then at unit length. */
export function unitVector(text: string, dims = 8, native = dims): number[] {
  const row = Array.from(Float32Array.from(vectorOf(text, native).slice(0, dims)));
  const norm = Math.hypot(...row);
  return row.map((value) => value / norm);
}

/** A real HTTP server on the loopback that speaks `/v1/embeddings`; it goes when the test ends. */
export async function fakeServer(behaviour: Behaviour = {}): Promise<{ readonly url: string; readonly seen: Seen[]; stop(): void; start(): Promise<void> }> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => answer(behaviour, seen, request, Buffer.concat(parts).toString(), response));
  });
  const listen = (port: number): Promise<void> => new Promise((resolve) => {
    server.listen(port, '127.0.0.1', resolve);
  });
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const stop = (): void => {
    server.close();
    server.closeAllConnections();
  };
  onTestFinished(stop);
  return { url: `http://127.0.0.1:${port}/v1`, seen, stop, start: () => listen(port) };
}

function answer(behaviour: Behaviour, seen: Seen[], request: IncomingMessage, text: string, response: ServerResponse): void {
  const path = request.url ?? '';
  const send = (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): void => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(typeof body === 'string' ? body : JSON.stringify(body));
  };
  if (path === '/v1/models' || path === '/info') {
    const body = path === '/info' ? behaviour.info : behaviour.models ?? { object: 'list', data: [{ id: behaviour.model ?? 'toy', object: 'model' }] };
    return body === undefined ? send(404, 'not found') : send(200, body);
  }
  if (path !== '/v1/embeddings') return send(404, { error: { message: `no ${path}` } });
  const body = JSON.parse(text) as Record<string, unknown>;
  const one: Seen = { path, headers: request.headers, inputs: body['input'] as string[], body };
  const nth = seen.push(one);
  const refusal = behaviour.refuse?.(one, nth);
  if (refusal) return send(refusal.status, refusal.body, refusal.headers);
  const data = one.inputs.map((input, index) => {
    const vector = [...(behaviour.vector?.(input, nth) ?? vectorOf(input, behaviour.dims))];
    const bytes = Buffer.from(Float32Array.from(vector).buffer);
    return { object: 'embedding', index, embedding: behaviour.base64 && body['encoding_format'] === 'base64' ? bytes.toString('base64') : vector };
  });
  const whole = JSON.stringify({ object: 'list', model: behaviour.model ?? 'toy', data: behaviour.shuffled ? data.toReversed() : data, usage: { prompt_tokens: 1 } });
  if (behaviour.sabotage?.(one, nth, response, whole)) return;
  send(200, whole);
}
