import { createHash } from 'node:crypto';
import { open, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { PromptSource } from '../embed/instruction.ts';
import { SimcodeError } from '../errors.ts';
import type { ModelInput } from '../types.ts';
import { readHubModel, type HubModelOptions } from './models/hub-model.ts';
import type { DenseLayer, Pooling } from './models/modules.ts';

const fileName = z.string().regex(/^[\w.-]+$/, 'a plain file name inside the model folder');
const positive = z.int().positive();

/** What a model folder's `config.json` says; unknown keys are left alone (a model card may add its own). */
const modelConfig = z.object({
  id: z.string().min(1),
  revision: z.string().min(1),
  /** Floats per vector. */
  dims: positive.max(65_536),
  /** The smallest size vectors may be cut to (matryoshka training); absent: they may not be cut. */
  minDims: positive.optional(),
  /** Longest input in tokens, special tokens included. */
  maxTokens: positive.min(2),
  /** Parts of `maxTokens` that a longer text is read in; the vector is their mean, by tokens. What is beyond is not read. */
  windows: positive.max(64).optional(),
  input: z.enum(['lexemes', 'named-lexemes', 'source']),
  /** `none`: the graph pools by itself and its output is [1, dims]; else the output is [1, tokens, dims]. */
  pooling: z.enum(['none', 'mean', 'cls', 'last']),
  /** Name of the graph's output. */
  output: z.string().min(1),
  /** Template with `{instruction}` and `{text}`, for models that were trained with instructions. */
  prompt: z.string().includes('{instruction}').includes('{text}').optional(),
  model: fileName.default('model.onnx'),
  tokenizer: fileName.default('tokenizer.json'),
});

/** A model folder that was read and checked; plain, so that it can be handed to a worker. */
export interface ModelSpec extends Omit<PromptSource, 'id'> {
  readonly id: string;
  readonly revision: string;
  /** Floats per vector, and per token in the graph's output. */
  readonly dims: number;
  readonly hidden: number;
  readonly minDims?: number | undefined;
  readonly maxTokens: number;
  readonly windows?: number | undefined;
  readonly input: ModelInput;
  /** `none`: the graph's output is [batch, dims]; `graph`: it must be, as no file says how to pool. */
  readonly pooling: Pooling | 'none' | 'graph';
  /** Applied after pooling, in order. */
  readonly dense: readonly DenseLayer[];
  /** Name of the graph's output; absent: the first of those published graphs have. */
  readonly output?: string;
  /** Put last where the tokenizer puts nothing there. */
  readonly endToken?: number;
  /** Where batches are padded; of no effect on the vectors. */
  readonly paddingSide: 'left' | 'right';
  readonly dir: string;
  readonly modelPath: string;
  readonly tokenizerPath: string;
  /** Size of the weights. */
  readonly bytes: number;
}

/** Folder of a model shipped inside the package. */
export function bundledModelDir(name = 'mini'): string {
  return fileURLToPath(new URL(`../../models/${name}/`, import.meta.url));
}

/** How the folder of a hub model is read; a folder with simcode's own config.json has no choices. */
export type ModelOptions = Partial<HubModelOptions>;

/**
 * Reads a model folder: simcode's own form, or the hub's. `revision` holds 12 hex digits of the files' hash, so that
 * vectors of retrained weights are never mistaken for those of the old ones.
 * @throws SimcodeError missing-model (folder or file absent), bad-model (a file not understood)
 */
export async function loadModelSpec(dir: string, options: ModelOptions = {}): Promise<ModelSpec> {
  const configPath = join(dir, 'config.json');
  const text = await readFile(configPath, 'utf8').catch((cause: unknown) => missing(configPath, dir, cause));
  const json = parseJson(text, configPath);
  if (isHubConfig(json)) {
    const { files, ...model } = await readHubModel(dir, { device: 'cpu', f16: false, ...options });
    return { ...model, revision: await hashFiles(text, files, dir) };
  }
  const { model, tokenizer, revision, ...config } = parseConfig(json, configPath);
  const modelPath = join(dir, model);
  const tokenizerPath = join(dir, tokenizer);
  const hash = await hashFiles(text, [tokenizerPath, modelPath], dir);
  const { size: bytes } = await stat(modelPath);
  return {
    ...config, revision: `${revision}-${hash}`, hidden: config.dims, dense: [], paddingSide: 'right',
    dir, modelPath, tokenizerPath, bytes,
  };
}

/** A transformer's config.json, which simcode's own never looks like. */
function isHubConfig(json: unknown): boolean {
  return z.looseObject({ model_type: z.string(), output: z.undefined().optional() }).safeParse(json).success;
}

/** 12 hex digits over the contents of a model's files. */
async function hashFiles(text: string, files: readonly string[], dir: string): Promise<string> {
  const hash = createHash('sha256').update(text);
  for (const path of files) await hashFile(path, hash).catch((cause: unknown) => missing(path, dir, cause));
  return hash.digest('hex').slice(0, 12);
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SimcodeError('bad-model', `${path} is not JSON`, { hint: 'Copy the model folder again.', cause });
  }
}

function parseConfig(json: unknown, path: string): z.infer<typeof modelConfig> {
  const parsed = modelConfig.safeParse(json);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'config'}: ${issue.message}`).join('; ');
  throw new SimcodeError('bad-model', `${path} does not describe a simcode model (${issues})`, {
    hint: 'It needs id, revision, dims, maxTokens, input, pooling and output; see models/mini/config.json.',
  });
}

const WHOLE_LIMIT = 64 * 2 ** 20;
const SAMPLE = 2 ** 20;

/** Small files whole; of large ones the size and 64 spread megabytes: enough to tell two trainings apart. */
async function hashFile(path: string, hash: ReturnType<typeof createHash>): Promise<void> {
  const { size } = await stat(path);
  if (size <= WHOLE_LIMIT) {
    hash.update(`${size}\n`).update(await readFile(path));
    return;
  }
  hash.update(`${size}\n`);
  const file = await open(path);
  try {
    const buffer = Buffer.alloc(SAMPLE);
    for (let sample = 0; sample < 64; sample++) {
      const { bytesRead } = await file.read(buffer, 0, SAMPLE, Math.floor(((size - SAMPLE) * sample) / 63));
      hash.update(buffer.subarray(0, bytesRead));
    }
  } finally {
    await file.close();
  }
}

function missing(path: string, dir: string, cause: unknown): never {
  throw new SimcodeError('missing-model', `The model in ${dir} cannot be used: ${path} is missing or unreadable`, {
    hint: 'Point --model at a folder with config.json, tokenizer.json and model.onnx, or reinstall simcode.',
    cause,
  });
}
