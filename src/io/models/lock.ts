import { readFile, rm, writeFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';

const WAIT_MS = 100;

/** Runs `work` while no other process of this machine holds the lock file; a dead process's lock is taken over. */
export async function withLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  while (!await take(path)) {
    if (await isStale(path)) await rm(path, { force: true });
    else await setTimeout(WAIT_MS);
  }
  try {
    return await work();
  } finally {
    held.delete(path);
    await rm(path, { force: true });
  }
}

/** Locks of this very process, whose pid says nothing about who waits. */
const held = new Set<string>();

async function take(path: string): Promise<boolean> {
  if (held.has(path)) return false;
  try {
    await writeFile(path, `${process.pid}`, { flag: 'wx' });
    held.add(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function isStale(path: string): Promise<boolean> {
  if (held.has(path)) return false;
  const pid = Number(await readFile(path, 'utf8').catch(() => 'gone'));
  if (!Number.isInteger(pid) || pid <= 0) return false;
  if (pid === process.pid) return true;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
