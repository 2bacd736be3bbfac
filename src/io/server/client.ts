import type { Dispatcher } from 'undici';
import { call } from '../http.ts';
import { readAnswer, type Vectors } from './answer.ts';
import { failureOf, RequestFailure } from './failure.ts';

export interface ClientOptions {
  readonly connections: Dispatcher;
  readonly apiKey?: string | undefined;
  readonly timeoutMs: number;
}

export interface Client {
  /** Vectors of `inputs` by `model`. @throws RequestFailure */
  embed(baseUrl: string, model: string, inputs: readonly string[]): Promise<Vectors>;
  /** A JSON document of the server, or undefined when it has none there. @throws RequestFailure when it is not reached */
  info(url: string): Promise<unknown>;
}

/** 32 vectors of 16,384 numbers in decimals; more is no answer to what was asked. */
const MAX_ANSWER = 16 * 2 ** 20;

/** Speaks OpenAI's embeddings protocol with one server at a time. */
export function createClient({ connections, apiKey, timeoutMs }: ClientOptions): Client {
  const headers = { accept: 'application/json', ...(apiKey && { authorization: `Bearer ${apiKey}` }) };
  // servers that know no base64 either ignore the field (and answer with numbers) or refuse it, in words of their own
  const base64 = new Map<string, boolean>();
  const send = async (url: string, method: 'GET' | 'POST', body?: string) => {
    try {
      return await call(connections, url, {
        method, timeoutMs, maxBytes: MAX_ANSWER,
        headers: body === undefined ? headers : { ...headers, 'content-type': 'application/json' }, ...(body !== undefined && { body }),
      });
    } catch (cause) {
      throw new RequestFailure('retry', reasonOf(cause), { cause });
    }
  };
  const post = async (baseUrl: string, model: string, inputs: readonly string[], encoded: boolean): Promise<Vectors> => {
    const body = JSON.stringify({ model, input: inputs, ...(encoded && { encoding_format: 'base64' }) });
    const { status, headers: got, text } = await send(`${baseUrl}/embeddings`, 'POST', body);
    if (status !== 200) throw failureOf(status, got, text);
    try {
      return readAnswer(text, inputs.length);
    } catch (cause) {
      throw new RequestFailure('retry', `its answer is not understood: ${reasonOf(cause)}`, { cause });
    }
  };
  return {
    async embed(baseUrl, model, inputs) {
      const known = base64.get(baseUrl);
      const first = known ?? true;
      try {
        const vectors = await post(baseUrl, model, inputs, first);
        base64.set(baseUrl, first);
        return vectors;
      } catch (error) {
        if (known !== undefined || !(error instanceof RequestFailure) || (error.status !== 400 && error.status !== 422)) throw error;
        const vectors = await post(baseUrl, model, inputs, false);
        base64.set(baseUrl, false);
        return vectors;
      }
    },
    async info(url) {
      const { status, headers: got, text } = await send(url, 'GET');
      if (status === 401 || status === 403) throw failureOf(status, got, text);
      try {
        return status === 200 ? JSON.parse(text) : undefined;
      } catch {
        return undefined;
      }
    },
  };
}

/** The innermost reason: undici wraps `connect ECONNREFUSED …`, and a timeout is a nameless abort. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return 'it did not answer in time';
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  return (error.message || error.name).replace(/\s+/g, ' ').slice(0, 300);
}
