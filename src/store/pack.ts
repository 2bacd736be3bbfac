import { createHash } from 'node:crypto';
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import { SimcodeError } from '../errors.ts';
import type { Chunk } from '../types.ts';
import { ByteReader, ByteWriter } from './bytes.ts';
import { readFunction, writeFunction } from './function.ts';
import type { Pack } from './port.ts';
import { quantise, restore, vectorId } from './quantise.ts';

/** A pack whose words, tokens and places unfold to more is neither written nor read. */
const MAX_UNFOLDED = 32 * 1024 ** 2;
/** Distinct strings, tokens or functions of a pack at most. */
const MAX_ENTRIES = 2 ** 21;
const DIGEST_BYTES = 16;
/** Within 3 % of the size at quality 11 and some twenty times as fast (measured on typeorm). */
const QUALITY = 9;

/** One function of a pack: a chunk without its text, and with each lexeme once. */
export interface StoredFunction {
  readonly chunk: Chunk;
  /** Empty for a function whose vector is all zeros. */
  readonly vectorId: string;
  readonly vector: Float32Array;
}

/**
 * Encodes functions of one repository. Layout: 16 bytes of SHA-256 over the rest; the vectors' count; each distinct
 * vector, a byte a dimension; then, compressed, the distinct strings and tokens and the functions that point to them.
 * @param vectorOf the unit vector of the i-th function
 */
export function encodePack(functions: readonly Chunk[], vectorOf: (at: number) => Float32Array): Pack {
  const strings = createTable<string>();
  const tokens = createTable<number>();
  const vectors = new Map<string, { readonly at: number; readonly steps: Int8Array }>();
  const rows = new ByteWriter();
  for (const [i, chunk] of functions.entries()) {
    const steps = quantise(vectorOf(i));
    const id = vectorId(steps);
    const known = vectors.get(id) ?? { at: vectors.size, steps };
    vectors.set(id, known);
    rows.integer(known.at);
    writeFunction(rows, chunk, strings.indexOf, tokens.indexOf);
  }
  const body = new ByteWriter();
  body.integer(functions.length);
  body.integer(strings.values().length);
  for (const text of strings.values()) body.text(text);
  body.integer(tokens.values().length);
  body.bytes(new Uint8Array(Uint32Array.from(tokens.values()).buffer));
  body.bytes(rows.finish());
  const unfolded = body.finish();
  if (unfolded.length > MAX_UNFOLDED) throw new RangeError(`a pack of ${functions.length} functions would unfold to ${unfolded.length} bytes`);
  const pack = new ByteWriter();
  pack.integer(vectors.size);
  for (const { steps } of vectors.values()) pack.bytes(new Uint8Array(steps.buffer));
  pack.bytes(brotliCompressSync(unfolded, { params: { [constants.BROTLI_PARAM_QUALITY]: QUALITY } }));
  const payload = pack.finish();
  return {
    bytes: Buffer.concat([digestOf(payload), payload]), functions: functions.length,
    vectors: [...vectors].flatMap(([id, { steps }]) => (isZero(steps) ? [] : [{ id, values: restore(steps) }])),
  };
}

/**
 * Functions of a pack, their paths below the repository's name. Safe on any bytes.
 * @throws SimcodeError `store` for a pack that is damaged or of another dimension
 */
export function decodePack(bytes: Uint8Array, repository: string, dims: number): readonly StoredFunction[] {
  try {
    const payload = bytes.subarray(DIGEST_BYTES);
    if (!digestOf(payload).equals(bytes.subarray(0, DIGEST_BYTES))) throw new RangeError('its checksum does not match');
    return decode(payload, repository, dims);
  } catch (cause) {
    throw new SimcodeError('store', `The store's copy of ${repository} is damaged: ${cause instanceof Error ? cause.message : String(cause)}`, {
      hint: 'Index it again: simcode index add <folder> --store <where>', cause,
    });
  }
}

function decode(payload: Uint8Array, repository: string, dims: number): readonly StoredFunction[] {
  const outer = new ByteReader(payload);
  const vectors = Array.from({ length: outer.integer(Math.floor(payload.length / dims)) }, () => vectorOf(Int8Array.from(outer.bytes(dims))));
  const reader = new ByteReader(brotliDecompressSync(outer.rest(), { maxOutputLength: MAX_UNFOLDED }));
  const count = reader.integer(MAX_ENTRIES);
  const strings = Array.from({ length: reader.integer(MAX_ENTRIES) }, () => reader.text());
  const tokenCount = reader.integer(MAX_ENTRIES);
  const tokens = new Uint32Array(Uint8Array.from(reader.bytes(tokenCount * 4)).buffer);
  const functions = Array.from({ length: count }, () => {
    const vector = vectors[reader.integer(vectors.length - 1)];
    if (vector === undefined) throw new RangeError('a function has no vector');
    return { ...vector, chunk: readFunction(reader, repository, strings, tokens) };
  });
  reader.end();
  return functions;
}

function vectorOf(steps: Int8Array): Pick<StoredFunction, 'vectorId' | 'vector'> {
  return { vectorId: isZero(steps) ? '' : vectorId(steps), vector: restore(steps) };
}

function isZero(steps: Int8Array): boolean {
  return steps.every((step) => step === 0);
}

function digestOf(payload: Uint8Array): Buffer {
  return createHash('sha256').update(payload).digest().subarray(0, DIGEST_BYTES);
}

/** Values by number, in order of first use. */
function createTable<T>() {
  const numbers = new Map<T, number>();
  return {
    indexOf(value: T): number {
      const known = numbers.get(value);
      if (known !== undefined) return known;
      numbers.set(value, numbers.size);
      return numbers.size - 1;
    },
    values: (): readonly T[] => [...numbers.keys()],
  };
}
