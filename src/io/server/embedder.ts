import { setTimeout } from 'node:timers/promises';
import type { Dispatcher } from 'undici';
import { planPrompt, type PromptSource } from '../../embed/instruction.ts';
import { SimcodeError } from '../../errors.ts';
import type { Embedder } from '../../types.ts';
import { createConnections } from '../http.ts';
import { createBalancer, type Pace, type Server } from './balancer.ts';
import { createClient, type Client } from './client.ts';
import { baseUrlOf, discoverServer, servedModel, unreachable } from './discover.ts';
import { RequestFailure } from './failure.ts';
import { cutText } from './cut.ts';
import { Work } from './work.ts';

/** What is known of a served model beyond what the server tells. */
export interface ServedModel extends Omit<PromptSource, 'id'> {
  /** Names the model goes by at servers, most official first. */
  readonly names: readonly string[];
  readonly maxTokens?: number;
  /** Vectors may be cut down to so many dimensions; undefined: not known. */
  readonly minDims?: number;
  /** Cuts a text to so many tokens, with the model's own tokenizer. */
  fit?(text: string, maxTokens: number): string;
}

export interface ServerEmbedderOptions {
  readonly urls: readonly string[];
  /** Undefined: the one model that the servers serve. */
  readonly model?: ServedModel;
  readonly apiKey?: string | undefined;
  readonly dims?: number | undefined;
  readonly instruction?: string | undefined;
  readonly purpose?: 'clone' | 'search';
  readonly pace?: Partial<Pacing>;
}

const PACE = { perServer: 4, pauseMs: 500, maxPauseMs: 30_000, timeoutMs: 180_000, attempts: 12 } as const;
/** Tokens taken for granted where neither the server nor the registry says. */
const MAX_TOKENS = 8192;
/** Code has three to four characters a token; a longer text is cut without asking a server that would refuse it. */
const CHARS_PER_TOKEN = 3;
const PROBE = 'function add(a, b) { return a + b; }';
/** The same weights on other hardware or in another precision stay above this; other weights do not. */
const SAME_MODEL = 0.98;

/**
 * A model on OpenAI-compatible servers (sglang, vLLM, TEI, Ollama, llama.cpp, Infinity, OpenAI, Voyage). Prompts are
 * put into the text, vectors cut and normalised here. Each server must give the first one's vector for a probe text
 * before it is used.
 * @throws SimcodeError bad-option, network, missing-model, bad-model
 */
export async function createServerEmbedder(options: ServerEmbedderOptions): Promise<Embedder> {
  const pace = { ...PACE, ...options.pace };
  const connections = createConnections();
  try {
    return await open(options, pace, connections);
  } catch (error) {
    await connections.destroy();
    throw error;
  }
}

type Pacing = Pace & { readonly timeoutMs: number; readonly attempts: number };

async function open(options: ServerEmbedderOptions, pace: Pacing, connections: Dispatcher): Promise<Embedder> {
  const { apiKey, model } = options;
  const client = createClient({ connections, apiKey, timeoutMs: pace.timeoutMs });
  const urls = [...new Set(options.urls.map(baseUrlOf))];
  const { name, probe, maxTokens: told } = await firstServer(client, urls, model, pace);
  const servers = urls.map((baseUrl): Server => ({ baseUrl, model: name, checked: undefined, inFlight: 0, failures: 0, notBefore: 0 }));
  const source = { ...model, id: model?.names[0] ?? name };
  const plan = planPrompt(source, options.instruction, options.purpose);
  const dims = chosenDims(source.id, probe.row.length, options.dims, model?.minDims);
  const maxTokens = Math.min(told ?? Infinity, model?.maxTokens ?? Infinity, told || model?.maxTokens ? Infinity : MAX_TOKENS);
  const fit = (text: string): string => model?.fit?.(text, maxTokens) ?? cutText(text, maxTokens * CHARS_PER_TOKEN);
  const ask = async (server: Server, texts: readonly string[]): Promise<readonly Float32Array[]> => {
    server.checked ??= check(server);
    await server.checked.catch((error: unknown) => {
      server.checked = undefined;
      throw error;
    });
    const answer = await client.embed(server.baseUrl, server.model, texts);
    if (answer.rows[0]?.length !== probe.row.length) throw changed(server, `its vectors have ${answer.rows[0]?.length} dimensions, not ${probe.row.length}`);
    if (probe.models.get(server.baseUrl) !== answer.model) throw changed(server, `it now runs ${answer.model}, not ${probe.models.get(server.baseUrl)}`);
    return answer.rows;
  };
  const check = async (server: Server): Promise<void> => {
    server.model = model ? servedModel(model.names, await discoverServer(client, server.baseUrl), server.baseUrl) : name;
    const answer = await client.embed(server.baseUrl, server.model, [PROBE]);
    const [row] = answer.rows;
    if (!row || row.length !== probe.row.length || cosine(row, probe.row) < SAME_MODEL) throw changed(server, 'it gives other vectors than the other servers');
    probe.models.set(server.baseUrl, answer.model);
  };
  const work = new Work({ balancer: createBalancer(servers, pace), ask, attempts: pace.attempts }, dims, servers.length * pace.perServer);
  return {
    id: source.id, revision: `server-${probe.row.length}-${maxTokens}`, dims, maxTokens, input: 'source', device: 'server', instruction: plan.instruction,
    embed: (texts, onDone) => work.embed(texts.map((text) => fit(plan.document(text))), texts.map((text) => plan.document(text)), onDone),
    embedQueries: (texts) => work.embed(texts.map((text) => fit(plan.query(text))), texts.map((text) => plan.query(text))),
    warnings: () => work.warnings(),
    close: () => connections.destroy(),
  };
}

interface Found {
  readonly name: string;
  readonly maxTokens: number | undefined;
  /** The vector every server must give for the probe text, and the model each says it runs. */
  readonly probe: { readonly row: Float32Array; readonly models: Map<string, string | undefined> };
}

/** The first server that answers decides on model and dimensions; one that is loading or overloaded is waited for. */
async function firstServer(client: Client, urls: readonly string[], model: ServedModel | undefined, pace: Pacing): Promise<Found> {
  for (let round = 1; ; round++) {
    let last: SimcodeError | undefined;
    let wait: number | undefined;
    for (const url of urls) {
      try {
        const info = await discoverServer(client, url);
        const name = servedModel(model?.names ?? [], info, url);
        const { rows: [row] } = await client.embed(url, name, [PROBE]);
        if (row) return { name, maxTokens: info.maxTokens, probe: { row, models: new Map() } };
      } catch (error) {
        if (!(error instanceof RequestFailure)) throw error;
        last ??= unreachable(url, error);
        const pause = Math.min(pace.maxPauseMs, pace.pauseMs * 2 ** (round - 1));
        // a server that does not even answer is hardly about to
        if (error.kind === 'retry' && (error.status !== undefined || round < 2)) wait = Math.min(wait ?? Infinity, error.afterMs ?? pause);
      }
    }
    if (wait === undefined || round >= pace.attempts) throw last ?? new SimcodeError('bad-option', 'No embedding server was named', { hint: 'Name one with --embed-url.' });
    await setTimeout(wait);
  }
}

/** Going on elsewhere would hide that part of the vectors are of another kind: the run ends with `cause`. */
function changed(server: Server, what: string): RequestFailure {
  const cause = new SimcodeError('bad-model', `The embedding server ${server.baseUrl} changed or differs: ${what}`, { hint: 'Serve one model, at one revision, from every address.' });
  return new RequestFailure('fatal', what, { cause });
}

function chosenDims(id: string, dims: number, asked: number | undefined, least: number | undefined): number {
  if (asked === undefined || asked === dims) return dims;
  if (asked < dims && asked >= (least ?? 1)) return asked;
  throw new SimcodeError('bad-option', `Model ${id} cannot give ${asked} dimensions`, { hint: `It gives ${least ?? 1} to ${dims}.` });
}

function cosine(a: Float32Array, b: Float32Array): number {
  let dot = 0;
  for (const [at, value] of a.entries()) dot += value * (b[at] ?? 0);
  return dot / (Math.hypot(...a) * Math.hypot(...b));
}
