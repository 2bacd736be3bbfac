import { z } from 'zod';
import { SimcodeError } from '../../errors.ts';
import type { Client } from './client.ts';
import { RequestFailure } from './failure.ts';

/** What a server says about itself; servers differ in how much that is. */
export interface ServerInfo {
  /** Names of the models it serves; empty when it does not say. */
  readonly models: readonly string[];
  /** Longest input in tokens. */
  readonly maxTokens: number | undefined;
}

const tokens = z.int().positive().max(10_000_000).nullish();
/** OpenAI's list; `max_model_len` is vLLM's and sglang's, `meta.n_ctx_train` llama.cpp's. */
const modelList = z.object({
  data: z.array(z.object({ id: z.string().min(1).max(1000), max_model_len: tokens.catch(null), meta: z.object({ n_ctx_train: tokens }).nullish().catch(null) })).max(10_000),
});
/** TEI's `/info`. */
const teiInfo = z.object({ model_id: z.string().max(1000).nullish(), max_input_length: tokens });

/** Asks `/v1/models` and TEI's `/info`. @throws RequestFailure when the server is not reached or wants another key */
export async function discoverServer(client: Client, baseUrl: string): Promise<ServerInfo> {
  const list = modelList.safeParse(await client.info(`${baseUrl}/models`));
  const entries = list.success ? list.data.data : [];
  const info = entries.some(({ max_model_len: length }) => length) ? undefined : teiInfo.safeParse(await client.info(`${baseUrl.replace(/\/v1$/, '')}/info`));
  const tei = info?.success ? info.data : undefined;
  const lengths = [...entries.flatMap((entry) => [entry.max_model_len, entry.meta?.n_ctx_train]), tei?.max_input_length].filter((length) => typeof length === 'number');
  const models = entries.map(({ id }) => id);
  return { models: models.length === 0 && tei?.model_id ? [tei.model_id] : models, maxTokens: lengths.length > 0 ? Math.min(...lengths) : undefined };
}

/**
 * The served name of the model asked for: itself, or the one served model whose name ends in it. Without a wish the
 * server must serve exactly one.
 * @throws SimcodeError missing-model listing what is served
 */
export function servedModel(asked: readonly string[], { models }: ServerInfo, url: string): string {
  const [first] = asked;
  if (first === undefined) {
    const [only] = models;
    if (only !== undefined && models.length === 1) return only;
    throw new SimcodeError('missing-model', `${url} serves ${models.length === 0 ? 'models it does not name' : `${models.length} models`}; say which one to use`, {
      hint: models.length === 0 ? 'Name it with --model.' : `Use --model with one of: ${models.slice(0, 20).join(', ')}.`,
    });
  }
  const wanted = asked.map((name) => name.toLowerCase());
  const fits = models.filter((name) => wanted.some((want) => name.toLowerCase() === want || name.toLowerCase().endsWith(`/${want}`) || name.toLowerCase() === `${want}:latest`));
  return fits[0] ?? first;
}

/** Base URL up to `/v1`, checked. @throws SimcodeError bad-option */
export function baseUrlOf(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed || !/^https?:$/.test(parsed.protocol)) {
    throw new SimcodeError('bad-option', `${url} is not the address of an embedding server`, { hint: 'Write it like http://localhost:8000/v1.' });
  }
  if (parsed.username || parsed.password) {
    throw new SimcodeError('bad-option', `The address of ${parsed.host} holds a password`, { hint: 'Put the key into SIMCODE_API_KEY instead.' });
  }
  return `${parsed.origin}${parsed.pathname.replace(/\/+$/, '').replace(/\/embeddings$/, '')}`;
}

/** A failure of a server in words for the user. */
export function unreachable(url: string, error: unknown): SimcodeError {
  const status = error instanceof RequestFailure ? error.status : undefined;
  const reason = error instanceof Error ? error.message : String(error);
  const key = 'Put a valid key into SIMCODE_API_KEY.';
  const hint = status === 401 || status === 403 ? key
    : status === 404 ? 'Check the address (most servers want it to end in /v1) and the name of the model.'
      : status !== undefined && status >= 300 && status < 400 ? 'Give that address to --embed-url, if you trust it.'
        : 'Check that the server runs, that the address is right, and its log.';
  return new SimcodeError('network', `The embedding server ${url} cannot be used: ${reason}`, { hint, cause: error });
}
