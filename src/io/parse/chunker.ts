/* oxlint-disable unicorn/require-post-message-target-origin -- that is for windows; threads have no origin */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { SimcodeError } from '../../errors.ts';
import type { FileChunker, StoredFile } from '../../types.ts';
import type { ParseJob, ParseReply } from './protocol.ts';

/** Files under way per thread: enough that none waits for the main thread. */
const AHEAD = 16;
/** A thread holds some 100 MB, and parsing is a tenth of what embedding costs. */
const MAX_THREADS = 4;
const CORES_PER_THREAD = 4;

interface Waiting { resolve(stored: StoredFile): void; reject(error: Error): void }
interface Thread { readonly worker: Worker; readonly waiting: Map<number, Waiting> }

/**
 * Chunks in threads that start with the first file and end with `close`: the heap of Tree-sitter never shrinks, and what
 * a thread gives back keeps no source text alive. Run from its sources it chunks in this thread.
 */
export function openChunker(from: string = import.meta.url): FileChunker {
  return from.endsWith('.ts') ? inline() : threaded(new URL('./worker.js', from), Math.min(MAX_THREADS, Math.ceil(availableParallelism() / CORES_PER_THREAD)));
}

function inline(): FileChunker {
  const grammars = import('../grammars.ts').then(({ openGrammars }) => openGrammars());
  return {
    ahead: 1,
    chunk: async (file, floor) => (await import('../../chunk/to-store.ts')).chunkToStore(file, await grammars, floor),
    close: () => Promise.resolve(),
  };
}

function threaded(entry: URL, size: number): FileChunker {
  let threads: Thread[] = [];
  let jobs = 0;
  return {
    ahead: AHEAD * size,
    chunk(file, floor) {
      const idle = threads.find(({ waiting }) => waiting.size === 0) ?? (threads.length < size ? start(entry, threads) : undefined);
      const thread = idle ?? threads.reduce((least, other) => (other.waiting.size < least.waiting.size ? other : least));
      const job = jobs++;
      return new Promise((resolve, reject) => {
        thread.waiting.set(job, { resolve, reject });
        thread.worker.postMessage({ job, file, floor } satisfies ParseJob);
      });
    },
    async close() {
      const ending = threads;
      threads = [];
      await Promise.all(ending.map(({ worker }) => worker.terminate()));
    },
  };
}

function start(entry: URL, threads: Thread[]): Thread {
  const worker = new Worker(entry, { name: 'simcode-parse' });
  const thread: Thread = { worker, waiting: new Map() };
  const fail = (reason: string): void => {
    for (const { reject } of thread.waiting.values()) reject(new SimcodeError('io', `A parsing thread ended early (${reason})`, { hint: 'If memory is short, leave out large files with --max-file-size.' }));
    thread.waiting.clear();
    const at = threads.indexOf(thread);
    if (at >= 0) threads.splice(at, 1);
  };
  worker.on('message', (reply: ParseReply) => {
    const { resolve, reject } = thread.waiting.get(reply.job) ?? {};
    thread.waiting.delete(reply.job);
    if ('stored' in reply) resolve?.(reply.stored);
    else reject?.(reply.code === undefined ? new Error(reply.message) : new SimcodeError(reply.code, reply.message, reply.hint === undefined ? {} : { hint: reply.hint }));
  });
  worker.on('error', (cause) => { fail(cause.message); });
  worker.on('exit', (code) => { fail(`exit code ${code}`); });
  threads.push(thread);
  return thread;
}
