import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const GNU_TIME = '/usr/bin/time';

/** One run of a program with all its child processes; seconds. */
export interface Timed {
  readonly stdout: string;
  readonly wall: number;
  readonly cpu: number;
  /** Of the largest process. */
  readonly peakMb: number;
}

/** Runs any program under GNU time. @throws Error where that is missing, or when the program does not end with 0 */
export async function timed(command: string, args: readonly string[], cwd: string, env: Readonly<Record<string, string>> = {}): Promise<Timed> {
  if (!existsSync(GNU_TIME)) throw new Error(`${GNU_TIME} is missing: install GNU time (apt-get install time)`);
  const scratch = mkdtempSync(join(tmpdir(), 'simcode-time-'));
  const report = join(scratch, 'usage');
  try {
    const start = performance.now();
    const child = spawn(GNU_TIME, ['-f', '%U %S %M', '-o', report, command, ...args], { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    const [out, errors]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on('data', (part: Buffer) => out.push(part));
    child.stderr.on('data', (part: Buffer) => errors.push(part));
    const code = await new Promise<number | null>((resolve, reject) => { child.on('error', reject).on('close', resolve); });
    const wall = (performance.now() - start) / 1000;
    if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}: ${Buffer.concat(errors).toString().slice(-500)}`);
    const [user = 0, system = 0, kilobytes = 0] = readFileSync(report, 'utf8').trim().split('\n').at(-1)?.split(' ').map(Number) ?? [];
    return { stdout: Buffer.concat(out).toString(), wall, cpu: user + system, peakMb: kilobytes / 1024 };
  } finally {
    rmSync(scratch, { recursive: true });
  }
}
