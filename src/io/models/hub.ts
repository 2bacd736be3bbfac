import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { request } from 'undici';
import { z } from 'zod';
import { SimcodeError } from '../../errors.ts';
import { call, flatHeaders } from '../http.ts';
import { isHubId } from './hub-paths.ts';

export interface HubFile {
  readonly name: string;
  readonly bytes: number;
  /** Name of its blob in the cache: SHA-256 of a large file, git's SHA-1 of a small one; the content must have it. */
  readonly digest: string;
  readonly algorithm: 'sha256' | 'git';
}

export interface HubRepo {
  readonly repo: string;
  readonly commit: string;
  readonly license: string | undefined;
  readonly files: readonly HubFile[];
}

export interface HubAccess {
  readonly connections: Dispatcher;
  readonly endpoint: string;
  readonly token?: string | undefined;
  readonly timeoutMs: number;
}

const hex = (digits: number) => z.string().regex(new RegExp(`^[0-9a-f]{${digits}}$`));
const bytes = z.int().min(0);
const answer = z.object({
  sha: hex(40),
  cardData: z.object({ license: z.string().max(200).nullish(), license_name: z.string().max(200).nullish() }).nullish().catch(null),
  siblings: z.array(z.object({
    rfilename: z.string().min(1).max(1000), size: bytes.nullish(), blobId: hex(40).nullish(),
    lfs: z.object({ sha256: hex(64), size: bytes }).nullish(),
  })).max(10_000),
});

/** What a repository holds at a revision. @throws SimcodeError network, missing-model, bad-option */
export async function describeRepo({ connections, endpoint, token, timeoutMs }: HubAccess, repo: string, revision: string): Promise<HubRepo> {
  if (!isHubId(repo) || !/^[\w.-]+$/.test(revision)) throw new SimcodeError('bad-option', `${repo}@${revision} is not a model on the hub`, { hint: 'Write it like owner/name.' });
  const url = `${endpoint}/api/models/${repo}/revision/${revision}?blobs=true`;
  const { status, text } = await call(connections, url, {
    method: 'GET', headers: headersFor(url, endpoint, token), timeoutMs, maxBytes: 16 * 2 ** 20,
  }).catch((cause: unknown) => { throw unreachable(endpoint, cause); });
  if (status === 401 || status === 403 || status === 404) {
    throw new SimcodeError('missing-model', `${endpoint} has no model ${repo} at ${revision} that it shows you (${status})`, {
      hint: 'Check the name; for a gated model accept its terms on the hub and set HF_TOKEN.',
    });
  }
  if (status !== 200) throw unreachable(endpoint, new Error(`it answered ${status}`));
  const parsed = answer.safeParse(jsonOf(text));
  if (!parsed.success) throw unreachable(endpoint, new Error('its answer is not understood'));
  const { sha, cardData, siblings } = parsed.data;
  const license = cardData?.license === 'other' ? cardData.license_name ?? 'other' : cardData?.license;
  return {
    repo, commit: sha, license: license ?? undefined,
    files: siblings.flatMap(({ rfilename: name, size, blobId, lfs }): HubFile[] => {
      if (lfs) return [{ name, bytes: lfs.size, digest: lfs.sha256, algorithm: 'sha256' }];
      return blobId && typeof size === 'number' ? [{ name, bytes: size, digest: blobId, algorithm: 'git' }] : [];
    }),
  };
}

const MAX_REDIRECTS = 5;

/**
 * Opens a file from byte `from` on; the hub sends on to a content network. The token goes to the hub's own host only.
 * @returns the body, and the byte it really starts at
 */
export async function openFile(access: HubAccess, { repo, commit }: HubRepo, name: string, from: number): Promise<{ readonly body: Readable; readonly start: number }> {
  let url = `${access.endpoint}/${repo}/resolve/${commit}/${name.split('/').map(encodeURIComponent).join('/')}`;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    const response = await request(url, {
      dispatcher: access.connections, method: 'GET', headersTimeout: access.timeoutMs, bodyTimeout: access.timeoutMs,
      headers: { ...headersFor(url, access.endpoint, access.token), ...(from > 0 && { range: `bytes=${from}-` }) },
    });
    const headers = flatHeaders(response.headers);
    if (response.statusCode === 200) return { body: response.body, start: 0 };
    if (response.statusCode === 206) return { body: response.body, start: Number(/^bytes (\d+)-/.exec(headers['content-range'] ?? '')?.[1] ?? Number.NaN) };
    await response.body.dump();
    const next = headers['location'];
    if (response.statusCode === 416) return openFile(access, { repo, commit, license: undefined, files: [] }, name, 0);
    if (response.statusCode < 300 || response.statusCode >= 400 || next === undefined || !URL.canParse(next, url)) throw new Error(`${name}: the hub answered ${response.statusCode}`);
    const target = new URL(next, url);
    if (target.protocol !== new URL(url).protocol && target.protocol !== 'https:') throw new Error(`${name}: the hub sends on to ${target.protocol}`);
    url = target.href;
  }
  throw new Error(`${name}: too many redirects`);
}

function headersFor(url: string, endpoint: string, token: string | undefined): Record<string, string> {
  const own = new URL(url).origin === new URL(endpoint).origin;
  return { 'user-agent': 'simcode', ...(token && own && { authorization: `Bearer ${token}` }) };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function unreachable(endpoint: string, cause: unknown): SimcodeError {
  const first = cause instanceof AggregateError ? cause.errors[0] : cause;
  const reason = (first instanceof Error ? first.message || first.name : String(first)).split('\n')[0];
  return new SimcodeError('network', `The model hub ${endpoint} cannot be reached (${reason})`, {
    hint: 'Check the network, HTTPS_PROXY and HF_ENDPOINT; or copy a model folder to this machine and use --model <folder>.', cause,
  });
}
