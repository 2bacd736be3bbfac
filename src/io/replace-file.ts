import { randomBytes } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';

/** Has a file written beside its place and moves it there: readers see the old one or the whole new one. */
export async function replaceFile(path: string, write: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await write(temporary);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
}
