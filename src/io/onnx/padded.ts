import { planPadded, type BatchLimits } from './batches.ts';
import type { WorkerPool } from './pool.ts';
import type { Tokens } from './protocol.ts';
import { normalizeInto } from './vectors.ts';
import { addWindow } from './windows.ts';

export interface PaddedWork {
  /** One thread that holds the device. */
  readonly device: WorkerPool;
  /** Threads that cut texts into tokens meanwhile. */
  readonly tokenizers: WorkerPool;
  readonly texts: readonly string[];
  readonly rows: Float32Array;
  readonly dims: number;
  readonly limits: BatchLimits;
}

/** Texts tokenised ahead of the device. */
const WINDOW = 512;
/** Texts in one message to a tokeniser. */
const SLICE = 64;
/** Batches at the device: one running and one waiting, so that it never waits for a message. */
const AHEAD = 2;

/**
 * Texts through an accelerator: windows of similar length, longest first; while the device runs one, the next is cut
 * into tokens. Fills `rows`; `onDone` gets the number of texts done so far.
 */
export async function embedPadded(work: PaddedWork, onDone?: (count: number) => void): Promise<void> {
  const { texts, device, rows, dims, limits } = work;
  const order = texts.map((_, at) => at).toSorted((a, b) => (texts[b]?.length ?? 0) - (texts[a]?.length ?? 0) || a - b);
  const divided = new Set<number>();
  let done = 0;
  const runOne = async (parts: readonly Part[]): Promise<void> => {
    const vectors = await device.runTokens(joined(parts.map(({ ids }) => ids)));
    for (const [at, { place, ids, texts: share }] of parts.entries()) {
      const [row, vector] = [rows.subarray(place * dims, (place + 1) * dims), vectors.subarray(at * dims, (at + 1) * dims)];
      if (share === 1) row.set(vector);
      else addWindow(row, vector, ids);
      done += share;
    }
    onDone?.(Math.round(done));
  };
  let next = tokenizeWindow(work, order, 0);
  const running = new Set<Promise<void>>();
  for (let start = 0; start < order.length; start += WINDOW) {
    const parts = await next;
    for (const { place, texts: share } of parts) if (share < 1) divided.add(place);
    next = tokenizeWindow(work, order, start + WINDOW);
    // awaited in the next round; a failure before then must not count as unhandled
    next.catch(() => undefined);
    for (const batch of planPadded(parts.map(({ ids }) => ids.length), limits)) {
      const run = runOne(batch.flatMap((at) => parts[at] ?? []));
      running.add(run);
      run.then(() => running.delete(run), () => undefined);
      if (running.size >= AHEAD) await Promise.race(running);
    }
  }
  await Promise.all(running);
  for (const place of divided) {
    const row = rows.subarray(place * dims, (place + 1) * dims);
    normalizeInto(row, row);
  }
}

/** What the model reads at once: all of a text, or a part of it. */
interface Part { readonly ids: Int32Array; readonly place: number; readonly texts: number }

async function tokenizeWindow({ tokenizers, texts }: PaddedWork, order: readonly number[], start: number): Promise<readonly Part[]> {
  const window = order.slice(start, start + WINDOW).map((at) => texts[at] ?? '');
  const slices = Array.from({ length: Math.ceil(window.length / SLICE) }, (_, at) => window.slice(at * SLICE, (at + 1) * SLICE));
  const found = await Promise.all(slices.map((slice) => tokenizers.tokenize(slice)));
  const counts = found.flatMap(({ lengths, parts }) => parts ?? lengths.map(() => 1));
  const places = counts.flatMap((count, at) => Array.from({ length: count }, () => ({ place: order[start + at] ?? 0, texts: 1 / count })));
  return found.flatMap(lists).map((ids, at) => ({ ids, place: 0, texts: 1, ...places[at] }));
}

function lists({ ids, lengths }: Tokens): readonly Int32Array[] {
  let end = 0;
  return lengths.map((length) => ids.subarray(end, (end += length)));
}

function joined(lists: readonly Int32Array[]): Tokens {
  const ids = new Int32Array(lists.reduce((sum, list) => sum + list.length, 0));
  let end = 0;
  for (const list of lists) {
    ids.set(list, end);
    end += list.length;
  }
  return { ids, lengths: lists.map((list) => list.length) };
}
