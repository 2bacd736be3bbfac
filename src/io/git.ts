import { SimcodeError } from '../errors.ts';
import { runGit } from './git-run.ts';

/** Whether a directory lies in a git work tree. Throws SimcodeError `git` for any other trouble than "no". */
export async function isWorkTree(directory: string): Promise<boolean> {
  const { code, stdout, stderr } = await runGit(directory, ['rev-parse', '--is-inside-work-tree'], { okCodes: [0, 128] });
  if (code === 0) return stdout.toString('utf8').trim() === 'true';
  if (/not a git repository|must be run in a work tree|bare repository/i.test(stderr)) return false;
  await runGit(directory, ['rev-parse', '--is-inside-work-tree']);
  return false;
}

/** Absolute path of the work tree's top directory. */
export async function topLevel(directory: string): Promise<string> {
  return line(directory, ['rev-parse', '--show-toplevel']);
}

/** Absolute path of the repository shared by all of its work trees: equal for two work trees of one repository. */
export async function commonDirectory(directory: string): Promise<string> {
  return line(directory, ['rev-parse', '--path-format=absolute', '--git-common-dir']);
}

/** Whether history was cut off by a shallow clone. */
export async function isShallow(directory: string): Promise<boolean> {
  return (await line(directory, ['rev-parse', '--is-shallow-repository'])) === 'true';
}

/** Full hash of the commit that a ref names. Throws SimcodeError `git` with what to fetch when there is none. */
export async function resolveCommit(directory: string, ref: string): Promise<string> {
  // No ref begins with '-' (git-check-ref-format), so refusing it keeps a ref from being read as an option.
  if (ref === '' || ref.startsWith('-') || /[^!-~\u00a0-\uffff]/.test(ref)) throw new SimcodeError('git', `${JSON.stringify(ref)} is not a git ref`);
  const { code, stdout } = await runGit(directory, ['rev-parse', '--verify', '--quiet', `${ref}^{commit}`], { okCodes: [0, 1, 128] });
  if (code === 0) return stdout.toString('utf8').trim();
  const remote = /^origin\/(.+)$/.exec(ref)?.[1];
  throw new SimcodeError('git', `git knows no commit "${ref}"`, { hint: await missingHint(directory, remote ?? ref) });
}

/** Hash of the best common ancestor of a ref and HEAD. Throws SimcodeError `git` when there is none, e.g. in a shallow clone. */
export async function mergeBase(directory: string, ref: string): Promise<string> {
  const [theirs, ours] = await Promise.all([resolveCommit(directory, ref), resolveCommit(directory, 'HEAD')]);
  const { code, stdout } = await runGit(directory, ['merge-base', theirs, ours], { okCodes: [0, 1] });
  const base = stdout.toString('utf8').trim();
  if (code === 0 && base !== '') return base;
  throw new SimcodeError('git', `"${ref}" and HEAD have no common ancestor here`, { hint: await missingHint(directory, ref) });
}

/** Bytes of a file as a commit has it, or undefined where it has none; `path` is POSIX, relative to the directory. */
export async function showFile(directory: string, ref: string, path: string): Promise<Buffer | undefined> {
  const commit = await resolveCommit(directory, ref);
  const { code, stdout, stderr } = await runGit(directory, ['cat-file', 'blob', `${commit}:./${path}`], { okCodes: [0, 128] });
  if (code === 0) return stdout;
  if (/does not exist in|exists on disk, but not in|not a valid object name|bad file|is outside repository/i.test(stderr)) return undefined;
  throw new SimcodeError('git', `git could not read ${path} of ${ref}: ${stderr}`, { hint: await missingHint(directory, ref) });
}

/** Regular files of a commit under the directory: POSIX paths relative to it with their blob hashes, sorted. */
export async function listTree(directory: string, ref: string): Promise<ReadonlyMap<string, string>> {
  const commit = await resolveCommit(directory, ref);
  const { stdout } = await runGit(directory, ['ls-tree', '-r', '-z', commit]);
  const files = new Map<string, string>();
  for (const entry of stdout.toString('utf8').split('\0')) {
    const found = /^100\d{3} blob ([0-9a-f]+)\t(.+)$/s.exec(entry);
    if (found?.[1] !== undefined && found[2] !== undefined) files.set(found[2], found[1]);
  }
  return files;
}

async function missingHint(directory: string, ref: string): Promise<string> {
  return (await isShallow(directory))
    ? 'This clone is shallow: check out with "fetch-depth: 0", or run git fetch --unshallow'
    : `Run git fetch origin ${ref}, or check the name`;
}

async function line(directory: string, args: readonly string[]): Promise<string> {
  return (await runGit(directory, args)).stdout.toString('utf8').replace(/\r?\n$/, '');
}
