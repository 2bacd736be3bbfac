import { join } from 'node:path';
import { z } from 'zod';
import { SimcodeError } from '../../errors.ts';
import { notUnderstood, readModelJson } from './files.ts';

export type Pooling = 'mean' | 'cls' | 'last' | 'max';

export interface DenseLayer {
  /** safetensors file with `linear.weight` [out, in] and, if there is one, `linear.bias` [out]. */
  readonly path: string;
  readonly inputs: number;
  readonly outputs: number;
  readonly activation: 'identity' | 'tanh' | 'relu' | 'gelu';
}

/** What sentence-transformers does after the transformer. */
export interface ModuleChain {
  /** Undefined when no file says. */
  readonly pooling: Pooling | undefined;
  readonly dense: readonly DenseLayer[];
}

const folder = z.string().regex(/^(?:[\w-]+(?:\.[\w-]+)*)?$/, 'a plain folder name');
const moduleList = z.array(z.object({ path: folder, type: z.string().max(200) })).max(20);
const pooling = z.looseObject({ pooling_mode: z.union([z.string(), z.array(z.string())]).optional(), include_prompt: z.boolean().optional() });
const dense = z.object({ in_features: z.int().positive().max(65_536), out_features: z.int().positive().max(65_536), activation_function: z.string().default('torch.nn.modules.linear.Identity') });

const modes: Readonly<Record<string, Pooling>> = {
  pooling_mode_mean_tokens: 'mean', pooling_mode_cls_token: 'cls', pooling_mode_lasttoken: 'last', pooling_mode_max_tokens: 'max',
  mean: 'mean', cls: 'cls', lasttoken: 'last', max: 'max',
};
const activations: Readonly<Record<string, DenseLayer['activation']>> = { Identity: 'identity', Tanh: 'tanh', ReLU: 'relu', GELU: 'gelu' };

/**
 * Reads `modules.json` and the folders it names (https://sbert.net, "Structure of Sentence Transformer Models").
 * @throws SimcodeError bad-model naming a module, a pooling or an activation that simcode does not know
 */
export async function readModules(dir: string): Promise<ModuleChain> {
  const modules = await readModelJson(dir, 'modules.json', moduleList);
  if (modules === undefined) return { pooling: await readPooling(dir, '1_Pooling'), dense: [] };
  let mode: Pooling | undefined;
  const layers: DenseLayer[] = [];
  for (const { path, type } of modules) {
    const kind = type.split('.').at(-1) ?? type;
    if (kind === 'Pooling') mode = await readPooling(dir, path);
    else if (kind === 'Dense') layers.push(await readDense(dir, path));
    else if (kind !== 'Transformer' && kind !== 'Normalize') throw notUnderstood(join(dir, 'modules.json'), `simcode does not know the module ${type}`);
  }
  return { pooling: mode, dense: layers };
}

async function readPooling(dir: string, path: string): Promise<Pooling | undefined> {
  const name = `${path}/config.json`;
  const config = await readModelJson(dir, name, pooling);
  if (config === undefined) return undefined;
  if (config.include_prompt === false) throw notUnderstood(join(dir, name), 'prompts left out of the pooling are not supported');
  const named = config.pooling_mode === undefined ? [] : [config.pooling_mode].flat();
  const chosen = named.length > 0 ? named : Object.keys(config).filter((key) => key.startsWith('pooling_mode_') && config[key] === true);
  const [only] = chosen;
  const mode = only === undefined ? undefined : modes[only];
  if (chosen.length !== 1 || mode === undefined) throw notUnderstood(join(dir, name), `pooling ${chosen.join(' + ') || 'unnamed'} is not supported (mean, cls, lasttoken and max are)`);
  return mode;
}

async function readDense(dir: string, path: string): Promise<DenseLayer> {
  const name = `${path}/config.json`;
  const config = await readModelJson(dir, name, dense);
  if (config === undefined) throw new SimcodeError('missing-model', `${join(dir, name)} is missing`, { hint: 'Copy the whole model folder.' });
  const activation = activations[config.activation_function.split('.').at(-1) ?? ''];
  if (activation === undefined) throw notUnderstood(join(dir, name), `activation ${config.activation_function} is not supported`);
  return { path: join(dir, path, 'model.safetensors'), inputs: config.in_features, outputs: config.out_features, activation };
}
