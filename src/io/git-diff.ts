import { resolveCommit } from './git.ts';
import { runGit } from './git-run.ts';
import { parsePatch, type LineRange } from './patch.ts';

/** What to compare: the work tree (with files git does not know yet) with a commit, or the index with HEAD. */
export type ChangeScope = { readonly since: string } | { readonly staged: true };

const plainDiff = ['--no-color', '--no-ext-diff', '--no-textconv', '--ignore-submodules=all', '--relative', '--find-renames'];

/**
 * Lines of the newer side that a change added or touched, per POSIX path relative to the directory; deleted files are
 * left out, an untracked file counts as a whole. The commit in `since` is compared as it is: take `mergeBase` first.
 */
export async function changedLines(directory: string, scope: ChangeScope): Promise<ReadonlyMap<string, readonly LineRange[]>> {
  const staged = 'staged' in scope;
  const against = staged ? ['--cached'] : [await resolveCommit(directory, scope.since)];
  const args = ['diff', '--patch', '--unified=0', '--src-prefix=a/', '--dst-prefix=b/', ...plainDiff, ...against, '--', '.'];
  const { stdout } = await runGit(directory, args, { settings: await withoutFilters(directory), hookIndex: staged });
  const changes = new Map(parsePatch(stdout.toString('utf8')));
  if (!staged) for (const path of await untracked(directory)) changes.set(path, [{ startLine: 1, endLine: Number.MAX_SAFE_INTEGER }]);
  return changes;
}

/** Old POSIX path by new path for files renamed between a commit and the work tree (or another commit). */
export async function renames(directory: string, from: string, to?: string): Promise<ReadonlyMap<string, string>> {
  const commits = [await resolveCommit(directory, from), ...(to === undefined ? [] : [await resolveCommit(directory, to)])];
  const args = ['diff', '--name-status', '-z', '--diff-filter=R', ...plainDiff, ...commits, '--', '.'];
  const { stdout } = await runGit(directory, args, { settings: await withoutFilters(directory) });
  const fields = stdout.toString('utf8').split('\0');
  const found = new Map<string, string>();
  for (let i = 0; i + 2 < fields.length; i += 3) found.set(fields[i + 2] ?? '', fields[i + 1] ?? '');
  return found;
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
