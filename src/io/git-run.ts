import { spawn, type ChildProcess } from 'node:child_process';
import { dirname } from 'node:path';

import { SimcodeError } from '../errors.ts';

/** What a finished git process left. */
export interface GitOutput {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

export interface GitOptions {
  /** Exit codes that are answers, not failures. Default: 0 only. */
  readonly okCodes?: readonly number[];
  /** Further `-c name=value` settings. */
  readonly settings?: readonly string[];
  /** Use the index named by GIT_INDEX_FILE, as a commit hook must. Default: the repository's own. */
  readonly hookIndex?: boolean;
}

const maxOutputBytes = 512 * 1024 ** 2;
const maxMilliseconds = 300_000;

// A repository's own configuration may name programs to run: each of these turns one kind off.
const safeSettings = [
  'core.fsmonitor=false', 'core.hooksPath=/dev/null', 'core.quotePath=false', 'core.pager=cat', 'safe.bareRepository=explicit',
  'diff.external=', 'submodule.recurse=false', 'protocol.allow=never', 'color.ui=false', 'advice.detachedHead=false',
];
const keptVariables = new Set(['GIT_CONFIG_GLOBAL', 'GIT_CONFIG_SYSTEM', 'GIT_CONFIG_NOSYSTEM', 'GIT_CEILING_DIRECTORIES', 'GIT_EXEC_PATH']);

/**
 * Runs git in a directory without a shell, without the caller's GIT_* variables, and with everything off by which a
 * hostile repository could have git run a program or reach a network. Throws SimcodeError `git` when git is missing,
 * fails with a code not in `okCodes`, or gives no end within five minutes or 512 MiB.
 */
export async function runGit(directory: string, args: readonly string[], options: GitOptions = {}): Promise<GitOutput> {
  const output = await start(directory, args, options);
  if ((options.okCodes ?? [0]).includes(output.code)) return output;
  throw failure(directory, args, output);
}

/** Starts git as `runGit` does, for a caller that talks to it while it runs. */
export function spawnGit(directory: string, args: readonly string[], options: GitOptions & { readonly timeout?: number; readonly input?: 'pipe' | 'ignore' } = {}): ChildProcess {
  const settings = [...safeSettings, ...(options.settings ?? [])].flatMap((setting) => ['-c', setting]);
  // -C instead of cwd: on Windows a git.exe in the working directory would be found first.
  return spawn('git', ['-C', directory, '--no-pager', ...settings, ...args], {
    cwd: dirname(process.execPath), env: environment(options), stdio: [options.input ?? 'ignore', 'pipe', 'pipe'], windowsHide: true,
    ...(options.timeout === undefined ? {} : { timeout: options.timeout }),
  });
}

function start(directory: string, args: readonly string[], options: GitOptions): Promise<GitOutput> {
  return new Promise((resolve, reject) => {
    const child = spawnGit(directory, args, { ...options, timeout: maxMilliseconds });
    const chunks: Buffer[] = [];
    let bytes = 0;
    let stderr = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maxOutputBytes) child.kill();
      else chunks.push(chunk);
    });
    child.stderr?.on('data', (chunk: Buffer) => { if (stderr.length < 4096) stderr += chunk.toString('utf8'); });
    child.on('error', (cause) => reject(new SimcodeError('git', 'git could not be started', { hint: 'Install git, or pass --no-git', cause })));
    child.on('close', (code, signal) => {
      if (code !== null) resolve({ code, stdout: Buffer.concat(chunks), stderr: stderr.trim() });
      else reject(new SimcodeError('git', `git ${args[0] ?? ''} was stopped (${signal ?? 'unknown'}): too slow or too much output`));
    });
  });
}

function environment(options: GitOptions): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !name.toUpperCase().startsWith('GIT_') || keptVariables.has(name.toUpperCase()));
  const index = process.env['GIT_INDEX_FILE'];
  return {
    ...Object.fromEntries(own),
    ...(options.hookIndex === true && index !== undefined ? { GIT_INDEX_FILE: index } : {}),
    LC_ALL: 'C', GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0', GIT_NO_LAZY_FETCH: '1', GIT_ALLOW_PROTOCOL: 'none', GIT_NO_REPLACE_OBJECTS: '1',
  };
}

function failure(directory: string, args: readonly string[], output: GitOutput): SimcodeError {
  const said = output.stderr.split('\n').find((line) => line.trim() !== '') ?? `exit code ${output.code}`;
  const hint = hintFor(said, directory);
  return new SimcodeError('git', `git ${args[0] ?? ''} failed in ${directory}: ${said.replace(/^fatal: /, '')}`, hint === undefined ? {} : { hint });
}

function hintFor(said: string, directory: string): string | undefined {
  if (/dubious ownership/.test(said)) return `If you trust it: git config --global --add safe.directory ${directory}`;
  if (/not a git repository/.test(said)) return 'Run inside a git work tree, or without options that need git';
  if (/promisor|missing blob|unable to read|could not fetch/i.test(said)) return 'Objects are missing here (partial clone?): git fetch --refetch, or clone without --filter';
  return undefined;
}
