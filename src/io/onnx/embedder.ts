import { availableParallelism } from 'node:os';
import { planPrompt } from '../../embed/instruction.ts';
import { SimcodeError } from '../../errors.ts';
import type { Embedder } from '../../types.ts';
import { loadModelSpec, type ModelSpec } from '../model.ts';
import type { Dtype } from '../models/dtype.ts';
import { planBatches, type BatchLimits } from './batches.ts';
import { resolveDevice } from './devices.ts';
import { workerEntry } from './entry.ts';
import { embedPadded } from './padded.ts';
import { createPool, type WorkerPool } from './pool.ts';
import type { WorkerSetup } from './protocol.ts';

export interface OnnxEmbedderOptions {
  /** Cores to use; default all. */
  readonly threads?: number | undefined;
  /** `auto` (default) or an execution provider of `listDevices()`. */
  readonly device?: string | undefined;
  /** Keep only the first `dims` floats, at unit length again; for models trained for it. */
  readonly dims?: number | undefined;
  /** Weights to use where there are several; default what suits the device. */
  readonly dtype?: Dtype | undefined;
  /** A preset, one of the model's own prompts, or text. */
  readonly instruction?: string | undefined;
  readonly purpose?: 'clone' | 'search' | undefined;
  /** Name the folder was found by, as the registry knows it. */
  readonly name?: string | undefined;
  /** Pad texts to common lengths and run them together; the default on every device but the CPU. */
  readonly padded?: BatchLimits | undefined;
}

/** A session of the shipped model holds some 25 MB. */
const MAX_THREADS = 32;
/** A second session costs about 0.1 s of CPU to open: worth it from this many texts on. */
const TEXTS_PER_THREAD = 16;
/** Larger weights are held once, by a session that uses all cores, instead of once a core. */
const ONE_SESSION_BYTES = 100e6;
/** Enough to fill a large GPU; 64 rows of 256 tokens keep attention scores of 16 heads below 300 MB. */
const PADDED: BatchLimits = { tokens: 16_384, rows: 64 };
/** One thread gives some 0.28 million tokens a second, about what the fastest GPU takes of a 0.6 B model. */
const TOKENIZERS = 4;

/**
 * The model of a folder on onnxruntime. Threads start with the first text; `close()` must be called or they keep the
 * process alive. `embed` gives `texts.length * dims` floats, row i for text i, each of unit length and dependent on its
 * text alone; `onDone` gets the number of texts done so far.
 * @throws SimcodeError missing-model, bad-model, missing-device, bad-option
 */
export async function createOnnxEmbedder(modelDir: string, options: OnnxEmbedderOptions = {}): Promise<Embedder> {
  const { model, device } = await openModel(modelDir, options);
  const dims = chosenDims(model, options.dims);
  const plan = planPrompt(model, options.instruction, options.purpose);
  const engine = createEngine(model, dims, device, options);
  return {
    id: model.id, revision: model.revision, dims, maxTokens: model.maxTokens, input: model.input, device, instruction: plan.instruction,
    embed: (texts, onDone) => engine.embed(texts.map((text) => plan.document(text)), onDone),
    embedQueries: (texts) => engine.embed(texts.map((text) => plan.query(text))),
    close: () => engine.close(),
  };
}

/** The weights that suit the device, and the device that suits the weights. */
async function openModel(dir: string, { device: asked = 'auto', dtype, name }: OnnxEmbedderOptions): Promise<{ readonly model: ModelSpec; readonly device: string }> {
  const model = await loadModelSpec(dir, { dtype, name });
  const precision = await resolveDevice(asked, model.bytes);
  const suited = precision.device === 'cpu' ? model : await loadModelSpec(dir, { ...precision, dtype, name });
  return { model: suited, device: precision.device };
}

interface Engine {
  embed(texts: readonly string[], onDone?: (count: number) => void): Promise<Float32Array>;
  close(): Promise<void>;
}

function createEngine(model: ModelSpec, dims: number, device: string, options: OnnxEmbedderOptions): Engine {
  const cores = Math.max(1, options.threads ?? Math.min(MAX_THREADS, availableParallelism()));
  const single = device !== 'cpu' || model.bytes > ONE_SESSION_BYTES;
  const setup: WorkerSetup = { model, dims, device, intraThreads: single ? cores : 1, role: 'encoder' };
  const pool = createPool(workerEntry(), setup);
  const limits = batchLimits(model, options.padded ?? (device === 'cpu' ? undefined : PADDED));
  const tokenizers = limits && createPool(workerEntry(), { ...setup, role: 'tokenizer' } satisfies WorkerSetup);
  const threads = single ? 1 : cores;
  return {
    async embed(texts, onDone) {
      const rows = new Float32Array(texts.length * dims);
      if (texts.length === 0) return rows;
      pool.grow(limits ? 1 : Math.min(threads, Math.ceil(texts.length / TEXTS_PER_THREAD)));
      tokenizers?.grow(Math.min(TOKENIZERS, cores, Math.ceil(texts.length / TEXTS_PER_THREAD)));
      await (limits && tokenizers
        ? embedPadded({ device: pool, tokenizers, texts, rows, dims, limits }, onDone)
        : embedAll({ pool, texts, rows, dims, lanes: threads * 2 }, onDone));
      return rows;
    },
    async close() {
      await Promise.all([pool.close(), tokenizers?.close()]);
    },
  };
}

/** A graph that pools by itself takes one text a run. */
function batchLimits({ pooling }: ModelSpec, limits: BatchLimits | undefined): BatchLimits | undefined {
  return limits && pooling === 'none' ? { ...limits, rows: 1 } : limits;
}

interface Work {
  readonly pool: WorkerPool;
  readonly texts: readonly string[];
  readonly rows: Float32Array;
  readonly dims: number;
  /** Batches under way at once: one running and one waiting per thread. */
  readonly lanes: number;
}

async function embedAll({ pool, texts, rows, dims, lanes }: Work, onDone?: (count: number) => void): Promise<void> {
  const batches = planBatches(texts).values();
  let done = 0;
  let failed = false;
  const lane = async (): Promise<void> => {
    for (const batch of batches) {
      if (failed) return;
      const vectors = await pool.run(batch.map((at) => texts[at] ?? '')).catch((error: unknown) => {
        failed = true;
        throw error;
      });
      for (const [at, row] of batch.entries()) rows.set(vectors.subarray(at * dims, (at + 1) * dims), row * dims);
      done += batch.length;
      onDone?.(done);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

function chosenDims(model: ModelSpec, asked: number | undefined): number {
  if (asked === undefined || asked === model.dims) return model.dims;
  const least = model.minDims;
  if (least !== undefined && Number.isInteger(asked) && asked >= least && asked < model.dims) return asked;
  throw new SimcodeError('bad-option', `Model ${model.id} cannot give ${asked} dimensions`, {
    hint: least === undefined ? `It gives ${model.dims}.` : `It gives ${least} to ${model.dims}.`,
  });
}
