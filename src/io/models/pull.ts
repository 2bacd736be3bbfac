import { copyFile, mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { SimcodeError } from '../../errors.ts';
import { createConnections } from '../http.ts';
import { replaceFile } from '../replace-file.ts';
import { defaultDtype, dtypes, type Dtype, type Precision } from './dtype.ts';
import { fetchBlob, type DownloadOptions } from './download.ts';
import { describeRepo, type HubFile, type HubRepo } from './hub.ts';
import { hubCacheDir, hubEndpoint, hubToken, isOffline, repoDir } from './hub-paths.ts';
import { graphFolders, graphName, isDataOf } from './weights.ts';

export interface PullOptions extends Precision {
  readonly repo: string;
  /** A commit, tag or branch. */
  readonly revision: string;
  readonly dtype?: Dtype | undefined;
  readonly offline?: boolean;
  /** Told what will be fetched before the first byte is; may throw to stop. */
  onPlan?(plan: PullPlan): void;
  onProgress?(done: number, total: number): void;
  readonly pace?: Partial<Pick<DownloadOptions, 'attempts' | 'pauseMs'> & { readonly timeoutMs: number }>;
}

export interface PullPlan {
  readonly repo: HubRepo;
  readonly dtype: Dtype;
  readonly files: readonly HubFile[];
  readonly bytes: number;
}

const PARALLEL = 4;
const small = /^(?:config|tokenizer|tokenizer_config|special_tokens_map|modules|sentence_bert_config|config_sentence_transformers|calibration)\.json$/;
const module = /^\d+_[A-Za-z]+\/(?:config\.json|model\.safetensors)$/;

/**
 * Downloads what simcode needs of a model into the hub's cache (huggingface_hub's layout: `blobs`, `snapshots`, `refs`).
 * @returns the folder of the snapshot
 * @throws SimcodeError network, missing-model, bad-model, io
 */
export async function pullModel(options: PullOptions): Promise<string> {
  if (options.offline || isOffline()) {
    throw new SimcodeError('network', `${options.repo} is not on this machine, and the network is switched off`, {
      hint: 'Pull it without --offline and HF_HUB_OFFLINE, or copy a model folder here and use --model <folder>.',
    });
  }
  const connections = createConnections();
  try {
    const access = { connections, endpoint: hubEndpoint(), token: await hubToken(), timeoutMs: options.pace?.timeoutMs ?? 60_000 };
    const plan = planPull(await describeRepo(access, options.repo, options.revision), options);
    options.onPlan?.(plan);
    const dir = repoDir(options.repo, hubCacheDir());
    let done = 0;
    const download: DownloadOptions = {
      attempts: 5, pauseMs: 1000, ...options.pace,
      onBytes: (count) => options.onProgress?.((done += count), plan.bytes),
    };
    const queue = plan.files.values();
    await Promise.all(Array.from({ length: PARALLEL }, async () => {
      for (const file of queue) await fetchBlob(access, plan.repo, file, join(dir, 'blobs', file.digest), download);
    }));
    return await publish(dir, plan, options.revision);
  } finally {
    await connections.destroy();
  }
}

/** The files to fetch: configuration, tokenizer, modules, and the weights of one dtype. */
export function planPull(repo: HubRepo, { dtype: asked, device, f16 }: Pick<PullOptions, 'dtype' | 'device' | 'f16'>): PullPlan {
  const offered = weightsIn(repo.files);
  const dtype = asked ?? defaultDtype(new Map([...offered].map(([name, files]) => [name, total(files)])), { device, f16 });
  const weights = dtype && offered.get(dtype);
  if (!dtype || !weights) {
    throw new SimcodeError('missing-model', `${repo.repo} has no ${asked ?? 'ONNX'} weights${offered.size === 0 ? '' : ' of that kind'}`, {
      hint: offered.size > 0 ? `It has ${[...offered.keys()].join(', ')}; choose with --dtype.` : 'Look for a copy with ONNX files (often under onnx-community), or export the model and use --model <folder>.',
    });
  }
  if (!repo.files.some(({ name }) => name === 'tokenizer.json')) {
    throw new SimcodeError('missing-model', `${repo.repo} has no tokenizer.json`, { hint: 'Look for a copy of the model that has one.' });
  }
  const files = [...repo.files.filter(({ name }) => small.test(name) || module.test(name)), ...weights];
  return { repo, dtype, files, bytes: total(files) };
}

function weightsIn(files: readonly HubFile[]): ReadonlyMap<Dtype, readonly HubFile[]> {
  for (const folder of graphFolders) {
    const prefix = folder === '' ? '' : `${folder}/`;
    const offered = new Map<Dtype, readonly HubFile[]>();
    for (const dtype of dtypes) {
      const graph = files.find(({ name }) => name === prefix + graphName(dtype));
      if (graph) offered.set(dtype, [graph, ...files.filter(({ name }) => isDataOf(name, graph.name))]);
    }
    if (offered.size > 0) return offered;
  }
  return new Map();
}

function total(files: readonly HubFile[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** Makes the snapshot appear: links to blobs, `config.json` last, as its presence says that the rest is there. */
async function publish(dir: string, { repo, files }: PullPlan, revision: string): Promise<string> {
  const snapshot = join(dir, 'snapshots', repo.commit);
  const last = (file: HubFile): number => (file.name === 'config.json' ? 1 : 0);
  for (const file of files.toSorted((a, b) => last(a) - last(b))) await link(join(dir, 'blobs', file.digest), join(snapshot, file.name));
  if (revision !== repo.commit) {
    await mkdir(join(dir, 'refs'), { recursive: true });
    await replaceFile(join(dir, 'refs', revision), (path) => writeFile(path, repo.commit));
  }
  return snapshot;
}

async function link(blob: string, place: string): Promise<void> {
  await mkdir(dirname(place), { recursive: true });
  await replaceFile(place, async (path) => {
    // Windows without developer mode has no links
    await symlink(relative(dirname(place), blob), path).catch(() => copyFile(blob, path));
  });
}

/** Models in the cache that have ONNX files, with the bytes they take. */
export async function pulledRepos(cache = hubCacheDir()): Promise<readonly string[]> {
  const names = await readdir(cache).catch(() => []);
  return names.filter((name) => name.startsWith('models--')).map((name) => name.slice('models--'.length).replace('--', '/')).toSorted();
}
