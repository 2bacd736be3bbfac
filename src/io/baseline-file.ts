import { replaceFile } from './replace-file.ts';
import { readFile, realpath, stat, writeFile } from 'node:fs/promises';
import { SimcodeError } from '../errors.ts';

/** Name of the baseline where none is given, in the working directory. */
export const BASELINE_FILE = '.simcode-baseline.json';

const maxBytes = 256 * 1024 ** 2;

/** Text of a baseline file, or undefined where there is none. @throws SimcodeError `io` when it cannot be read */
export async function readBaselineText(path: string): Promise<string | undefined> {
  try {
    const { size } = await stat(path);
    if (size > maxBytes) throw new SimcodeError('baseline', `${path} has ${size} bytes; at most ${maxBytes} are read`);
    return await readFile(path, 'utf8');
  } catch (cause) {
    if (cause instanceof SimcodeError) throw cause;
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new SimcodeError('io', `Cannot read ${path}: ${message}`, { hint: 'Check the file and its permissions.', cause });
  }
}

/** Writes a file whole or not at all, through a link to what it links to. @throws SimcodeError `io` */
export async function writeWhole(path: string, text: string): Promise<void> {
  const target = await realpath(path).catch(() => path);
  try {
    await replaceFile(target, (temporary) => writeFile(temporary, text, { flag: 'wx' }));
  } catch (cause) {
    throw new SimcodeError('io', `Cannot write ${path}: ${cause instanceof Error ? cause.message : String(cause)}`, { hint: 'Name a file in a folder that you may write to.', cause });
  }
}
