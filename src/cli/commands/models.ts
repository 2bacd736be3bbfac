import type { Command } from '@commander-js/extra-typings';
import { rm } from 'node:fs/promises';
import { SimcodeError } from '../../errors.ts';
import { loadModelSpec } from '../../io/model.ts';
import { dtypes, type Dtype } from '../../io/models/dtype.ts';
import { findSnapshot, hubCacheDir, repoDir } from '../../io/models/hub-paths.ts';
import { registry, type RegistryEntry } from '../../io/models/registry.ts';
import { escapeText } from '../../report/escape.ts';
import { defaultCalibration } from '../../score/default-calibration.ts';
import { addGlobalOptions } from '../options.ts';
import { hubModel, modelDir, openCalibration } from '../models.ts';
import { writeStdout } from '../output.ts';
import { oneOf } from '../parsers.ts';
import type { FetchOptions } from '../pulling.ts';
import { megabytes } from './cache.ts';

const help = `
Models lie in the hub's cache, shared with other tools: $HF_HUB_CACHE, else $HF_HOME/hub, else ~/.cache/huggingface/hub.
HF_ENDPOINT, HF_TOKEN, HF_HUB_OFFLINE and HTTPS_PROXY are honoured; the token goes to the endpoint's host only.
Nothing is downloaded but by "models pull" and the flag --pull of other commands.

Examples:
  simcode models pull qwen3-embedding-0.6b --dtype q8
  simcode models pull owner/name@main
  simcode scan --model qwen3-embedding-0.6b
  simcode scan --model qwen3-embedding-0.6b --pull       both in one`;

const dtypeHelp = 'weights: fp32, fp16, q8, … (default: what suits this machine)';

/** `simcode models list|pull|info|remove`: embedding models beyond the one in the package. */
export function addModelsCommand(program: Command): void {
  const models = program.command('models').description('List, fetch and remove embedding models.').addHelpText('after', help);
  addGlobalOptions(models);
  const lister = models.command('list').description('models simcode knows by name, and those on this machine').option('--json', 'as JSON').action(list);
  const puller = models.command('pull').description('download a model; resumes, and checks every byte').argument('<model>', 'name, or owner/name[@revision] on the hub')
    .option('--dtype <name>', dtypeHelp, oneOf(dtypes)).option('--accept-license', 'also fetch a model whose licence forbids commercial use').option('--offline', 'never use the network').action(pull);
  const informer = models.command('info').description('what simcode reads from a model\'s files').argument('<model>', 'name, hub id or folder').option('--dtype <name>', dtypeHelp, oneOf(dtypes)).action(info);
  const remover = models.command('remove').description('delete a model from this machine').argument('<model>', 'name or hub id').action(remove);
  addGlobalOptions(lister);
  addGlobalOptions(puller);
  addGlobalOptions(informer);
  addGlobalOptions(remover);
}

async function list({ json }: { readonly json?: true }): Promise<void> {
  const known = await Promise.all(registry.map(async (entry) => ({ ...entry, downloaded: await findSnapshot(entry.repo, entry.revision) !== undefined })));
  const { pulledRepos } = await import('../../io/models/pull.ts');
  const others = (await pulledRepos()).filter((repo) => !registry.some((entry) => entry.repo === repo));
  if (json) return writeStdout(`${JSON.stringify({ cache: hubCacheDir(), known, others }, null, 2)}\n`);
  const lines = ['mini                          in the package', ...known.flatMap((entry) => [
    `${entry.name.padEnd(28)}  ${entry.downloaded ? 'on this machine' : 'not downloaded'}; ${entry.license}, ${entry.parameters} parameters, ${entry.dims} dimensions, ${entry.prompt ? 'takes instructions' : 'no instructions'}`,
    `${' '.repeat(30)}${sizesOf(entry.sizes)}; ${entry.about}`,
  ])];
  if (others.length > 0) lines.push('', `In ${escapeText(hubCacheDir())}, perhaps put there by other tools:`, ...others.map((repo) => `  ${escapeText(repo)}`));
  await writeStdout(`${lines.join('\n')}\n`);
}

interface PullFlags extends FetchOptions { readonly dtype?: Dtype }

async function pull(model: string, flags: PullFlags): Promise<void> {
  const hub = hubModel(model);
  if (hub === undefined) throw notOnHub(model);
  const { fetchModel } = await import('../pulling.ts');
  await writeStdout(`${escapeText(await fetchModel(hub, flags))}\n`);
}

async function info(model: string, { dtype }: { readonly dtype?: Dtype }): Promise<void> {
  const hub = hubModel(model);
  const known = hub?.entry && await findSnapshot(hub.repo, hub.revision) === undefined ? describeEntry(hub.entry) : await describeFolder(model, dtype);
  const { kind, threshold, provenance } = await openCalibration(model).then((calibration) => ({ ...calibration, kind: calibration === defaultCalibration ? 'default' : 'its own' }));
  const rows = [...known, ['calibration', `${kind}, threshold ${threshold}; ${provenance}`] as const];
  await writeStdout(rows.map(([name, text]) => `${escapeText(name).padEnd(14)}${escapeText(text)}\n`).join(''));
}

type Rows = readonly (readonly [string, string])[];

/** What the files say. */
async function describeFolder(model: string, dtype: Dtype | undefined): Promise<Rows> {
  const spec = await loadModelSpec(await modelDir(model), { name: model, dtype });
  const { id, revision, dims, minDims, maxTokens, pooling, prompt, prompts, bytes, dir, modelPath } = spec;
  const license = hubModel(model)?.entry?.license;
  return [
    ['model', `${id} ${revision}`], ['folder', dir], ['weights', `${modelPath} (${megabytes(bytes)})`], ...(license ? [['licence', license] as const] : []),
    ['dimensions', minDims === undefined ? `${dims}` : `${dims}, may be cut to ${minDims}`], ['tokens', `${maxTokens}`], ['pooling', pooling],
    ...(prompt ? [['template', JSON.stringify(prompt)] as const] : []),
    ...Object.entries(prompts ?? {}).map(([name, text]) => [`prompt ${name}`, JSON.stringify(text)] as const),
  ];
}

/** What is known of a model before it is downloaded. */
function describeEntry({ name, repo, revision, license, dims, minDims, maxTokens, prompt, sizes }: RegistryEntry): Rows {
  return [
    ['model', name], ['folder', `not downloaded; fetch it with simcode models pull ${name}`], ['repository', `${repo} at ${revision}`], ['licence', license],
    ['download', sizesOf(sizes)], ['dimensions', minDims === undefined ? `${dims}` : `${dims}, may be cut to ${minDims}`], ['tokens', `${maxTokens}`],
    ...(prompt ? [['template', JSON.stringify(prompt)] as const] : []),
  ];
}

const sizesOf = (sizes: RegistryEntry['sizes']): string => Object.entries(sizes).map(([dtype, size]) => `${dtype} ${size} MB`).join(', ');

async function remove(model: string): Promise<void> {
  const hub = hubModel(model);
  if (hub === undefined) throw notOnHub(model);
  const { pulledRepos } = await import('../../io/models/pull.ts');
  if (!(await pulledRepos()).includes(hub.repo)) throw new SimcodeError('missing-model', `${hub.repo} is not on this machine`, { hint: 'See simcode models list.' });
  const dir = repoDir(hub.repo);
  await rm(dir, { recursive: true });
  await writeStdout(`Removed ${escapeText(dir)}\n`);
}

function notOnHub(model: string): SimcodeError {
  return new SimcodeError('bad-option', `${model} is neither a model simcode knows nor a hub id`, {
    hint: `Use ${registry.map(({ name }) => name).join(', ')}, or owner/name.`,
  });
}
