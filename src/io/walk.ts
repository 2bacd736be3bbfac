import { lstatSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import { fdir } from 'fdir';
import ignore, { type Ignore } from 'ignore';

import type { Skip, SkipReason, Warning } from '../types.ts';
import type { Listing } from './git-files.ts';

/** Says why a directory (POSIX, relative to the root) is not entered, or undefined to enter it. */
export type Prune = (directory: string) => SkipReason | undefined;

interface Rules {
  /** POSIX, relative to the root, with a closing slash; `''` for the root. */
  readonly base: string;
  readonly matcher: Ignore;
}

const repositories = new Set(['.git', '.hg', '.svn', '.jj']);
const maxIgnoreBytes = 1024 ** 2;

/**
 * Files under `root/start` by walking, with the rules of every .gitignore from the root down. When the rules above leave
 * `start` itself out, they are not applied: a folder that was named is meant. Links are not followed.
 */
export async function walkFiles(root: string, start: string, prune: Prune = () => undefined): Promise<Listing & { readonly warnings: readonly Warning[] }> {
  const skips: Skip[] = [];
  const warnings: Warning[] = [];
  const rulesOf = new Map<string, readonly Rules[]>();
  const prefix = start === '' ? '' : `${start}/`;
  rulesOf.set(prefix, withOwn(root, prefix, rulesAbove(root, prefix, warnings), warnings));
  const relative = (path: string): string => `${prefix}${path.replace(/^\.\//, '')}`;
  const chain = (path: string): readonly Rules[] => rulesOf.get(path.slice(0, path.lastIndexOf('/') + 1)) ?? [];
  const enters = (path: string): boolean => {
    const bare = path.replace(/\/$/, '');
    if (repositories.has(basename(bare))) return false;
    const reason = isIgnored(chain(bare), `${bare}/`) ? 'ignored' : prune(bare);
    if (reason !== undefined) skips.push({ path: `${bare}/`, reason });
    else rulesOf.set(`${bare}/`, withOwn(root, `${bare}/`, chain(bare), warnings));
    return reason === undefined;
  };
  const walker = new fdir().withRelativePaths().withPathSeparator('/').exclude((_name, path) => !enters(relative(toRelative(root, start, path))));
  const paths: string[] = [];
  for (const found of await walker.crawl(join(root, start)).withPromise()) {
    const path = relative(found);
    if (isIgnored(chain(path), path)) skips.push({ path, reason: 'ignored' });
    else paths.push(path);
  }
  return { paths, skips, warnings };
}

function toRelative(root: string, start: string, absolute: string): string {
  const base = join(root, start).replaceAll('\\', '/').replace(/\/$/, '');
  return absolute.replaceAll('\\', '/').slice(base.length + 1);
}

/** The nearest .gitignore that has an opinion decides, as in git. */
function isIgnored(rules: readonly Rules[], path: string): boolean {
  for (const { base, matcher } of rules.toReversed()) {
    const verdict = matcher.test(path.slice(base.length));
    if (verdict.ignored) return true;
    if (verdict.unignored) return false;
  }
  return false;
}

function rulesAbove(root: string, prefix: string, warnings: Warning[]): readonly Rules[] {
  const folders = prefix.split('/').slice(0, -1);
  let rules: readonly Rules[] = [];
  for (let depth = 0; depth < folders.length; depth++) {
    rules = withOwn(root, folders.slice(0, depth).map((name) => `${name}/`).join(''), rules, warnings);
    if (isIgnored(rules, folders.slice(0, depth + 1).map((name) => `${name}/`).join(''))) return [];
  }
  return rules;
}

function withOwn(root: string, folder: string, above: readonly Rules[], warnings: Warning[]): readonly Rules[] {
  const path = join(root, folder, '.gitignore');
  try {
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (found === undefined || !found.isFile()) return above;
    if (found.size <= maxIgnoreBytes) return [...above, { base: folder, matcher: ignore().add(readFileSync(path, 'utf8')) }];
    warnings.push({ code: 'gitignore-too-large', path: `${folder}.gitignore`, message: 'not applied: larger than 1 MiB' });
  } catch (cause) {
    warnings.push({ code: 'gitignore-unreadable', path: `${folder}.gitignore`, message: cause instanceof Error ? cause.message : String(cause) });
  }
  return above;
}
