import { lstat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';

import { SimcodeError } from '../errors.ts';
import { createReader } from './read-file.ts';

const maxBytes = 1024 ** 2;

/**
 * Text of a configuration file, undefined where there is none. A link, a pipe or more than 1 MiB is SimcodeError
 * `bad-config`, for the file may be a stranger's; a package.json like that is taken for one without our key.
 */
export async function readConfigText(path: string): Promise<string | undefined> {
  if ((await lstat(path).catch(() => undefined)) === undefined) return undefined;
  const result = await createReader(dirname(path))(basename(path), maxBytes);
  if ('bytes' in result) return new TextDecoder().decode(result.bytes);
  if (basename(path) === 'package.json') return undefined;
  throw new SimcodeError('bad-config', `${path} could not be read: ${result.message}`, { hint: 'A configuration is a regular file of at most 1 MiB' });
}
