import { createHash } from 'node:crypto';
import { open, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { SimcodeError } from '../errors.ts';

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
  input: z.enum(['lexemes', 'source']),
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
export interface ModelSpec extends Readonly<z.infer<typeof modelConfig>> {
  readonly dir: string;
  readonly modelPath: string;
  readonly tokenizerPath: string;
}

/** Folder of a model shipped inside the package. */
export function bundledModelDir(name = 'mini'): string {
  return fileURLToPath(new URL(`../../models/${name}/`, import.meta.url));
}

/**
 * Reads a model folder. `revision` becomes `<revision>-<12 hex digits of the files' hash>`, so that vectors of
 * retrained weights are never mistaken for those of the old ones.
 * @throws SimcodeError missing-model (folder or file absent), bad-model (config.json not understood)
 */
export async function loadModelSpec(dir: string): Promise<ModelSpec> {
  const configPath = join(dir, 'config.json');
  const text = await readFile(configPath, 'utf8').catch((cause: unknown) => missing(configPath, dir, cause));
  const config = parseConfig(text, configPath);
  const modelPath = join(dir, config.model);
  const tokenizerPath = join(dir, config.tokenizer);
  const hash = createHash('sha256').update(text);
  for (const path of [tokenizerPath, modelPath]) {
    await hashFile(path, hash).catch((cause: unknown) => missing(path, dir, cause));
  }
  const revision = `${config.revision}-${hash.digest('hex').slice(0, 12)}`;
  return { ...config, revision, dir, modelPath, tokenizerPath };
}

function parseConfig(text: string, path: string): z.infer<typeof modelConfig> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new SimcodeError('bad-model', `${path} is not JSON`, { hint: 'Copy the model folder again.', cause });
  }
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
