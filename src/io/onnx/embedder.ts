import { availableParallelism } from 'node:os';
import { SimcodeError } from '../../errors.ts';
import type { Embedder } from '../../types.ts';
import { loadModelSpec, type ModelSpec } from '../model.ts';
import { planBatches } from './batches.ts';
import { resolveDevice } from './devices.ts';
import { workerEntry } from './entry.ts';
import { createPool, type WorkerPool } from './pool.ts';
import type { WorkerSetup } from './protocol.ts';

export interface OnnxEmbedderOptions {
  /** Sessions, one thread each; default one a core. */
  readonly threads?: number;
  /** `auto` (default) or an execution provider of `listDevices()`. */
  readonly device?: string;
  /** Keep only the first `dims` floats, at unit length again; for models whose config.json has `minDims`. */
  readonly dims?: number;
  /** Filled into the model's prompt template. */
  readonly instruction?: string;
}

/** A session of the shipped model holds some 25 MB. */
const MAX_THREADS = 32;
/** A second session costs about 0.1 s of CPU to open: worth it from this many texts on. */
const TEXTS_PER_THREAD = 16;

/**
 * The model of a folder (`config.json`, `tokenizer.json`, `model.onnx`) on onnxruntime. Threads start with the first
 * text; `close()` must be called or they keep the process alive. `embed` gives `texts.length * dims` floats, row i
 * for text i, each of unit length and dependent on its text alone; `onDone` gets the number of texts done so far.
 * @throws SimcodeError missing-model, bad-model, missing-device, bad-option
 */
export async function createOnnxEmbedder(modelDir: string, options: OnnxEmbedderOptions = {}): Promise<Embedder> {
  const model = await loadModelSpec(modelDir);
  const dims = chosenDims(model, options.dims);
  const prompt = promptOf(model, options.instruction);
  const device = await resolveDevice(options.device ?? 'auto');
  // accelerators take turns; a second session there only doubles the memory
  const threads = device === 'cpu' ? Math.max(1, options.threads ?? Math.min(MAX_THREADS, availableParallelism())) : 1;
  const pool = createPool(workerEntry(), { model, dims, device } satisfies WorkerSetup);
  return {
    id: model.id, revision: model.revision, dims, maxTokens: model.maxTokens, input: model.input, device,
    instruction: options.instruction ?? '',
    async embed(texts, onDone) {
      const rows = new Float32Array(texts.length * dims);
      if (texts.length === 0) return rows;
      pool.grow(Math.min(threads, Math.ceil(texts.length / TEXTS_PER_THREAD)));
      await embedAll({ pool, texts: texts.map(prompt), rows, dims, lanes: threads * 2 }, onDone);
      return rows;
    },
    close: () => pool.close(),
  };
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

function promptOf(model: ModelSpec, instruction: string | undefined): (text: string) => string {
  const template = model.prompt;
  if (!instruction) return (text) => text;
  if (template === undefined) {
    throw new SimcodeError('bad-option', `Model ${model.id} takes no instruction`, {
      hint: 'Leave the instruction out, or use a model that was trained with instructions.',
    });
  }
  // neither the instruction nor the text is itself read as a template
  const parts = template.split(/(\{instruction\}|\{text\})/);
  return (text) => parts.map((part) => (part === '{instruction}' ? instruction : part === '{text}' ? text : part)).join('');
}
