/**
 * Entry of an embedding thread. It ends by itself after `close`: a thread that is terminated while it holds an
 * onnxruntime session takes the whole process down.
 */
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { SimcodeError } from '../../errors.ts';
import { loadTokenizer } from '../tokenizer.ts';
import type { FromWorker, Tokens, ToWorker, WorkerData, WorkerSetup } from './protocol.ts';
import type { TextSession } from './session.ts';
import { passThrough } from './turnstile.ts';
import { normalizeInto } from './vectors.ts';
import { addWindow, createWindows, type Windows } from './windows.ts';

interface Engine extends WorkerData<WorkerSetup> {
  /** Absent in a thread that only cuts texts into tokens. */
  readonly session: TextSession | undefined;
  readonly windowsOf: Windows;
}

/** One text a run: on the CPU batching gains nothing, and with dynamic int8 the padding would change the vector. */
async function embed(engine: Engine, texts: readonly string[]): Promise<Float32Array<ArrayBuffer>> {
  const { windowsOf, setup: { dims } } = engine;
  const rows = new Float32Array(texts.length * dims);
  for (const [at, text] of texts.entries()) {
    const parts = windowsOf(text);
    const row = rows.subarray(at * dims, (at + 1) * dims);
    if (parts.length === 1) {
      await run(engine, parts, row);
      continue;
    }
    const part = new Float32Array(dims);
    for (const ids of parts) {
      await run(engine, [ids], part);
      addWindow(row, part, ids);
    }
    normalizeInto(row, row);
  }
  return rows;
}

async function run({ session, turnstile }: Engine, batch: readonly (readonly number[])[], rows: Float32Array): Promise<void> {
  if (!session) throw new Error('this thread has no session');
  await passThrough(turnstile, () => session.run(batch, rows));
}

function tokenize({ windowsOf }: Engine, texts: readonly string[]): Tokens {
  const parts = texts.map(windowsOf);
  const lists = parts.flat();
  return { ids: Int32Array.from(lists.flat()), lengths: lists.map((list) => list.length), parts: parts.map((lists) => lists.length) };
}

async function runBatch(engine: Engine, tokens: Tokens): Promise<Float32Array<ArrayBuffer>> {
  const rows = new Float32Array(tokens.lengths.length * engine.setup.dims);
  await run(engine, split(tokens), rows);
  return rows;
}

function split({ ids, lengths }: Tokens): readonly (readonly number[])[] {
  let end = 0;
  return lengths.map((length) => [...ids.subarray(end, (end += length))]);
}

function failure(error: unknown, job?: number): FromWorker {
  const known = error instanceof SimcodeError;
  return {
    kind: 'failed',
    ...(job === undefined ? {} : { job }),
    code: known ? error.code : 'bad-model',
    message: error instanceof Error ? error.message : String(error),
    ...(known && error.hint ? { hint: error.hint } : {}),
  };
}

async function answer(engine: Engine, port: MessagePort, message: ToWorker): Promise<void> {
  if (message.kind === 'close') {
    const { session, turnstile } = engine;
    if (session) await passThrough(turnstile, () => session.release());
    port.close();
    return;
  }
  try {
    if (message.kind === 'tokenize') {
      const tokens = tokenize(engine, message.texts);
      port.postMessage({ kind: 'tokens', job: message.job, tokens } satisfies FromWorker, [tokens.ids.buffer]);
      return;
    }
    const rows = message.kind === 'embed' ? await embed(engine, message.texts) : await runBatch(engine, message.tokens);
    port.postMessage({ kind: 'rows', job: message.job, rows } satisfies FromWorker, [rows.buffer]);
  } catch (error) {
    port.postMessage(failure(error, message.job));
  }
}

async function serve(port: MessagePort, data: WorkerData<WorkerSetup>): Promise<void> {
  const { model, role } = data.setup;
  const windowsOf = createWindows(loadTokenizer(model.tokenizerPath, model), model);
  // loading onnxruntime starts native code: an exit must not meet that either
  const session = role === 'encoder' ? await passThrough(data.turnstile, async () => (await import('./session.ts')).openSession(data.setup)) : undefined;
  const engine = { ...data, windowsOf, session };
  // one message after the other, so that `close` never meets a run
  let last = Promise.resolve();
  port.on('message', (message: ToWorker) => {
    last = last.then(() => answer(engine, port, message));
  });
}

if (parentPort) {
  const port = parentPort;
  serve(port, workerData).catch((error: unknown) => {
    port.postMessage(failure(error));
    port.close();
  });
}
