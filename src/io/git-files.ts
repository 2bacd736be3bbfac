import { lstat } from 'node:fs/promises';
import { join } from 'node:path';

import type { Skip } from '../types.ts';
import { commonDirectory, isWorkTree } from './git.ts';
import { runGit } from './git-run.ts';

/** Paths are POSIX and relative to the directory that was asked about. */
export interface Listing {
  readonly paths: readonly string[];
  readonly skips: readonly Skip[];
}

const maxNesting = 16;

/**
 * Files under a directory that git tracks or would track: exactly what `git check-ignore` does not name, less what is
 * deleted, with submodules and repositories inside the tree, without further work trees of the same repository.
 * Ignored files and folders and symbolic links come back as skips.
 */
export async function gitFiles(directory: string, depth = 0): Promise<Listing> {
  const [tracked, deleted, others, ignored] = await Promise.all([
    names(directory, ['--cached', '--stage', '-t']), names(directory, ['--deleted']),
    names(directory, ['--others', '--exclude-standard']), ignoredNames(directory),
  ]);
  const gone = new Set(deleted);
  const entries = tracked.map(parseEntry).filter(({ path }) => !gone.has(path));
  const absent = await absentPaths(directory, entries.filter(({ sparse }) => sparse).map(({ path }) => path));
  const present = entries.filter(({ path }) => !absent.has(path));
  const paths = new Set(present.filter(({ mode }) => mode.startsWith('100')).map(({ path }) => path));
  const skips: Skip[] = present.filter(({ mode }) => mode === '120000').map(({ path }) => ({ path, reason: 'symlink' }));
  skips.push(...ignored.map((path): Skip => ({ path, reason: 'ignored' })));
  const nested = present.filter(({ mode }) => mode === '160000').map(({ path }) => path);
  for (const path of others) {
    if (path.endsWith('/')) nested.push(path.slice(0, -1));
    else paths.add(path);
  }
  for (const path of nested) await addNested(directory, path, depth, paths, skips);
  return { paths: [...paths], skips };
}

/** Whether git ignores this very directory, so that nothing in it is tracked. */
export async function isIgnoredDirectory(directory: string): Promise<boolean> {
  return (await runGit(directory, ['check-ignore', '--quiet', '.'], { okCodes: [0, 1] })).code === 0;
}

async function addNested(directory: string, path: string, depth: number, paths: Set<string>, skips: Skip[]): Promise<void> {
  const inner = join(directory, path);
  const own = depth < maxNesting && await hasRepository(inner);
  if (!own) return;
  const [mine, theirs] = await Promise.all([commonDirectory(directory), commonDirectory(inner)]);
  if (mine === theirs) {
    skips.push({ path: `${path}/`, reason: 'ignored' });
    return;
  }
  const listing = await gitFiles(inner, depth + 1);
  for (const file of listing.paths) paths.add(`${path}/${file}`);
  for (const skip of listing.skips) skips.push({ ...skip, path: `${path}/${skip.path}` });
}

/** A submodule that was never checked out is an empty folder: git would answer for the repository around it. */
async function hasRepository(directory: string): Promise<boolean> {
  const found = await lstat(join(directory, '.git')).catch(() => undefined);
  return found !== undefined && !found.isSymbolicLink() && isWorkTree(directory);
}

async function names(directory: string, args: readonly string[]): Promise<readonly string[]> {
  const { stdout } = await runGit(directory, ['ls-files', '-z', ...args]);
  return stdout.toString('utf8').split('\0').filter((name) => name !== '');
}

/** Ignored files, whole folders as one entry; git 2.39 stops with 128 inside a folder that is itself ignored. */
async function ignoredNames(directory: string): Promise<readonly string[]> {
  const args = ['ls-files', '-z', '--others', '--ignored', '--exclude-standard', '--directory'];
  const { stdout } = await runGit(directory, args, { okCodes: [0, 128] });
  return stdout.toString('utf8').split('\0').filter((name) => name !== '' && name !== './');
}

function parseEntry(entry: string): { readonly path: string; readonly mode: string; readonly sparse: boolean } {
  const [, tag = '', mode = '', path = ''] = /^(\S) (\d+) [0-9a-f]+ \d\t(.*)$/s.exec(entry) ?? [];
  return { path, mode, sparse: tag === 'S' };
}

async function absentPaths(directory: string, paths: readonly string[]): Promise<ReadonlySet<string>> {
  const absent = new Set<string>();
  for (const path of paths) if (await lstat(join(directory, path)).then(() => false, () => true)) absent.add(path);
  return absent;
}
