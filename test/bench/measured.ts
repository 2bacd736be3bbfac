import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const BIN = fileURLToPath(new URL('../../bin/simcode.js', import.meta.url));

/** Loaded into the process under test: writes what it used, to the file $BENCH_USAGE, when it ends. */
export const USAGE_HOOK = `data:text/javascript,${encodeURIComponent(`
import { writeFileSync } from 'node:fs';
process.on('exit', () => writeFileSync(process.env.BENCH_USAGE, JSON.stringify(process.resourceUsage())));`)}`;

export interface Measured { readonly stdout: string; readonly wall: number; readonly cpu: number; readonly peakMb: number }

/**
 * Runs simcode in a folder without blocking this process; wall and CPU in seconds.
 * @param cache folder of the cache; an empty one when left out
 * @throws Error when it does not end with 0
 */
export async function measured(args: readonly string[], cwd: string, cache?: string): Promise<Measured> {
  const scratch = mkdtempSync(join(tmpdir(), 'simcode-usage-'));
  const usageFile = join(scratch, 'usage.json');
  try {
    const start = performance.now();
    const child = spawn(process.execPath, ['--import', USAGE_HOOK, BIN, ...args], {
      cwd, env: { ...process.env, SIMCODE_CACHE_DIR: cache ?? join(scratch, 'cache'), BENCH_USAGE: usageFile }, stdio: ['ignore', 'pipe', 'inherit'],
    });
    const parts: Buffer[] = [];
    child.stdout.on('data', (part: Buffer) => parts.push(part));
    const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
    if (code !== 0) throw new Error(`simcode ${args.join(' ')} ended with ${code}`);
    const wall = (performance.now() - start) / 1000;
    const usage = JSON.parse(readFileSync(usageFile, 'utf8')) as NodeJS.ResourceUsage;
    return { stdout: Buffer.concat(parts).toString(), wall, cpu: (usage.userCPUTime + usage.systemCPUTime) / 1e6, peakMb: usage.maxRSS / 2 ** 10 };
  } finally {
    rmSync(scratch, { recursive: true });
  }
}
