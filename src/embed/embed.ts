import type { Chunk, Embedder, Matrix, OnEvent, VectorCache } from '../types.ts';
import { modelInput, vectorKey } from './input.ts';

export interface Embedding {
  /** Row i is the unit vector of chunk i; all zeros, similar to nothing, where the chunk has no text for the model. */
  readonly matrix: Matrix;
  /** Distinct inputs the model was run on, and distinct inputs answered by the cache. */
  readonly embedded: number;
  readonly cached: number;
}

interface Input { readonly key: string; readonly text: string; readonly rows: number[] }

/** Inputs embedded between two saves of the cache: what an interrupted run loses at most. */
const SAVE_EVERY = 4096;
/** Chunks handled before timers and signals get a turn. */
const TURN = 2048;

/**
 * Vectors of all chunks, in their order. Identical inputs are embedded once; what the cache knows is not embedded at
 * all (then the embedder is never started). Ticks count inputs that needed the model.
 * @throws what `embedder.embed` throws
 */
export async function embedChunks(
  chunks: readonly Chunk[], embedder: Embedder, cache: VectorCache, onEvent: OnEvent = () => {},
): Promise<Embedding> {
  const { dims } = embedder;
  const rows = new Float32Array(chunks.length * dims);
  const fill = (input: Input, vector: Float32Array): void => {
    for (const row of input.rows) rows.set(vector, row * dims);
  };
  const inputs = await distinctInputs(chunks, embedder);
  const missing: Input[] = [];
  for (const [at, input] of inputs.entries()) {
    const vector = cache.get(input.key);
    if (vector?.length === dims) fill(input, vector);
    else missing.push(input);
    if (at % TURN === TURN - 1) await turn();
  }
  const total = missing.length;
  if (total > 0) onEvent({ stage: 'embed', state: 'tick', done: 0, total });
  for (let start = 0; start < total; start += SAVE_EVERY) {
    const part = missing.slice(start, start + SAVE_EVERY);
    const vectors = await embedder.embed(part.map(({ text }) => text), (count) => {
      onEvent({ stage: 'embed', state: 'tick', done: start + count, total });
    });
    for (const [at, input] of part.entries()) {
      const vector = vectors.slice(at * dims, (at + 1) * dims);
      fill(input, vector);
      // a text that was refused has no vector; another run may have more luck
      if (vector.some((value) => value !== 0)) cache.set(input.key, vector);
    }
    // the last part is saved by the caller, who wants the warnings
    if (start + SAVE_EVERY < total) await cache.save();
  }
  const matrix = { dims, rows, chunkIds: chunks.map(({ id }) => id) };
  return { matrix, embedded: total, cached: inputs.length - total };
}

async function distinctInputs(chunks: readonly Chunk[], embedder: Embedder): Promise<readonly Input[]> {
  const byText = new Map<string, Input>();
  for (const [row, chunk] of chunks.entries()) {
    const text = modelInput(chunk, embedder.input);
    const known = byText.get(text);
    if (known) known.rows.push(row);
    else if (text.trim() !== '') byText.set(text, { key: vectorKey(embedder, text), text, rows: [row] });
    if (row % TURN === TURN - 1) await turn();
  }
  return [...byText.values()];
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
