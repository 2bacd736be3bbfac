/**
 * Entry of an embedding thread. It ends by itself after `close`: a thread that is terminated while it holds an
 * onnxruntime session takes the whole process down.
 */
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { SimcodeError } from '../../errors.ts';
import { loadTokenizer, type TextTokenizer } from '../tokenizer.ts';
import type { FromWorker, ToWorker, WorkerData, WorkerSetup } from './protocol.ts';
import { openSession, type TextSession } from './session.ts';
import { passThrough } from './turnstile.ts';

interface Engine extends WorkerData<WorkerSetup> { readonly session: TextSession; readonly tokenizer: TextTokenizer }

async function embed({ session, tokenizer, setup, turnstile }: Engine, texts: readonly string[]): Promise<Float32Array<ArrayBuffer>> {
  const rows = new Float32Array(texts.length * setup.dims);
  for (const [at, text] of texts.entries()) {
    const ids = tokenizer.encode(text, setup.model.maxTokens);
    const row = rows.subarray(at * setup.dims, (at + 1) * setup.dims);
    await passThrough(turnstile, () => session.run(ids, row));
  }
  return rows;
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
    await passThrough(engine.turnstile, () => engine.session.release());
    port.close();
    return;
  }
  try {
    const rows = await embed(engine, message.texts);
    port.postMessage({ kind: 'rows', job: message.job, rows } satisfies FromWorker, [rows.buffer]);
  } catch (error) {
    port.postMessage(failure(error, message.job));
  }
}

async function serve(port: MessagePort, data: WorkerData<WorkerSetup>): Promise<void> {
  const tokenizer = loadTokenizer(data.setup.model.tokenizerPath);
  const session = await passThrough(data.turnstile, () => openSession(data.setup));
  const engine = { ...data, tokenizer, session };
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
