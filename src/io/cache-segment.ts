/**
 * One immutable file of vectors, written whole and renamed into place. Little-endian:
 *
 *     0  magic "SIMCODEV"            8 bytes
 *     8  version, dims, count        3 × u32
 *    20  length of the description   u32
 *    24  CRC-32 of the index         u32
 *    28  CRC-32 of bytes 0-27 and of the description   u32
 *    32  description (JSON of the store)
 *        rows: count × dims × f32
 *        index, sorted by key: count × (key 32 bytes, day last used u32, CRC-32 of the row u32)
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';

export const SEGMENT_VERSION = 1;
const MAGIC = 'SIMCODEV';
const HEAD = 32;
const KEY = 32;
const ENTRY = KEY + 8;
const MAX_DESCRIPTION = 1 << 20;
const WRITE_BYTES = 1 << 20;
/** A larger file is read row by row. */
const MAX_WHOLE = 64 << 20;
/** Rows read one by one before all of a file are read at once. */
const FEW_ROWS = 32;

/** A segment opened for reading: its index in memory, its rows on disk. */
export interface Segment {
  readonly path: string;
  readonly bytes: number;
  readonly count: number;
  readonly description: string;
  readonly fd: number;
  readonly dims: number;
  readonly rowsAt: number;
  readonly index: Buffer;
  /** 1 where a row was read since the segment was opened. */
  readonly used: Uint8Array;
  /** Rows read so far, and all of them once they are many. */
  reads: number;
  rows?: Buffer | undefined;
}

/** A vector to be written; `load` gives undefined where it turned out to be damaged. */
export interface SegmentEntry {
  readonly key: Uint8Array;
  readonly day: number;
  load(): Float32Array | undefined;
}

/** Opens and checks a segment. @throws Error saying what is wrong with it (or ENOENT and the like) */
export function openSegment(path: string): Segment {
  const fd = openSync(path, 'r');
  try {
    return { path, fd, ...readLayout(fd) };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

export function closeSegment(segment: Segment): void {
  closeSync(segment.fd);
}

function readLayout(fd: number): Omit<Segment, 'path' | 'fd'> {
  const bytes = fstatSync(fd).size;
  const head = readAt(fd, 0, HEAD);
  if (head.toString('latin1', 0, 8) !== MAGIC) throw new Error('it is not a vector file');
  if (head.readUInt32LE(8) !== SEGMENT_VERSION) throw new Error(`it has version ${head.readUInt32LE(8)}`);
  const dims = head.readUInt32LE(12);
  const count = head.readUInt32LE(16);
  const descriptionLength = head.readUInt32LE(20);
  const rowsAt = HEAD + descriptionLength;
  if (descriptionLength > MAX_DESCRIPTION || rowsAt + count * (dims * 4 + ENTRY) !== bytes) {
    throw new Error('it is shorter or longer than it says');
  }
  const description = readAt(fd, HEAD, descriptionLength);
  if (crc32(description, crc32(head.subarray(0, 28))) !== head.readUInt32LE(28)) throw new Error('its header is damaged');
  const index = readAt(fd, bytes - count * ENTRY, count * ENTRY);
  if (crc32(index) !== head.readUInt32LE(24)) throw new Error('its index is damaged');
  return { bytes, dims, count, rowsAt, index, description: description.toString('utf8'), used: new Uint8Array(count), reads: 0 };
}

function readAt(fd: number, position: number, length: number): Buffer {
  const buffer = Buffer.alloc(length);
  if (readSync(fd, buffer, 0, length, position) !== length) throw new Error('it is cut short');
  return buffer;
}

/** Position of a key in the segment, or -1. */
export function findKey({ index, count }: Segment, key: Buffer): number {
  const first = key.readUInt32BE(0);
  let low = 0;
  let high = count - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const at = middle * ENTRY;
    const order = index.readUInt32BE(at) - first || index.compare(key, 0, KEY, at, at + KEY);
    if (order === 0) return middle;
    if (order < 0) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

export function keyAt({ index }: Segment, row: number): Buffer {
  return index.subarray(row * ENTRY, row * ENTRY + KEY);
}

/** Day (since 1970) a row was last stamped as used. */
export function dayAt({ index }: Segment, row: number): number {
  return index.readUInt32LE(row * ENTRY + KEY);
}

/** The vector, bit for bit as it was written; undefined if it is damaged or unreadable. */
export function readRow(segment: Segment, row: number): Float32Array | undefined {
  const { fd, dims, rowsAt, index } = segment;
  const vector = new Float32Array(dims);
  const bytes = new Uint8Array(vector.buffer);
  try {
    const rows = wholeRows(segment);
    if (rows !== undefined) bytes.set(rows.subarray(row * bytes.length, (row + 1) * bytes.length));
    else if (readSync(fd, bytes, 0, bytes.length, rowsAt + row * bytes.length) !== bytes.length) return undefined;
  } catch {
    return undefined;
  }
  return crc32(bytes) === index.readUInt32LE(row * ENTRY + KEY + 4) ? vector : undefined;
}

/** All rows of a small file of which many are wanted: one read in place of thousands. */
function wholeRows(segment: Segment): Buffer | undefined {
  if (segment.rows === undefined && segment.bytes <= MAX_WHOLE && ++segment.reads > FEW_ROWS) {
    segment.rows = readAt(segment.fd, segment.rowsAt, segment.count * segment.dims * 4);
  }
  return segment.rows;
}

/** Gives back the memory of rows that were read at once. */
export function dropRows(segment: Segment): void {
  segment.rows = undefined;
  segment.reads = 0;
}

/** Writes a segment atomically (temporary file, fsync, rename). `entries` must be sorted by key; of equal keys the first readable one is kept. */
export async function writeSegment(path: string, store: { readonly dims: number; readonly description: string }, entries: readonly SegmentEntry[]): Promise<void> {
  const temporary = `${path}.tmp`;
  try {
    const file = await open(temporary, 'wx');
    try {
      await writeParts(file, store, entries);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
}

async function writeParts(file: FileHandle, store: { readonly dims: number; readonly description: string }, entries: readonly SegmentEntry[]): Promise<void> {
  const description = Buffer.from(store.description);
  const index = Buffer.alloc(entries.length * ENTRY);
  let position = HEAD + description.length;
  let count = 0;
  let rows: Uint8Array[] = [];
  let waiting = 0;
  let last: Uint8Array | undefined;
  const flush = async (): Promise<void> => {
    await writeAll(file, Buffer.concat(rows), position);
    position += waiting;
    rows = [];
    waiting = 0;
  };
  for (const entry of entries) {
    if (last && Buffer.compare(last, entry.key) === 0) continue;
    const vector = entry.load();
    if (vector?.length !== store.dims) continue;
    last = entry.key;
    const bytes = new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);
    const at = count++ * ENTRY;
    index.set(entry.key, at);
    index.writeUInt32LE(entry.day, at + KEY);
    index.writeUInt32LE(crc32(bytes), at + KEY + 4);
    rows.push(bytes);
    waiting += bytes.length;
    if (waiting >= WRITE_BYTES) await flush();
  }
  await flush();
  const kept = index.subarray(0, count * ENTRY);
  await writeAll(file, kept, position);
  const head = Buffer.alloc(HEAD);
  head.write(MAGIC, 'latin1');
  for (const [at, value] of [SEGMENT_VERSION, store.dims, count, description.length, crc32(kept)].entries()) {
    head.writeUInt32LE(value, 8 + at * 4);
  }
  head.writeUInt32LE(crc32(description, crc32(head.subarray(0, 28))), 28);
  await writeAll(file, Buffer.concat([head, description]), 0);
}

async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    done += (await file.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
  }
}
