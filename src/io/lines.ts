import { createReadStream, createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { once } from 'node:events';
import type { Writable } from 'node:stream';

import { SimcodeError } from '../errors.ts';

/** Lines of a UTF-8 file, one at a time. */
export async function* readLines(path: string): AsyncGenerator<string> {
  const stream = createReadStream(path, { encoding: 'utf8' });
  try {
    await once(stream, 'open');
  } catch (cause) {
    throw new SimcodeError('bad-input', `Cannot read ${path}`, { cause });
  }
  yield* createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY });
}

/** Line by line into a file or stdout, waiting for slow readers. */
export interface LineSink { write(line: string): Promise<void>; close(): Promise<void> }

export function openSink(path: string | undefined): LineSink {
  const stream: Writable = path === undefined ? process.stdout : createWriteStream(path);
  let failure: unknown;
  stream.on('error', (error) => (failure = error));
  const check = (): void => {
    if (failure !== undefined) throw new SimcodeError('io', `Cannot write ${path ?? 'the output'}`, { cause: failure });
  };
  return {
    write: async (line) => {
      check();
      if (!stream.write(`${line}\n`)) await drained(stream);
    },
    close: async () => {
      if (path !== undefined) {
        stream.end();
        await once(stream, 'close').catch(() => undefined);
      }
      check();
    },
  };
}

/** Resolves when a stream takes more, or never will. */
async function drained(stream: Writable): Promise<void> {
  const stop = new AbortController();
  try {
    await Promise.race([once(stream, 'drain', { signal: stop.signal }), once(stream, 'close', { signal: stop.signal })]);
  } catch {
    // the write error itself is told by `check`
  } finally {
    stop.abort();
  }
}
