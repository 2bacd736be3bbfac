import { SimcodeError } from '../errors.ts';

/** All of stdin. @throws SimcodeError `bad-input` for more than a number of bytes */
export async function readStdin(most: number): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of process.stdin as AsyncIterable<Uint8Array>) {
    bytes += part.length;
    if (bytes > most) throw new SimcodeError('bad-input', `There are more than ${most} bytes on stdin`, { hint: 'Name a file instead.' });
    parts.push(part);
  }
  return Buffer.concat(parts);
}
