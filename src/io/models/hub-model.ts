import { basename, join, resolve } from 'node:path';
import { z } from 'zod';
import type { ModelSpec } from '../model.ts';
import { notUnderstood, readModelJson } from './files.ts';
import { isHubId } from './hub-paths.ts';
import { readModules } from './modules.ts';
import { registered } from './registry.ts';
import { chooseWeights } from './weights.ts';
import type { Dtype, Precision } from './dtype.ts';

const size = z.int().positive().max(1_000_000);
const config = z.object({
  model_type: z.string().max(100),
  hidden_size: size.optional(), dim: size.optional(), d_model: size.optional(), n_embd: size.optional(),
  max_position_embeddings: z.int().positive().optional(),
  eos_token_id: z.union([z.int().min(0), z.array(z.int().min(0))]).nullish(),
  /** vLLM's names for matryoshka training. */
  is_matryoshka: z.boolean().optional(), matryoshka_dimensions: z.array(size).min(1).optional(),
});
const tokenizerConfig = z.object({ model_max_length: z.number().positive().nullish(), padding_side: z.enum(['left', 'right']).default('right'), truncation_side: z.enum(['left', 'right']).default('right') });
const transformer = z.object({ max_seq_length: z.int().positive().nullish() });
const prompts = z.object({ prompts: z.record(z.string(), z.string().max(4096)).default({}), default_prompt_name: z.string().nullish() });

/** Longer functions are rare, and attention over more tokens takes gigabytes. */
const MOST_TOKENS = 8192;

export interface HubModelOptions extends Precision {
  readonly dtype?: Dtype | undefined;
  /** Name or hub id the folder was found by; what the registry knows of it fills in where the files do not say. */
  readonly name?: string | undefined;
}

/** A hub id without its revision; of a folder its own name, as a path would tell reports apart by machine. */
function idOf(name: string | undefined, dir: string): string {
  const [repo = ''] = name?.split('@') ?? [];
  return isHubId(repo) ? repo : basename(resolve(dir));
}

/**
 * Reads a model folder as the hub has them: `config.json`, the tokenizer, `modules.json` and what it names, prompts, and
 * the ONNX files.
 * @throws SimcodeError missing-model, bad-model naming the file that is missing or not understood
 */
export async function readHubModel(dir: string, options: HubModelOptions): Promise<Omit<ModelSpec, 'revision'> & { readonly files: readonly string[] }> {
  const known = options.name === undefined ? undefined : registered(options.name);
  const about = await readModelJson(dir, 'config.json', config);
  if (about === undefined) throw notUnderstood(join(dir, 'config.json'), 'it is missing');
  const chain = await readModules(dir);
  const tokenizer = await readModelJson(dir, 'tokenizer_config.json', tokenizerConfig);
  if (tokenizer?.truncation_side === 'left') throw notUnderstood(join(dir, 'tokenizer_config.json'), 'truncation on the left is not supported');
  const limits = await readModelJson(dir, 'sentence_bert_config.json', transformer);
  const prompting = await readModelJson(dir, 'config_sentence_transformers.json', prompts);
  const weights = await chooseWeights(dir, options.dtype, options);
  const hidden = about.hidden_size ?? about.dim ?? about.d_model ?? about.n_embd ?? known?.dims;
  if (hidden === undefined) throw notUnderstood(join(dir, 'config.json'), 'it does not say hidden_size');
  const minDims = known?.minDims ?? (about.matryoshka_dimensions ? Math.min(...about.matryoshka_dimensions) : about.is_matryoshka ? 32 : undefined);
  const pooling = chain.pooling ?? known?.pooling ?? 'graph';
  const end = [about.eos_token_id ?? []].flat()[0];
  const prompt = known?.prompt;
  return {
    id: known?.name ?? idOf(options.name, dir), dims: chain.dense.at(-1)?.outputs ?? hidden, hidden,
    ...(minDims !== undefined && { minDims }),
    maxTokens: Math.min(MOST_TOKENS, limits?.max_seq_length ?? known?.maxTokens ?? tokenizer?.model_max_length ?? MOST_TOKENS, about.max_position_embeddings ?? MOST_TOKENS),
    input: 'source', pooling, dense: chain.dense,
    ...(prompt !== undefined && { prompt }),
    prompts: { ...known?.prompts, ...prompting?.prompts },
    ...(prompting?.default_prompt_name && { defaultPrompt: prompting.default_prompt_name }),
    // the last token stands for the whole text only if it is the one the model was trained to end with
    ...((pooling === 'last' || pooling === 'graph') && end !== undefined && { endToken: end }),
    paddingSide: tokenizer?.padding_side ?? 'right',
    dir, modelPath: weights.path, tokenizerPath: join(dir, 'tokenizer.json'), bytes: weights.bytes,
    files: [join(dir, 'tokenizer.json'), weights.path, ...weights.data, ...chain.dense.map(({ path }) => path)],
  };
}
