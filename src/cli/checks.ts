import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { SimcodeError } from '../errors.ts';

/** One thing that works, works less well, or does not, and how to mend it. */
export interface Check {
  readonly name: string;
  readonly status: 'ok' | 'warn' | 'fail';
  readonly message: string;
  readonly hint?: string;
}

/** The smallest versions that simcode runs on (package.json `engines`). */
export function checkNode(version: string): Check {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  const fits = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22;
  return fits
    ? { name: 'node', status: 'ok', message: version }
    : { name: 'node', status: 'fail', message: `${version} is not supported`, hint: 'Install Node 20.19, 22.12 or newer.' };
}

/** git is only needed to know what is ignored and, for the gate, what is old. */
export async function checkGit(): Promise<Check> {
  try {
    const { stdout } = await promisify(execFile)('git', ['--version']);
    return { name: 'git', status: 'ok', message: stdout.trim().replace(/^git version /, '') };
  } catch {
    return { name: 'git', status: 'warn', message: 'not found', hint: 'Install git, or scan with --no-git (the .gitignore files of a folder are then read directly).' };
  }
}

/** Turns what a check threw into its line; `status` says how much simcode needs it. */
export async function attempt(name: string, status: 'warn' | 'fail', check: () => Promise<string>): Promise<Check> {
  try {
    return { name, status: 'ok', message: await check() };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const hint = error instanceof SimcodeError ? error.hint : undefined;
    return { name, status, message, ...(hint === undefined ? {} : { hint }) };
  }
}
