import type { Chunk, Embedder, Matrix, OnEvent, VectorCache } from '../types.ts';
import { modelInput, vectorKey } from './input.ts';

export interface Embedding {
  /** Row i is the unit vector of chunk i; all zeros, similar to nothing, where the chunk has no text for the model. */
  readonly matrix: Matrix;
  /** Distinct inputs the model was run on, and distinct inputs answered by the cache. */
  readonly embedded: number;
  readonly cached: number;
}

interface Input { readonly key: string; readonly chunk: Chunk; readonly rows: number[]; vector?: Float32Array; fresh?: true }

/** Inputs embedded between two saves of the cache: what an interrupted run loses at most. */
const SAVE_EVERY = 4096;
/** Inputs the model is started for while more chunks may come: long and short ones then still mix. */
const START_AT = 512;
/** Chunks handled before timers and signals get a turn. */
const TURN = 2048;

/**
 * Embeds chunks while others are still being parsed. Identical inputs are embedded once; what the cache knows is not
 * embedded at all (then the embedder is never started). Ticks count inputs that needed the model, once all are known.
 */
export class EmbedStream {
  private readonly inputs = new Map<string, Input>();
  private readonly chunkIds: string[] = [];
  private readonly waiting: Input[] = [];
  private running: Promise<void> | undefined;
  private failure: { readonly error: unknown } | undefined;
  private found: Embedding | undefined;
  private complete = false;
  private total = 0;
  private done = 0;
  private unsaved = 0;

  private readonly embedder: Embedder;
  private readonly cache: VectorCache;
  private readonly onEvent: OnEvent;

  constructor(embedder: Embedder, cache: VectorCache, onEvent: OnEvent = () => {}) {
    this.embedder = embedder;
    this.cache = cache;
    this.onEvent = onEvent;
  }

  /** Chunks added so far. */
  get size(): number {
    return this.chunkIds.length;
  }

  /** Chunks in their order. @throws what the embedder threw on earlier ones */
  async add(chunks: readonly Chunk[]): Promise<void> {
    for (const [at, chunk] of chunks.entries()) {
      this.addOne(chunk);
      if (at % TURN === TURN - 1) await new Promise((resolve) => { setImmediate(resolve); });
    }
    if (this.failure !== undefined) throw this.failure.error;
  }

  /** Starts the model on what waits if it is worth it while more chunks are to come. */
  advance(): void {
    if (this.waiting.length >= START_AT) void this.start();
  }

  /** Vectors of all chunks added; nothing may be added afterwards. @throws what the embedder throws */
  async finish(): Promise<Embedding> {
    if (this.found !== undefined) return this.found;
    this.complete = true;
    this.tick(0);
    await this.running;
    await this.start();
    if (this.failure !== undefined) throw this.failure.error;
    const { inputs, chunkIds, embedder: { dims }, total } = this;
    this.found = { matrix: { dims, rows: fill(inputs.values(), chunkIds.length, dims), chunkIds, ...keysOf(inputs.values(), chunkIds.length) }, embedded: total, cached: inputs.size - total };
    // what was embedded is held once more otherwise
    inputs.clear();
    return this.found;
  }

  private addOne(chunk: Chunk): void {
    const row = this.chunkIds.push(chunk.id) - 1;
    const text = modelInput(chunk, this.embedder.input);
    if (text.trim() === '') return;
    const key = vectorKey(this.embedder, text);
    const known = this.inputs.get(key);
    if (known !== undefined) return void known.rows.push(row);
    const input: Input = { key, chunk, rows: [row] };
    this.inputs.set(key, input);
    const vector = this.cache.get(key);
    if (vector?.length === this.embedder.dims) input.vector = vector;
    else {
      input.fresh = true;
      this.waiting.push(input);
      this.total++;
    }
  }

  /** Runs until too few inputs wait; never rejects. */
  private start(): Promise<void> {
    this.running ??= this.run().catch((error: unknown) => { this.failure ??= { error }; }).finally(() => { this.running = undefined; });
    return this.running;
  }

  private async run(): Promise<void> {
    const { embedder, cache, waiting } = this;
    while (this.failure === undefined && waiting.length >= (this.complete ? 1 : START_AT)) {
      if (this.unsaved >= SAVE_EVERY) {
        await cache.save();
        this.unsaved = 0;
      }
      const part = waiting.splice(0, SAVE_EVERY);
      keep(part, await embedder.embed(part.map(({ chunk }) => modelInput(chunk, embedder.input)), (count) => { this.tick(count); }), embedder.dims, cache);
      this.done += part.length;
      this.unsaved += part.length;
    }
  }

  private tick(count: number): void {
    if (this.complete && this.total > 0) this.onEvent({ stage: 'embed', state: 'tick', done: this.done + count, total: this.total });
  }
}

function keep(part: readonly Input[], vectors: Float32Array, dims: number, cache: VectorCache): void {
  for (const [at, input] of part.entries()) {
    const vector = vectors.subarray(at * dims, (at + 1) * dims);
    input.vector = vector;
    // a text that was refused has no vector; another run may have more luck
    if (vector.some((value) => value !== 0)) cache.set(input.key, vector);
  }
}

function keysOf(inputs: Iterable<Input>, count: number): Required<Pick<Matrix, 'keys' | 'fresh'>> {
  const keys = Array.from({ length: count }, () => '');
  const fresh = new Set<string>();
  for (const { key, rows, fresh: isFresh } of inputs) {
    for (const row of rows) keys[row] = key;
    if (isFresh) fresh.add(key);
  }
  return { keys, fresh };
}

function fill(inputs: Iterable<Input>, count: number, dims: number): Float32Array {
  const rows = new Float32Array(count * dims);
  for (const { rows: own, vector } of inputs) if (vector !== undefined) for (const row of own) rows.set(vector, row * dims);
  return rows;
}
