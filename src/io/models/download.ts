import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { SimcodeError } from '../../errors.ts';
import { openFile, unreachable, type HubAccess, type HubFile, type HubRepo } from './hub.ts';
import { withLock } from './lock.ts';

export interface DownloadOptions {
  /** Failures in a row, without a byte won, before giving up. */
  readonly attempts: number;
  readonly pauseMs: number;
  onBytes?(count: number): void;
}

/**
 * Has one file in the cache at `blob`: resumed where an earlier try broke off, checked against the digest the hub gives,
 * and moved into place whole. Two processes that want the same file share the work.
 * @throws SimcodeError network, bad-model (the bytes are not those the hub announced)
 */
export async function fetchBlob(access: HubAccess, repo: HubRepo, file: HubFile, blob: string, options: DownloadOptions): Promise<void> {
  if (await sizeOf(blob) === file.bytes) return options.onBytes?.(file.bytes);
  await mkdir(dirname(blob), { recursive: true });
  await withLock(`${blob}.lock`, async () => {
    if (await sizeOf(blob) === file.bytes) return options.onBytes?.(file.bytes);
    const part = `${blob}.incomplete`;
    await fill(access, repo, file, part, options);
    if (await digestOf(part, file) !== file.digest) {
      await rm(part, { force: true });
      throw new SimcodeError('bad-model', `${repo.repo}: ${file.name} is not the file the hub announced (its ${file.algorithm} digest differs)`, {
        hint: 'Try again; if it happens again, a proxy or mirror changes the file.',
      });
    }
    await rename(part, blob);
  });
}

async function fill(access: HubAccess, repo: HubRepo, file: HubFile, part: string, options: DownloadOptions): Promise<void> {
  let failures = 0;
  options.onBytes?.(Math.min(await sizeOf(part) ?? 0, file.bytes));
  for (;;) {
    const before = await sizeOf(part) ?? 0;
    if (before === file.bytes) return;
    if (before > file.bytes) await rm(part, { force: true });
    try {
      await append(access, repo, file, part, options);
    } catch (cause) {
      // ENOSPC and the like will not go away
      const { code } = cause as NodeJS.ErrnoException;
      if (code === 'ENOSPC' || code === 'EACCES' || code === 'EROFS') throw new SimcodeError('io', `${part} cannot be written (${code})`, { hint: 'Free space, or set HF_HOME to another disk.', cause });
      failures = (await sizeOf(part) ?? 0) > before ? 1 : failures + 1;
      if (failures >= options.attempts) throw unreachable(access.endpoint, cause);
      await setTimeout(options.pauseMs * 2 ** (failures - 1) * (0.5 + Math.random() / 2));
    }
  }
}

async function append(access: HubAccess, repo: HubRepo, file: HubFile, part: string, { onBytes }: DownloadOptions): Promise<void> {
  const from = await sizeOf(part) ?? 0;
  const { body, start } = await openFile(access, repo, file.name, from);
  if (start !== from && start !== 0) throw new Error(`${file.name}: asked for byte ${from}, got ${start}`);
  const source = pieces(body);
  const handle = await open(part, start === 0 ? 'w' : 'a');
  if (start === 0 && from > 0) onBytes?.(-from);
  let end = start;
  try {
    for await (const piece of source) {
      end += piece.length;
      if (end > file.bytes) throw new Error(`${file.name} is longer than announced`);
      await handle.write(piece);
      onBytes?.(piece.length);
    }
  } finally {
    await handle.close();
  }
  if (end < file.bytes) throw new Error(`${file.name} broke off`);
}

/** Enough to keep a disk busy, little enough to hold. */
const QUEUED = 64;

/**
 * What arrives, up to the last byte before a connection breaks: iterating the stream itself drops what is buffered when
 * it fails, and a link that breaks often would never get on.
 */
function pieces(body: Readable): AsyncGenerator<Uint8Array> {
  const queue: Uint8Array[] = [];
  let failure: Error | undefined;
  let over = body.destroyed || body.readableEnded;
  let wake = (): void => undefined;
  const end = (error?: Error): void => {
    failure ??= error;
    over = true;
    wake();
  };
  body.on('data', (piece: Uint8Array) => {
    if (queue.push(piece) >= QUEUED) body.pause();
    wake();
  });
  // `error` may come again when the rest is thrown away
  body.on('error', end).once('end', () => end()).once('close', () => end());
  return read();

  async function* read(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) {
        for (let piece = queue.shift(); piece; piece = queue.shift()) yield piece;
        if (failure) throw failure;
        if (over) return;
        body.resume();
        await new Promise<void>((resolve) => { wake = resolve; });
      }
    } finally {
      body.destroy();
    }
  }
}

/** SHA-256 of the content, or git's SHA-1 of it as a blob. */
async function digestOf(path: string, { algorithm, bytes }: HubFile): Promise<string> {
  const hash = createHash(algorithm === 'git' ? 'sha1' : 'sha256');
  if (algorithm === 'git') hash.update(`blob ${bytes}\0`);
  for await (const piece of createReadStream(path)) hash.update(piece as Uint8Array);
  return hash.digest('hex');
}

async function sizeOf(path: string): Promise<number | undefined> {
  return stat(path).then(({ size }) => size, () => undefined);
}
