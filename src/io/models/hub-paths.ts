import { readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { SimcodeError } from '../../errors.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** The hub's cache, shared with other tools: HF_HUB_CACHE, HUGGINGFACE_HUB_CACHE, HF_HOME/hub, XDG_CACHE_HOME, ~/.cache. */
export function hubCacheDir(env: Env = process.env): string {
  const named = env['HF_HUB_CACHE'] || env['HUGGINGFACE_HUB_CACHE'];
  return resolve(named || join(hubHome(env), 'hub'));
}

function hubHome(env: Env): string {
  return env['HF_HOME'] || join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'huggingface');
}

/** Address of the hub, without a slash at the end. @throws SimcodeError bad-option */
export function hubEndpoint(env: Env = process.env): string {
  const endpoint = (env['HF_ENDPOINT'] || 'https://huggingface.co').replace(/\/+$/, '');
  if (URL.canParse(endpoint) && /^https?:/.test(endpoint)) return endpoint;
  throw new SimcodeError('bad-option', `HF_ENDPOINT is not an address: ${endpoint}`, { hint: 'Write it like https://huggingface.co.' });
}

/** The user's token, if there is one: HF_TOKEN, or the file HF_TOKEN_PATH or HF_HOME/token. */
export async function hubToken(env: Env = process.env): Promise<string | undefined> {
  if (env['HF_TOKEN']) return env['HF_TOKEN'];
  if (isOn(env['HF_HUB_DISABLE_IMPLICIT_TOKEN'])) return undefined;
  const text = await readFile(env['HF_TOKEN_PATH'] || join(hubHome(env), 'token'), 'utf8').catch(() => '');
  return text.trim() || undefined;
}

export function isOffline(env: Env = process.env): boolean {
  return isOn(env['HF_HUB_OFFLINE']);
}

function isOn(value: string | undefined): boolean {
  return /^(?:1|on|yes|true)$/i.test(value ?? '');
}

/** A repository on the hub: `owner/name`. */
export function isHubId(model: string): boolean {
  return /^[\w-][\w.-]{0,95}\/[\w-][\w.-]{0,95}$/.test(model) && !model.includes('..');
}

/** Where the cache keeps a repository. */
export function repoDir(repo: string, cache = hubCacheDir()): string {
  return join(cache, `models--${repo.replace('/', '--')}`);
}

/** The folder of a downloaded revision (a commit, or a branch that was downloaded), or undefined. */
export async function findSnapshot(repo: string, revision: string, cache = hubCacheDir()): Promise<string | undefined> {
  const dir = repoDir(repo, cache);
  const commit = /^[0-9a-f]{40}$/.test(revision) ? revision : (await readFile(join(dir, 'refs', revision), 'utf8').catch(() => '')).trim();
  if (!/^[0-9a-f]{40}$/.test(commit)) return undefined;
  const snapshot = join(dir, 'snapshots', commit);
  return await stat(join(snapshot, 'config.json')).then(() => snapshot, () => undefined);
}
