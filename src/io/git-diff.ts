import { resolveCommit } from './git.ts';
import { runGit } from './git-run.ts';
import { parsePatch, type LineRange } from './patch.ts';

/** What to compare: a commit with the work tree (and files git does not know yet) or with a later commit, or HEAD with the index. */
export type ChangeScope = { readonly since: string; readonly until?: string } | { readonly staged: true };

const plainDiff = ['--no-color', '--no-ext-diff', '--no-textconv', '--ignore-submodules=all', '--relative', '--find-renames'];

/**
 * Lines of the newer side that a change added or touched, per POSIX path relative to the directory; deleted files are
 * left out, an untracked file counts as a whole. The commit in `since` is compared as it is: take `mergeBase` first.
 */
export async function changedLines(directory: string, scope: ChangeScope): Promise<ReadonlyMap<string, readonly LineRange[]>> {
  const staged = 'staged' in scope;
  const refs = staged ? [] : [scope.since, ...(scope.until === undefined ? [] : [scope.until])];
  const commits = staged ? ['--cached'] : await Promise.all(refs.map((ref) => resolveCommit(directory, ref)));
  const args = ['diff', '--patch', '--unified=0', '--src-prefix=a/', '--dst-prefix=b/', ...plainDiff, ...commits, '--', '.'];
  const { stdout } = await runGit(directory, args, { settings: await withoutFilters(directory), hookIndex: staged });
  const changes = new Map(parsePatch(stdout.toString('utf8')));
  if (!staged && scope.until === undefined) for (const path of await untracked(directory)) changes.set(path, [{ startLine: 1, endLine: Number.MAX_SAFE_INTEGER }]);
  return changes;
}

/**
 * Files that may differ between a commit and the work tree, by POSIX path relative to the directory: changed, added (also
 * those git does not know yet) and removed ones, a renamed one by both its paths. Submodules are not looked into.
 */
export async function changedPaths(directory: string, commit: string): Promise<ReadonlySet<string>> {
  const fields = await diffFields(directory, ['--name-only', ...plainDiff, '--no-renames'], [commit]);
  return new Set([...fields, ...await untracked(directory)]);
}

/** Old POSIX path by new path for files renamed between a commit and the work tree (or another commit). */
export async function renames(directory: string, from: string, to?: string): Promise<ReadonlyMap<string, string>> {
  const fields = await diffFields(directory, ['--name-status', '--diff-filter=R', ...plainDiff], to === undefined ? [from] : [from, to]);
  const found = new Map<string, string>();
  for (let i = 0; i + 2 < fields.length; i += 3) found.set(fields[i + 2] ?? '', fields[i + 1] ?? '');
  return found;
}

async function diffFields(directory: string, options: readonly string[], refs: readonly string[]): Promise<readonly string[]> {
  const commits = await Promise.all(refs.map((ref) => resolveCommit(directory, ref)));
  const { stdout } = await runGit(directory, ['diff', '-z', ...options, ...commits, '--', '.'], { settings: await withoutFilters(directory) });
  return stdout.toString('utf8').split('\0').filter((field) => field !== '');
}

async function untracked(directory: string): Promise<readonly string[]> {
  const { stdout } = await runGit(directory, ['ls-files', '--others', '--exclude-standard', '-z']);
  return stdout.toString('utf8').split('\0').filter((path) => path !== '' && !path.endsWith('/'));
}

/** Settings that switch off clean and smudge filters of the repository's own configuration: comparing with the work tree would run them. */
async function withoutFilters(directory: string): Promise<readonly string[]> {
  const { stdout } = await runGit(directory, ['config', '--includes', '--name-only', '-z', '--show-scope', '--get-regexp', '^filter\\.'], { okCodes: [0, 1] });
  const fields = stdout.toString('utf8').split('\0');
  const drivers = new Set<string>();
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const driver = /^filter\.(.+)\.[^.]+$/s.exec(fields[i + 1] ?? '')?.[1];
    if (driver !== undefined && (fields[i] === 'local' || fields[i] === 'worktree')) drivers.add(driver);
  }
  return [...drivers].flatMap((driver) => ['clean=', 'smudge=', 'process=', 'required=false'].map((value) => `filter.${driver}.${value}`));
}
