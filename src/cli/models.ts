import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { EffectiveConfig } from '../config/schema.ts';
import { SimcodeError } from '../errors.ts';
import { bundledModelDir } from '../io/model.ts';
import { findSnapshot, isHubId } from '../io/models/hub-paths.ts';
import { registered, registry, type RegistryEntry } from '../io/models/registry.ts';
import { createOnnxEmbedder } from '../io/onnx/embedder.ts';
import type { ServedModel } from '../io/server/embedder.ts';
import { cutText } from '../io/server/cut.ts';
import type { Calibration } from '../score/calibration.ts';
import { parseCalibration } from '../score/calibration.ts';
import { defaultCalibration } from '../score/default-calibration.ts';
import type { Embedder } from '../types.ts';

/** The part of a configuration that chooses a model and where it runs. */
export type ModelChoice = Pick<EffectiveConfig, 'model'> & { readonly [K in 'device' | 'threads' | 'dims' | 'dtype' | 'instruction' | 'embedUrls' | 'offline']?: EffectiveConfig[K] | undefined } & {
  /** Which side of a search texts are on decides about their prompts. */
  readonly purpose?: 'clone' | 'search';
};

/** A repository of the hub and the revision to use. */
export interface HubModel { readonly repo: string; readonly revision: string; readonly entry: RegistryEntry | undefined }

/** The hub repository that a name stands for, or undefined for a folder or the model in the package. */
export function hubModel(model: string): HubModel | undefined {
  const entry = registered(model);
  if (entry) return { repo: entry.repo, revision: entry.revision, entry };
  const [repo = '', revision = 'main'] = model.split('@');
  return isHubId(repo) ? { repo, revision, entry: undefined } : undefined;
}

/** Size and licence, as they are decided on before a download. */
function about(entry: RegistryEntry | undefined): string {
  if (entry === undefined) return '';
  const sizes = Object.values(entry.sizes);
  return ` (${Math.min(...sizes)} to ${Math.max(...sizes)} MB, ${entry.license})`;
}

/**
 * Folder of a model by name, hub id or path.
 * @throws SimcodeError missing-model saying how to get it
 */
export async function modelDir(model: string): Promise<string> {
  if (model === 'mini') return bundledModelDir();
  const isFolder = await stat(model).then((found) => found.isDirectory(), () => false);
  if (isFolder) return model;
  const hub = hubModel(model);
  if (hub === undefined) {
    throw new SimcodeError('missing-model', `There is no model ${model}: it is neither a folder with config.json, nor a model simcode knows, nor a hub id`, {
      hint: `Use mini, ${registry.map(({ name }) => name).join(', ')}, owner/name from the hub, or a model folder.`,
    });
  }
  const found = await findSnapshot(hub.repo, hub.revision);
  if (found !== undefined) return found;
  throw new SimcodeError('missing-model', `The model ${model} is not on this machine`, {
    hint: `Add --pull to fetch it now${about(hub.entry)}, or once: simcode models pull ${model}; without a network copy its folder here and use --model <folder>.`,
  });
}

/** The embedder that a configuration asks for, on this machine or on servers. The caller closes it. */
export async function openEmbedder(choice: ModelChoice): Promise<Embedder> {
  const { model, device, threads, dims, dtype, instruction, embedUrls = [], offline = false, purpose } = choice;
  if (embedUrls.length === 0) return createOnnxEmbedder(await modelDir(model), { device, threads, dims, dtype, instruction, purpose, name: model });
  if (offline) throw new SimcodeError('bad-option', 'An embedding server needs the network, which --offline forbids', { hint: 'Leave out one of the two.' });
  const served = model === 'mini' ? undefined : await servedModel(model);
  // an HTTP client takes a tenth of a second to load
  const { createServerEmbedder } = await import('../io/server/embedder.ts');
  return createServerEmbedder({
    urls: embedUrls, dims, instruction, apiKey: process.env['SIMCODE_API_KEY'] || undefined,
    ...(served && { model: served }), ...(purpose && { purpose }),
  });
}

/** What is known here of a model that runs elsewhere; its tokenizer, if it was pulled, cuts long texts exactly. */
async function servedModel(model: string): Promise<ServedModel> {
  const hub = hubModel(model);
  const entry = hub?.entry;
  const dir = hub && await findSnapshot(hub.repo, hub.revision);
  const tokenizer = dir === undefined ? undefined : (await import('../io/tokenizer.ts')).loadTokenizer(join(dir, 'tokenizer.json'));
  return {
    names: [...new Set([model, ...(entry ? [...entry.aliases, entry.name, entry.repo] : [])])],
    ...(entry && { maxTokens: entry.maxTokens, prompt: entry.prompt, prompts: entry.prompts }),
    ...(entry?.minDims !== undefined && { minDims: entry.minDims }),
    ...(tokenizer && { fit: (text: string, maxTokens: number) => fitted(text, (part) => tokenizer.encode(part, maxTokens + 1).length <= maxTokens) }),
  };
}

/** The longest beginning of a text that fits. */
function fitted(text: string, fits: (part: string) => boolean): string {
  if (fits(text)) return text;
  let [least, most] = [0, text.length];
  while (most - least > 1) {
    const middle = (least + most) >> 1;
    if (fits(cutText(text, middle))) least = middle;
    else most = middle;
  }
  return cutText(text, least);
}

/** The calibration beside a model's weights, or the default one. @throws SimcodeError `bad-model` for a broken one */
export async function openCalibration(model: string, embedUrls: readonly string[] = []): Promise<Calibration> {
  // a server without a named model runs something else than mini
  if (model === 'mini' && embedUrls.length > 0) return defaultCalibration;
  const dir = await modelDir(model).catch(() => undefined);
  if (dir === undefined) return defaultCalibration;
  const path = join(dir, 'calibration.json');
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text !== undefined) return parseCalibration(text, path);
  if (model !== 'mini') return defaultCalibration;
  throw new SimcodeError('bad-model', `${path} cannot be read`, { hint: 'Reinstall simcode.' });
}
