import { realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';

import { SimcodeError } from '../errors.ts';
import type { FileSource, Skip, Warning } from '../types.ts';
import { isWorkTree } from './git.ts';
import { gitFiles, isIgnoredDirectory, type Listing } from './git-files.ts';
import { createReader, createStamper } from './read-file.ts';
import { walkFiles, type Prune } from './walk.ts';

export interface FileSourceOptions {
  /** false: do not ask git what is ignored; walk with the .gitignore files. Default true. */
  readonly git?: boolean;
  /** Directories a walk need not enter; git's own listing is not pruned. */
  readonly prune?: Prune;
}

interface Place {
  readonly directory: boolean;
  /** POSIX, relative to the root; `''` for the root. */
  readonly path: string;
}

/**
 * Files and folders of a root as a port. Given paths are absolute or relative to the root and must exist within it;
 * each file is listed once however often the paths overlap. In a git work tree git says what is ignored, elsewhere the
 * .gitignore files do. A file or folder that is named itself is listed even where it is ignored.
 * `list` throws SimcodeError `bad-input` for a path that does not exist or leaves the root.
 */
export function createFileSource(root: string, paths: readonly string[] = ['.'], options: FileSourceOptions = {}): FileSource {
  const top = resolve(root);
  const read = createReader(top);
  return {
    read, stamp: createStamper(top),
    list: async () => {
      const found = new Set<string>();
      const skips = new Map<string, Skip>();
      const warnings: Warning[] = [];
      for (const place of await Promise.all(paths.map((path) => locate(top, path)))) {
        const listing = place.directory ? await listDirectory(top, place.path, options, warnings) : { paths: [place.path], skips: [] };
        for (const path of listing.paths) found.add(path);
        for (const skip of listing.skips) skips.set(skip.path, skip);
      }
      for (const path of found) skips.delete(path);
      return { paths: [...found].toSorted(), skips: [...skips.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1)), warnings };
    },
  };
}

/**
 * Where a run with these paths takes place: `root` is the working directory when it holds all of them, else their
 * deepest common directory; `paths` are absolute. Throws SimcodeError `bad-input` for a path that does not exist.
 */
export async function resolveScope(cwd: string, given: readonly string[]): Promise<{ readonly root: string; readonly paths: readonly string[] }> {
  const paths = await Promise.all((given.length === 0 ? ['.'] : given).map((path) => existing(cwd, path)));
  const folders = await Promise.all(paths.map(async (path) => ((await stat(path)).isDirectory() ? path : dirname(path))));
  let root = resolve(cwd);
  if (!folders.every((folder) => isWithin(root, folder))) {
    root = folders[0] ?? root;
    while (!folders.every((folder) => isWithin(root, folder))) root = dirname(root);
  }
  return { root, paths };
}

async function listDirectory(root: string, path: string, options: FileSourceOptions, warnings: Warning[]): Promise<Listing> {
  const directory = join(root, path);
  if (options.git !== false && await usesGit(directory, warnings)) {
    const listing = await gitFiles(directory);
    if (listing.paths.length > 0 || !(await isIgnoredDirectory(directory))) {
      const prefix = path === '' ? '' : `${path}/`;
      return { paths: listing.paths.map((file) => prefix + file), skips: listing.skips.map((skip) => ({ ...skip, path: prefix + skip.path })) };
    }
    warnings.push({ code: 'ignored-folder', path: path || '.', message: 'git ignores this folder; it was named, so it is read' });
  }
  const walked = await walkFiles(root, path, options.prune);
  warnings.push(...walked.warnings);
  return walked;
}

/** git that is missing or refuses (e.g. another owner) is said, and the walk takes over. */
async function usesGit(directory: string, warnings: Warning[]): Promise<boolean> {
  try {
    return await isWorkTree(directory);
  } catch (error) {
    if (!(error instanceof SimcodeError)) throw error;
    if (await holdsRepository(directory)) {
      warnings.push({ code: 'git-unavailable', message: `${error.message}; .gitignore files are read instead${error.hint === undefined ? '' : ` (${error.hint})`}` });
    }
    return false;
  }
}

async function holdsRepository(directory: string): Promise<boolean> {
  for (let at = directory; ; at = dirname(at)) {
    if (await stat(join(at, '.git')).then(() => true, () => false)) return true;
    if (dirname(at) === at) return false;
  }
}

async function locate(root: string, given: string): Promise<Place> {
  const path = await existing(root, given);
  const [realRoot, realDirectory] = await Promise.all([realpath(root), realpath(dirname(path))]);
  const found = await stat(path);
  // A named link to a folder is that folder; a named link to a file stays a link, which the reader refuses.
  const real = found.isDirectory() ? await realpath(path) : join(realDirectory, path.slice(dirname(path).length).replace(/^[\\/]/, ''));
  if (!isWithin(realRoot, real)) throw new SimcodeError('bad-input', `${given} lies outside of ${root}`, { hint: 'Run simcode from a folder that holds every path' });
  return { directory: found.isDirectory(), path: relative(realRoot, real).split(sep).join('/') };
}

async function existing(base: string, given: string): Promise<string> {
  for (const form of [given, given.replaceAll('\\', '/')]) {
    const path = resolve(base, form);
    if (await stat(path).then(() => true, () => false)) return path;
  }
  throw new SimcodeError('bad-input', `${given} does not exist`, { hint: `Paths are looked up from ${base}` });
}

function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}
