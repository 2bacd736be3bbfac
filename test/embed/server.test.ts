import { expect, onTestFinished, test } from 'vitest';
import { createServerEmbedder, type ServerEmbedderOptions } from '../../src/io/server/embedder.ts';
import type { Embedder } from '../../src/types.ts';
import { fakeServer, unitVector, vectorOf, type Behaviour } from './fake-server.ts';

const quick = { pauseMs: 2, maxPauseMs: 20, timeoutMs: 2000 };
const texts = Array.from({ length: 150 }, (_, at) => `function f${at}() { ${'x = y + 1; '.repeat(at % 37)}return "é${at}"; }`);

async function open(options: ServerEmbedderOptions): Promise<Embedder> {
  const embedder = await createServerEmbedder({ ...options, pace: { ...quick, ...options.pace } });
  onTestFinished(() => embedder.close());
  return embedder;
}

/** Every row is the server's vector of its text, at unit length, in order. */
function expectRows(rows: Float32Array, inputs: readonly string[], dims = 8, native = dims): void {
  expect(rows).toHaveLength(inputs.length * dims);
  for (const [at, text] of inputs.entries()) {
    const expected = unitVector(text, dims, native);
    const dot = expected.reduce((sum, value, column) => sum + value * (rows[at * dims + column] ?? 0), 0);
    expect(dot).toBeGreaterThan(0.999999);
  }
}

const tooLong = (limit: number, refuse: (longest: number) => { status: number; body: unknown }): NonNullable<Behaviour['refuse']> => ({ inputs }) => {
  const longest = Math.max(...inputs.map((input) => input.length));
  return longest > limit ? refuse(Math.ceil(longest / 3)) : undefined;
};

/** The limits, error bodies and habits of six servers. */
const servers: Readonly<Record<string, Behaviour>> = {
  sglang: {
    base64: true, models: { data: [{ id: 'Qwen/Qwen3-Embedding-0.6B', max_model_len: 4096 }] }, model: '/models/qwen',
    refuse: tooLong(400, (n) => ({ status: 400, body: { object: 'error', message: `The input (${n} tokens) is longer than the model's context length (133 tokens).`, type: 'BadRequestError', code: 400 } })),
  },
  vllm: {
    base64: true, shuffled: true, models: { data: [{ id: 'Qwen/Qwen3-Embedding-0.6B', max_model_len: 4096 }] },
    refuse: tooLong(400, (n) => ({ status: 400, body: { error: { message: `This model's maximum context length is 133 tokens. However, you requested ${n} tokens in the input for embedding generation.`, type: 'BadRequestError', code: 400 } } })),
  },
  tei: {
    models: 'not found', info: { model_id: 'Qwen/Qwen3-Embedding-0.6B', max_input_length: 8192, max_client_batch_size: 8, auto_truncate: false },
    refuse: (seen, nth) => {
      if (seen.inputs.length > 8) return { status: 413, body: { message: `batch size ${seen.inputs.length} > maximum allowed batch size 8`, type: 'Validation' } };
      if (nth % 5 === 0) return { status: 429, body: { message: 'Model is overloaded', type: 'Overloaded' } };
      if (nth % 7 === 0) return { status: 424, body: { message: 'Backend error', type: 'Backend' } };
      return tooLong(400, (n) => ({ status: 413, body: { message: `Input validation error: \`inputs\` must have less than 133 tokens. Given: ${n}`, type: 'Validation' } }))(seen, nth);
    },
  },
  ollama: {
    models: { object: 'list', data: [{ id: 'qwen3-embedding-0.6b:latest', object: 'model' }, { id: 'llama3:latest' }] },
    refuse: tooLong(400, () => ({ status: 400, body: { error: { message: 'the input length exceeds the context length', type: 'api_error' } } })),
  },
  llama: {
    base64: true, models: { data: [{ id: 'qwen3-embedding-0.6b.gguf', meta: { n_ctx_train: 32768 } }] },
    refuse: tooLong(400, (n) => ({ status: 500, body: { error: { code: 500, message: `input (${n} tokens) is too large to process. increase the physical batch size (current batch size: 133)`, type: 'server_error' } } })),
  },
  infinity: {
    models: { data: [{ id: 'Qwen/Qwen3-Embedding-0.6B' }] },
    refuse: ({ body }) => (body['encoding_format'] === 'base64' ? { status: 422, body: { detail: [{ loc: ['body', 'encoding_format'], msg: 'unexpected value; permitted: float' }] } } : undefined),
  },
};

test.each(Object.keys(servers))('%s: nothing lost, order kept, unit vectors, prompts inside the text', async (kind) => {
  const { url, seen } = await fakeServer(servers[kind]);
  const model = { names: ['Qwen/Qwen3-Embedding-0.6B', 'qwen3-embedding-0.6b'], prompt: 'Instruct: {instruction}\nQuery:{text}' };
  const embedder = await open({ urls: [url], model });
  const prefix = `Instruct: ${embedder.instruction}\nQuery:`;
  expect(prefix).toMatch(/same thing/);
  const inputs = texts.filter((text) => prefix.length + text.length <= 400);
  expectRows(await embedder.embed(inputs), inputs.map((text) => prefix + text));
  expect(embedder.warnings?.()).toEqual([]);
  expect(Math.max(...seen.map((one) => one.inputs.length))).toBeLessThanOrEqual(32);
  expect(seen.every(({ body }) => !('instruction' in body) && !('dimensions' in body))).toBe(true);
});

test.each(['sglang', 'vllm', 'tei', 'ollama', 'llama'])('%s: one function that is too long is cut and does not sink its batch', async (kind) => {
  const { url } = await fakeServer(servers[kind]);
  const embedder = await open({ urls: [url], model: { names: ['Qwen/Qwen3-Embedding-0.6B', 'qwen3-embedding-0.6b'] } });
  const long = `function huge() { ${'a.push(b);'.repeat(300)} }`;
  const short = texts.filter((text) => text.length <= 400);
  const rows = await embedder.embed([...short, long]);
  expectRows(rows.subarray(0, short.length * 8), short);
  expect(Math.hypot(...rows.subarray(short.length * 8))).toBeCloseTo(1, 5);
  expect(embedder.warnings?.()).toMatchObject([{ code: 'truncated', message: expect.stringContaining('1 function ') }]);
});

test('a function that is refused whatever its length is named in a warning; the others have their vectors', async () => {
  const { url } = await fakeServer({ refuse: ({ inputs }) => (inputs.some((text) => text.includes('\u0007')) ? { status: 400, body: { error: { message: 'bad character' } } } : undefined) });
  const embedder = await open({ urls: [url] });
  const rows = await embedder.embed([...texts, `\u0007${'x'.repeat(200)}`]);
  expectRows(rows.subarray(0, texts.length * 8), texts);
  expect([...rows.subarray(texts.length * 8)]).toEqual(Array.from({ length: 8 }, () => 0));
  expect(embedder.warnings?.()).toMatchObject([{ code: 'not-embedded', message: expect.stringContaining('bad character') }]);
});

test('storms, cut answers, closed sockets and slow dribbles are waited out', async () => {
  const { url, seen } = await fakeServer({
    refuse: (_, nth) => (nth > 1 && nth % 3 !== 0 && nth < 20 ? { status: [429, 503, 502, 408, 409, 500][nth % 6] ?? 429, body: 'later', headers: { 'retry-after': '0' } } : undefined),
    sabotage: (_, nth, response, answer) => {
      if (nth === 21) response.writeHead(200).end(answer.slice(0, answer.length / 2));
      else if (nth === 22) response.destroy();
      else if (nth === 23) response.writeHead(200, { 'content-length': `${answer.length}` }).write(answer.slice(0, 10), () => response.destroy());
      else if (nth === 24) dribble(response, answer);
      else if (nth === 25) response.writeHead(200).end(JSON.stringify({ data: [] }));
      else return false;
      return true;
    },
  });
  const many = Array.from({ length: 900 }, (_, at) => `text ${at}`);
  const embedder = await open({ urls: [url], pace: { timeoutMs: 300, attempts: 30 } });
  expectRows(await embedder.embed(many), many);
  expect(seen.length).toBeGreaterThan(29);
});

function dribble(response: import('node:http').ServerResponse, answer: string): void {
  response.writeHead(200);
  let at = 0;
  const timer = setInterval(() => (at < answer.length && !response.destroyed ? response.write(answer[at++]) : clearInterval(timer)), 20);
}

test('several servers share the work; a dead one is dropped and taken back', async () => {
  const first = await fakeServer();
  const second = await fakeServer();
  const third = await fakeServer();
  third.stop();
  const embedder = await open({ urls: [first.url, second.url, third.url], pace: { pauseMs: 50 } });
  const many = Array.from({ length: 2000 }, (_, at) => `text ${at}`);
  expectRows(await embedder.embed(many), many);
  expect(Math.min(first.seen.length, second.seen.length)).toBeGreaterThan(10);
  first.stop();
  await third.start();
  expectRows(await embedder.embed(many), many);
  expect(third.seen.length).toBeGreaterThan(10);
});

test('another model, or another size of vectors, between requests or servers is an error', async () => {
  const probe = 2;
  const resized = await fakeServer({ vector: (text, nth) => vectorOf(text, nth > probe ? 4 : 8) });
  const renamed = await fakeServer({ sabotage: (_, nth, response, answer) => Boolean(nth > probe && response.writeHead(200).end(answer.replace('"model":"toy"', '"model":"other"'))) });
  for (const { url } of [resized, renamed]) {
    const embedder = await open({ urls: [url] });
    await expect(embedder.embed(texts)).rejects.toMatchObject({ code: 'bad-model', message: expect.stringContaining('changed') });
  }
  const normal = await fakeServer();
  const other = await fakeServer({ vector: (text) => vectorOf(`other ${text}`) });
  const embedder = await open({ urls: [normal.url, other.url]});
  await expect(embedder.embed(texts)).rejects.toMatchObject({ code: 'bad-model' });
});

test('the key goes to the server alone: not across a redirect to another host, not into messages', async () => {
  const thief = await fakeServer();
  const redirecting = await fakeServer({ refuse: () => ({ status: 307, body: '', headers: { location: thief.url.replace('127.0.0.1', 'localhost') } }) });
  const refused = createServerEmbedder({ urls: [redirecting.url], apiKey: 'sk-secret', pace: quick });
  await expect(refused).rejects.toMatchObject({ code: 'network', message: expect.stringContaining('redirects to') });
  await refused.catch((error: unknown) => expect(JSON.stringify([error, String(error)])).not.toContain('sk-secret'));
  expect(thief.seen).toEqual([]);
  const within = await fakeServer({ refuse: ({ headers }) => (headers.authorization === 'Bearer sk-secret' ? undefined : { status: 401, body: { error: { message: 'no key' } } }) });
  await expect(createServerEmbedder({ urls: [within.url], pace: quick })).rejects.toMatchObject({ code: 'network', hint: expect.stringContaining('SIMCODE_API_KEY') });
  const embedder = await open({ urls: [within.url], apiKey: 'sk-secret' });
  expectRows(await embedder.embed(['a']), ['a']);
});

test('vectors are cut and normalised here, queries and documents told apart', async () => {
  const { url, seen } = await fakeServer({ dims: 16 });
  const model = { names: ['toy'], prompt: 'Instruct: {instruction}\nQuery:{text}', minDims: 4 };
  const embedder = await open({ urls: [url], model, dims: 4, instruction: 'search' });
  expectRows(await embedder.embed(texts), texts, 4, 16);
  await embedder.embedQueries?.(['sorts numbers']);
  expect(seen.at(-1)?.inputs).toEqual([expect.stringMatching(/^Instruct: .*\nQuery:sorts numbers$/)]);
  await expect(open({ urls: [url], model, dims: 2 })).rejects.toMatchObject({ code: 'bad-option' });
  await expect(open({ urls: [url], model, instruction: 'clones' })).rejects.toMatchObject({ code: 'bad-option', hint: expect.stringContaining('plagiarism') });
});

test('a server that is loading is waited for; one that is not there, has no such page or several models is told about', async () => {
  const loading = await fakeServer({ refuse: (_, nth) => (nth < 4 ? { status: 503, body: { error: { message: 'Loading model' } } } : undefined) });
  await open({ urls: [loading.url] });
  const gone = await fakeServer();
  gone.stop();
  await expect(open({ urls: [gone.url] })).rejects.toMatchObject({ code: 'network', message: expect.stringContaining('ECONNREFUSED') });
  const wrong = await fakeServer();
  await expect(open({ urls: [`${wrong.url}/api`], model: { names: ['toy'] } })).rejects.toMatchObject({ code: 'network', hint: expect.stringContaining('/v1') });
  const several = await fakeServer({ models: { data: [{ id: 'one' }, { id: 'two' }] } });
  await expect(open({ urls: [several.url] })).rejects.toMatchObject({ code: 'missing-model', hint: expect.stringContaining('one, two') });
  await expect(open({ urls: ['ftp://x'] })).rejects.toMatchObject({ code: 'bad-option' });
  await expect(open({ urls: ['http://a:b@x/v1'] })).rejects.toMatchObject({ code: 'bad-option' });
});
