import { join } from 'node:path';
import { SimcodeError } from '../errors.ts';
import type { FileSource } from '../types.ts';
import { isWorkTree, resolveCommit } from './git.ts';
import { openObjectReader, type ObjectReader } from './git-objects.ts';
import { runGit } from './git-run.ts';

/** Files of a commit or of the index, as they lie in git's object store. Close it when done. */
export interface GitTree extends FileSource {
  /** Blob hash by POSIX path relative to the directory. */
  readonly blobs: ReadonlyMap<string, string>;
  /** Paths of `blobs` that lie in submodules. */
  readonly nested: readonly string[];
  close(): void;
}

interface Blob { readonly hash: string; readonly size: number; readonly repository: string }

const maxNesting = 16;

/**
 * The regular files below a directory as a commit has them, submodules at the commit recorded for them where they are
 * checked out; or, with `staged`, as the index has them. Nothing is written, no work tree is made.
 * @param paths only these files and folders, POSIX, relative to the directory; `''` is all
 */
export async function openGitTree(directory: string, at: { readonly commit: string } | { readonly staged: true }, paths: readonly string[] = ['']): Promise<GitTree> {
  const blobs = new Map<string, Blob>();
  if ('staged' in at) await listIndex(directory, blobs);
  else await listCommit(directory, at.commit, '', blobs, 0);
  const within = (path: string): boolean => paths.some((scope) => scope === '' || path === scope || path.startsWith(`${scope}/`));
  const readers = new Map<string, ObjectReader>();
  const readerOf = (repository: string): ObjectReader => {
    const reader = readers.get(repository) ?? openObjectReader(repository);
    readers.set(repository, reader);
    return reader;
  };
  return {
    blobs: new Map([...blobs].map(([path, { hash }]) => [path, hash])),
    nested: [...blobs].filter(([, { repository }]) => repository !== directory).map(([path]) => path),
    list: async () => ({ paths: [...blobs.keys()].filter(within).toSorted(), skips: [], warnings: [] }),
    read: async (path, maxBytes) => {
      const blob = blobs.get(path);
      if (blob === undefined) return { skip: 'unreadable', message: 'not in this commit' };
      if (blob.size > maxBytes) return { skip: 'too-large', message: `${blob.size} bytes` };
      const bytes = await readerOf(blob.repository).read(blob.hash);
      if (bytes !== undefined) return { bytes };
      throw new SimcodeError('git', `The object of ${path} is missing in ${blob.repository}`, { hint: 'A partial clone? Run git fetch --refetch, or clone without --filter.' });
    },
    close: () => { for (const reader of readers.values()) reader.close(); },
  };
}

async function listCommit(directory: string, commit: string, prefix: string, blobs: Map<string, Blob>, depth: number): Promise<void> {
  const { stdout } = await runGit(directory, ['ls-tree', '-r', '-l', '-z', await resolveCommit(directory, commit)]);
  for (const entry of stdout.toString('utf8').split('\0')) {
    const [, mode = '', hash = '', size = '', path = ''] = /^(\d+) \w+ ([0-9a-f]+) +(\d+|-)\t(.+)$/s.exec(entry) ?? [];
    if (mode.startsWith('100')) blobs.set(prefix + path, { hash, size: Number(size), repository: directory });
    else if (mode === '160000' && depth < maxNesting) await listSubmodule(join(directory, path), hash, `${prefix}${path}/`, blobs, depth + 1);
  }
}

/** A submodule that is not checked out here has no files in the current tree either. */
async function listSubmodule(directory: string, commit: string, prefix: string, blobs: Map<string, Blob>, depth: number): Promise<void> {
  const own = await isWorkTree(directory).catch(() => false) && (await runGit(directory, ['rev-parse', '--show-prefix'])).stdout.toString('utf8').trim() === '';
  const known = own && (await runGit(directory, ['cat-file', '-e', `${commit}^{commit}`], { okCodes: [0, 1, 128] })).code === 0;
  if (known) await listCommit(directory, commit, prefix, blobs, depth);
}

async function listIndex(directory: string, blobs: Map<string, Blob>): Promise<void> {
  const { stdout } = await runGit(directory, ['ls-files', '--stage', '-z'], { hookIndex: true });
  for (const entry of stdout.toString('utf8').split('\0')) {
    const [, mode = '', hash = '', path = ''] = /^(\d+) ([0-9a-f]+) \d\t(.+)$/s.exec(entry) ?? [];
    if (mode.startsWith('100')) blobs.set(path, { hash, size: 0, repository: directory });
  }
}
