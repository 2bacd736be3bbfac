import { resolve } from 'node:path';
import { SimcodeError } from '../errors.ts';
import { isWorkTree, resolveCommit } from './git.ts';
import { runGit } from './git-run.ts';

/**
 * The default branch as a ref: what origin says, else origin/main, origin/master, main or master.
 * @throws SimcodeError `git` when there is none of them
 */
export async function defaultBranch(directory: string): Promise<string> {
  const { stdout, code } = await runGit(directory, ['symbolic-ref', '--quiet', '--short', 'refs/remotes/origin/HEAD'], { okCodes: [0, 1, 128] });
  const said = stdout.toString('utf8').trim();
  for (const ref of [...(code === 0 && said !== '' ? [said] : []), 'origin/main', 'origin/master', 'main', 'master']) {
    if (await resolveCommit(directory, ref).then(() => true, () => false)) return ref;
  }
  throw new SimcodeError('git', 'The default branch is not known here', { hint: 'Name it: --since origin/main. In CI, fetch it first: git fetch origin main.' });
}

/** The commit that last touched a file, or undefined where git knows none. */
export async function lastChange(directory: string, file: string | undefined): Promise<string | undefined> {
  if (file === undefined || !(await isWorkTree(directory).catch(() => false))) return undefined;
  const { stdout, code } = await runGit(directory, ['log', '-1', '--format=%H', '--', resolve(file)], { okCodes: [0, 128] });
  const hash = stdout.toString('utf8').trim();
  return code === 0 && /^[0-9a-f]{40,64}$/.test(hash) ? hash : undefined;
}
