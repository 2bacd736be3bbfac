/* oxlint-disable unicorn/require-post-message-target-origin -- that is for windows; threads have no origin */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { SimcodeError } from '../../errors.ts';
import type { FromWorker, Job, Tokens, ToWorker, WorkerData } from './protocol.ts';
import { createTurnstile, shut } from './turnstile.ts';

export interface WorkerPool {
  /** Starts threads until there are `size` of them. */
  grow(size: number): void;
  /** Has texts embedded, each by itself, by the thread with the least to do. */
  run(texts: readonly string[]): Promise<Float32Array>;
  /** Token ids of texts. */
  tokenize(texts: readonly string[]): Promise<Tokens>;
  /** Has one padded batch of token ids embedded. */
  runTokens(tokens: Tokens): Promise<Float32Array>;
  /** Lets every thread finish and end by itself. Safe to call twice; the pool may grow again afterwards. */
  close(): Promise<void>;
}

type Reply = Extract<FromWorker, { kind: 'rows' | 'tokens' }>;
interface Waiting { resolve(reply: Reply): void; reject(error: Error): void }
interface Thread { readonly worker: Worker; readonly waiting: Map<number, Waiting>; failure?: Error }

/** Threads that speak `protocol.ts`. A thread that fails or dies rejects its batches; none is left hanging. */
export function createPool(entry: URL, setup: unknown): WorkerPool {
  const turnstile = createTurnstile();
  const beforeExit = (): void => shut(turnstile);
  let threads: Thread[] = [];
  let jobs = 0;
  const send = (work: Job): Promise<Reply> => {
    const thread = threads.toSorted((a, b) => a.waiting.size - b.waiting.size)[0];
    if (!thread) throw new Error('grow() the pool first');
    if (thread.failure) return Promise.reject(thread.failure);
    const job = jobs++;
    return new Promise((resolve, reject) => {
      thread.waiting.set(job, { resolve, reject });
      thread.worker.postMessage({ ...work, job } satisfies ToWorker, work.kind === 'run' ? [work.tokens.ids.buffer] : []);
    });
  };
  return {
    grow(size) {
      if (threads.length === 0) process.on('exit', beforeExit);
      while (threads.length < size) threads.push(startThread(entry, { setup, turnstile }));
    },
    run: async (texts) => rowsOf(await send({ kind: 'embed', texts })),
    async tokenize(texts) {
      const reply = await send({ kind: 'tokenize', texts });
      if (reply.kind !== 'tokens') throw new Error(`tokens were asked for, not ${reply.kind}`);
      return reply.tokens;
    },
    runTokens: async (tokens) => rowsOf(await send({ kind: 'run', tokens })),
    async close() {
      const ending = threads;
      threads = [];
      await Promise.all(ending.map(endThread));
      if (threads.length === 0) process.off('exit', beforeExit);
    },
  };
}

function rowsOf(reply: Reply): Float32Array {
  if (reply.kind !== 'rows') throw new Error(`rows were asked for, not ${reply.kind}`);
  return reply.rows;
}

function startThread(entry: URL, data: WorkerData<unknown>): Thread {
  const worker = new Worker(entry, { workerData: data, name: 'simcode-embed' });
  const thread: Thread = { worker, waiting: new Map() };
  const fail = (error: Error): void => {
    thread.failure ??= error;
    for (const { reject } of thread.waiting.values()) reject(thread.failure);
    thread.waiting.clear();
  };
  worker.on('message', (message: FromWorker) => {
    if (message.kind === 'failed') {
      const error = new SimcodeError(message.code, message.message, message.hint ? { hint: message.hint } : {});
      if (message.job === undefined) return fail(error);
      thread.waiting.get(message.job)?.reject(error);
    } else {
      thread.waiting.get(message.job)?.resolve(message);
    }
    if (message.job !== undefined) thread.waiting.delete(message.job);
  });
  worker.on('error', (cause) => fail(died(`An embedding thread failed (${cause.message})`, cause)));
  worker.on('messageerror', (cause) => fail(died('An embedding thread sent something unreadable', cause)));
  worker.on('exit', (code) => fail(died(`An embedding thread ended early (exit code ${code})`)));
  return thread;
}

function died(message: string, cause?: unknown): SimcodeError {
  return new SimcodeError('bad-model', message, {
    hint: 'Run `simcode doctor`; if memory is short, use fewer threads.', ...(cause === undefined ? {} : { cause }),
  });
}

async function endThread({ worker, failure }: Thread): Promise<void> {
  // threadId is -1 once a thread has ended
  if (worker.threadId === -1) return;
  const exit = once(worker, 'exit').catch(() => undefined);
  if (!failure) worker.postMessage({ kind: 'close' } satisfies ToWorker);
  await exit;
}
