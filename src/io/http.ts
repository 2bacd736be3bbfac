import { EnvHttpProxyAgent, request, type Dispatcher } from 'undici';

/** Connections that honour HTTP_PROXY, HTTPS_PROXY and NO_PROXY. Close it when done. */
export function createConnections(): Dispatcher {
  return new EnvHttpProxyAgent({ keepAliveTimeout: 10_000, connect: { timeout: 10_000 } });
}

export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'HEAD';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** From the first byte sent to the last one received, however slowly they come. */
  readonly timeoutMs: number;
  /** A longer answer is an error. */
  readonly maxBytes: number;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

const MAX_REDIRECTS = 3;

/**
 * One request with a bounded answer. Redirects are followed within the same origin only, so that neither a key nor
 * code reaches a host that the user did not name; others are returned as they are.
 * @throws Error of the connection, of the time limit, or saying that the answer is too long
 */
export async function call(connections: Dispatcher, url: string, { method, headers, body, timeoutMs, maxBytes }: Call): Promise<Answer> {
  const signal = AbortSignal.timeout(timeoutMs);
  let target = url;
  for (let redirects = 0; ; redirects++) {
    const response = await request(target, {
      dispatcher: connections, method, signal, headersTimeout: timeoutMs, bodyTimeout: timeoutMs,
      ...(headers && { headers }), ...(body !== undefined && { body }),
    });
    const kept = flatHeaders(response.headers);
    const next = redirectTarget(response.statusCode, kept['location'], target);
    if (next === undefined || redirects >= MAX_REDIRECTS) {
      return { status: response.statusCode, headers: kept, text: await readText(response.body, maxBytes) };
    }
    await response.body.dump();
    target = next;
  }
}

function redirectTarget(status: number, location: string | undefined, from: string): string | undefined {
  // 303 and the historical 301/302 turn a POST into a GET, which is never what an embedding server means
  if (location === undefined || ![301, 302, 307, 308].includes(status) || !URL.canParse(location, from)) return undefined;
  const next = new URL(location, from);
  return next.origin === new URL(from).origin ? next.href : undefined;
}

export function flatHeaders(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(', ') : value;
  return flat;
}

async function readText(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of body) {
    bytes += part.length;
    if (bytes > maxBytes) throw new Error(`the answer is longer than ${maxBytes} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}
