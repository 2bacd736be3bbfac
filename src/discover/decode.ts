/** Text of a file and the encoding it was read in. */
export interface Decoded {
  readonly text: string;
  readonly encoding: 'utf-8' | 'utf-16le' | 'utf-16be' | 'latin1';
}

const utf16 = new TextDecoder('utf-16le');
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });

/**
 * Decodes source bytes: UTF-8 (byte order mark dropped), UTF-16 with a mark, else Latin-1, which never fails.
 * Line ends stay as they are. Undefined for binary content: a NUL byte outside of UTF-16.
 */
export function decode(bytes: Uint8Array): Decoded | undefined {
  const [first, second, third, fourth] = bytes;
  const utf32 = first === 0xff && second === 0xfe && third === 0 && fourth === 0;
  if (first === 0xff && second === 0xfe && !utf32) return wide(bytes, 'utf-16le');
  if (first === 0xfe && second === 0xff) return wide(bytes, 'utf-16be');
  if (bytes.includes(0)) return undefined;
  try {
    return { text: utf8.decode(bytes), encoding: 'utf-8' };
  } catch {
    return { text: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1'), encoding: 'latin1' };
  }
}

function wide(bytes: Uint8Array, encoding: 'utf-16le' | 'utf-16be'): Decoded | undefined {
  const body = Buffer.from(bytes.subarray(2, bytes.length - (bytes.length % 2)));
  const text = utf16.decode(encoding === 'utf-16be' ? body.swap16() : body);
  return text.includes('\0') ? undefined : { text, encoding };
}
