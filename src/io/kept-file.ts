import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { deserialize, serialize } from 'node:v8';

import { replaceFile } from './replace-file.ts';

const DIGEST_BYTES = 32;

/** Reads what `writeKept` wrote. Undefined when there is nothing; throws an Error that says what is wrong with the file. */
export async function readKept(path: string, maxBytes: number): Promise<unknown> {
  const size = await stat(path).then((found) => (found.isFile() ? found.size : -1), () => 0);
  if (size === 0) return undefined;
  if (size < 0 || size > maxBytes) throw new Error(`${path} is not a file of simcode's`);
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new Error(`${path} cannot be read (${cause instanceof Error ? cause.message : String(cause)})`, { cause });
  });
  const payload = bytes.subarray(DIGEST_BYTES);
  if (!createHash('sha256').update(payload).digest().equals(bytes.subarray(0, DIGEST_BYTES))) throw new Error(`${path} is damaged`);
  return deserialize(payload);
}

/**
 * Writes a value whole, under a checksum, readable for its owner alone; one of more than `maxBytes` is not written, and
 * the file goes. Throws what the file system throws.
 */
export async function writeKept(path: string, value: unknown, maxBytes = Infinity): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const payload = serialize(value);
  if (DIGEST_BYTES + payload.length > maxBytes) return rm(path, { force: true });
  await replaceFile(path, async (temporary) => {
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(createHash('sha256').update(payload).digest());
      await handle.writeFile(payload);
      await handle.sync();
    } finally {
      await handle.close();
    }
  });
}
