import { replaceFile } from '../io/replace-file.ts';
import { mkdir, realpath, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { SimcodeError } from '../errors.ts';

/** Lets a reader that goes away early (`simcode scan | head`) end the output quietly instead of crashing the run. */
export function tolerateClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    if (stream.listeners('error').includes(onStreamError)) continue;
    stream.on('error', onStreamError);
  }
}

function onStreamError(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

/** Writes to stdout and waits until the system has it all: a large report through a pipe is never cut. */
export async function writeStdout(text: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    process.stdout.write(text, (error) => {
      if (error && (error as NodeJS.ErrnoException).code !== 'EPIPE') reject(error);
      else resolve();
    });
  });
}

/**
 * Writes a report file whole or not at all (temporary file, then rename), making its folder.
 * @throws SimcodeError `io` when the place cannot be written
 */
export async function writeReportFile(path: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    const present = await stat(path).catch(() => undefined);
    if (present === undefined) await replaceFile(path, (temporary) => writeFile(temporary, text));
    else if (present.isFile()) await replaceFile(await realpath(path), (temporary) => writeFile(temporary, text));
    // devices and pipes (/dev/null, /dev/stdout) are written to, never replaced
    else await writeFile(path, text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SimcodeError('io', `Cannot write the report to ${path}: ${reason}`, {
      hint: 'Name a file in a folder that you may write to.',
      cause: error,
    });
  }
}
