import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { SimcodeError } from '../errors.ts';

/** What is at a path of the command line. @throws SimcodeError `bad-input` when nothing is */
export function statTyped(typed: string): Promise<Stats> {
  return stat(resolve(typed)).catch((cause: unknown) => {
    throw new SimcodeError('bad-input', `${typed} does not exist`, { hint: `Paths are looked up from ${process.cwd()}`, cause });
  });
}
