import { constants } from 'node:fs';
import { mkdir, open, readdir, rm, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { SimcodeError } from '../../errors.ts';
import type { Pack, RepositoryInfo, VectorStore } from '../../store/port.ts';
import { repositoryInfoSchema, repositoryName } from '../../store/port.ts';
import { replaceFile } from '../replace-file.ts';

/** Also the version of the format. */
const MAGIC = Buffer.from('simcode index 1\n');
const SUFFIX = '.simcode';
const MAX_HEADER = 64 * 1024;
/** A pack holds at most 512 functions; vectors of 4,096 dimensions make 2 MB of that. */
const MAX_PACK = 128 * 1024 ** 2;
const FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * A store in a folder: one file a repository, `<name>.simcode`, the same bytes for the same functions, so that it can be
 * committed. Layout: magic; length and JSON of the repository's record; length and bytes of each pack (lengths in 32 bits,
 * little-endian). A file is written whole and then moved into place. Reads are bounded and follow no links.
 */
export function openFolderStore(folder: string): VectorStore {
  const pathOf = (name: string): string => join(folder, repositoryName.parse(name) + SUFFIX);
  const inFolder = <T>(work: Promise<T>): Promise<T> => work.catch((cause: unknown) => { throw storeError(folder, cause); });
  return {
    location: folder,
    repositories: () => inFolder(readAll(folder)),
    async *packs(name) {
      const file = await inFolder(openRegular(pathOf(name)));
      try {
        yield* readPacks(file, pathOf(name), name);
      } catch (cause) {
        throw storeError(folder, cause);
      } finally {
        await file.close();
      }
    },
    put: (info, packs, onProgress) => inFolder(write(folder, pathOf(info.name), info, packs, onProgress)),
    remove: (name) => inFolder(rm(pathOf(name)).then(() => true, (cause: unknown) => {
      if (codeOf(cause) === 'ENOENT') return false;
      throw cause;
    })),
    bytes: async (name) => (await inFolder(stat(pathOf(name)))).size,
    settle: () => Promise.resolve(),
    check: () => Promise.resolve([]),
    close: () => Promise.resolve(),
  };
}

async function readAll(folder: string): Promise<readonly RepositoryInfo[]> {
  const names = await readdir(folder).catch((cause: unknown) => {
    if (codeOf(cause) === 'ENOENT') return [];
    throw cause;
  });
  const infos: RepositoryInfo[] = [];
  for (const name of names.filter((file) => file.endsWith(SUFFIX)).toSorted()) {
    const path = join(folder, name);
    const file = await openRegular(path);
    try {
      infos.push((await readHeader(file, path, name.slice(0, -SUFFIX.length))).info);
    } finally {
      await file.close();
    }
  }
  return infos;
}

async function* readPacks(file: FileHandle, path: string, name: string): AsyncGenerator<Uint8Array> {
  const { info, end } = await readHeader(file, path, name);
  const { size } = await file.stat();
  let at = end;
  while (at < size) {
    const length = (await readExactly(file, path, at, 4)).readUInt32LE();
    if (length > MAX_PACK || at + 4 + length > size) throw damaged(path, 'a part of it is cut off');
    yield await readExactly(file, path, at + 4, length);
    at += 4 + length;
  }
  if (at === end && info.functions > 0) throw damaged(path, 'its functions are missing');
}

async function readHeader(file: FileHandle, path: string, name: string): Promise<{ readonly info: RepositoryInfo; readonly end: number }> {
  const start = await readExactly(file, path, 0, MAGIC.length + 4);
  if (!start.subarray(0, MAGIC.length).equals(MAGIC)) throw damaged(path, 'it is no index, or of another version of simcode');
  const length = start.readUInt32LE(MAGIC.length);
  if (length > MAX_HEADER) throw damaged(path, 'its header is too long');
  const found = repositoryInfoSchema.safeParse(parseJson((await readExactly(file, path, start.length, length)).toString('utf8')));
  if (!found.success) throw damaged(path, 'its header is not as expected');
  if (found.data.name !== name) throw damaged(path, `it holds repository ${JSON.stringify(found.data.name)}`);
  return { info: found.data, end: start.length + length };
}

async function readExactly(file: FileHandle, path: string, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  for (let done = 0; done < length;) {
    const { bytesRead } = await file.read(bytes, done, length - done, position + done);
    if (bytesRead === 0) throw damaged(path, 'it is cut off');
    done += bytesRead;
  }
  return bytes;
}

async function write(folder: string, path: string, info: RepositoryInfo, packs: Iterable<Pack>, onProgress: (functions: number) => void = () => {}): Promise<void> {
  await mkdir(folder, { recursive: true });
  await replaceFile(path, async (temporary) => {
    const file = await open(temporary, 'wx');
    try {
      const header = Buffer.from(JSON.stringify(info));
      await file.writeFile(Buffer.concat([MAGIC, lengthOf(header), header]));
      let functions = 0;
      for (const pack of packs) {
        await file.writeFile(Buffer.concat([lengthOf(pack.bytes), pack.bytes]));
        onProgress(functions += pack.functions);
      }
      await file.sync();
    } finally {
      await file.close();
    }
  });
}

function lengthOf({ length }: Uint8Array): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(length);
  return bytes;
}

/** Opens without following a link or waiting for a pipe. */
async function openRegular(path: string): Promise<FileHandle> {
  const file = await open(path, FLAGS);
  if ((await file.stat()).isFile()) return file;
  await file.close();
  throw damaged(path, 'it is no file');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : '';
}

function damaged(path: string, how: string): SimcodeError {
  return new SimcodeError('store', `${path} cannot be used: ${how}`, { hint: 'Remove the file and index the repository again: simcode index add <folder> --store <where>' });
}

function storeError(folder: string, cause: unknown): unknown {
  if (cause instanceof SimcodeError || codeOf(cause) === '') return cause;
  const reason = codeOf(cause) === 'ELOOP' ? 'a symbolic link lies there' : cause instanceof Error ? cause.message : String(cause);
  return new SimcodeError('store', `The store ${folder} cannot be used: ${reason}`, { hint: 'Name a folder that you may read and write.', cause });
}
