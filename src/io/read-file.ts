import { constants, lstatSync, realpathSync } from 'node:fs';
import { lstat, open, type FileHandle } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';

import type { FileSource } from '../types.ts';

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied', EPERM: 'permission denied', ENOENT: 'gone since it was listed, or its name is not UTF-8', ENXIO: 'not a regular file',
};

type ReadResult = Awaited<ReturnType<FileSource['read']>>;

// No link is followed and no pipe waited for; Windows has neither flag and needs a look before.
const refusesLinks = constants.O_NOFOLLOW !== undefined;
const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * Reader of files below a root (absolute): regular files only, none reached through a symbolic link or by `..`, none
 * over the given number of bytes. It never throws for a bad file.
 */
export function createReader(root: string): FileSource['read'] {
  const isInside = createContainment(root);
  return async (path, maxBytes) => {
    try {
      if (posix.isAbsolute(path) || path.split('/').includes('..') || path.includes('\0')) return refuse('unreadable', 'the path leaves the root');
      if (!isInside(dirname(path))) return refuse('symlink', 'reached through a symbolic link');
      return await readRegular(join(root, path), maxBytes);
    } catch (cause) {
      const code = errorCode(cause);
      return code === 'ELOOP' || code === 'EMLINK' ? refuse('symlink', 'a symbolic link') : refuse('unreadable', reasons[code] ?? code);
    }
  };
}

/** A file that changed so lately may change again within the resolution of its times. */
const FRESH_MS = 2000;

/** Stamps of files below a root (absolute), for the files that `createReader` would read. */
export function createStamper(root: string): NonNullable<FileSource['stamp']> {
  const isInside = createContainment(root);
  return (path) => {
    try {
      if (posix.isAbsolute(path) || path.split('/').includes('..') || path.includes('\0') || !isInside(dirname(path))) return undefined;
      const found = lstatSync(join(root, path), { bigint: true });
      if (!found.isFile() || Date.now() - Number(found.mtimeMs > found.ctimeMs ? found.mtimeMs : found.ctimeMs) < FRESH_MS) return undefined;
      return [found.dev, found.ino, found.size, found.mtimeNs, found.ctimeNs].join(' ');
    } catch {
      return undefined;
    }
  };
}

/** Whether a folder below the root is reached without a symbolic link; each is looked at once. Throws what `realpath` throws. */
function createContainment(root: string): (folder: string) => boolean {
  const folders = new Map<string, boolean>();
  return (folder) => {
    const known = folders.get(folder) ?? samePath(realpathSync(join(root, folder)), join(realpathSync(root), folder));
    folders.set(folder, known);
    return known;
  };
}

async function readRegular(path: string, maxBytes: number): Promise<ReadResult> {
  if (!refusesLinks && (await lstat(path)).isSymbolicLink()) return refuse('symlink', 'a symbolic link');
  const file = await open(path, flags);
  try {
    return await readBounded(file, maxBytes);
  } finally {
    await file.close();
  }
}

/** Reads to the end, wherever that is by then: a file may grow while it is read. */
async function readBounded(file: FileHandle, maxBytes: number): Promise<ReadResult> {
  const found = await file.stat();
  if (!found.isFile()) return refuse('unreadable', 'not a regular file');
  if (found.size > maxBytes) return refuse('too-large', `${found.size} bytes`);
  let bytes = Buffer.alloc(Math.min(found.size, maxBytes) + 1);
  for (let length = 0; ;) {
    const { bytesRead } = await file.read(bytes, length, bytes.length - length);
    length += bytesRead;
    if (length < bytes.length) return { bytes: bytes.subarray(0, length) };
    if (length > maxBytes) return refuse('too-large', `over ${maxBytes} bytes`);
    bytes = Buffer.concat([bytes], Math.min(2 * length, maxBytes + 1));
  }
}

function samePath(a: string, b: string): boolean {
  const folds = process.platform === 'win32' || process.platform === 'darwin';
  return a === b || (folds && a.normalize().toLowerCase() === b.normalize().toLowerCase());
}

function refuse(skip: 'unreadable' | 'symlink' | 'too-large', message: string): ReadResult {
  return { skip, message };
}

function errorCode(cause: unknown): string {
  return cause instanceof Error ? ('code' in cause ? String(cause.code) : cause.message) : String(cause);
}
