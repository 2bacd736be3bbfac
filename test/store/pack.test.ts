import { createHash } from 'node:crypto';
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SimcodeError } from '../../src/errors.ts';
import { buildPacks } from '../../src/store/build.ts';
import { ByteReader, ByteWriter } from '../../src/store/bytes.ts';
import { decodePack } from '../../src/store/pack.ts';
import { quantise, restore, vectorId } from '../../src/store/quantise.ts';
import { toyChunk } from '../helpers/toy-chunk.ts';
import { model, toyFunctions } from './functions.ts';

const one = ({ chunks, matrix }: ReturnType<typeof toyFunctions>): Uint8Array => {
  const [pack] = buildPacks(chunks, matrix);
  if (pack === undefined) throw new Error('no pack');
  return pack.bytes;
};
/** Gives bytes after a checksum that matches, as somebody who means harm would. */
const sealed = (payload: Uint8Array): Uint8Array => Buffer.concat([createHash('sha256').update(payload).digest().subarray(0, 16), payload]);

describe('packs', () => {
  it('give back what pairs are scored by, below the repository\'s name', () => {
    const { chunks, matrix } = toyFunctions(600);
    const special = { ...toyChunk('function g(a) { return a; }', { path: 'ünï/x.ts', tags: ['accessor', 'override'] }), kind: 'class-method' as const, suppression: { line: 3, reason: 'wanted\n', scope: 'range' as const } };
    const inner = { ...toyChunk('function h() {}', { path: 'ünï/x.ts', at: 1 }), parentId: special.id };
    const all = [...chunks.slice(0, 598), special, inner];
    const packs = [...buildPacks(all, matrix)];
    expect(packs.map(({ functions }) => functions)).toEqual([512, 88]);
    const back = packs.flatMap(({ bytes }) => decodePack(bytes, 'repo', model.dims));
    const idOf = ({ path, qualifiedName, range }: (typeof all)[number]): string => `repo/${path}#${qualifiedName}@${range.startLine}:${range.startColumn}`;
    for (const [i, { chunk, vector, vectorId: id }] of back.entries()) {
      const from = all[i];
      if (from === undefined) throw new Error('too many');
      const { text: _text, id: _id, lexemes, path, parentId, ...rest } = from;
      expect(chunk).toEqual({ ...rest, id: idOf(from), path: `repo/${path}`, text: '', lexemes: [...new Set(lexemes)], ...(parentId !== undefined && { parentId: `repo/${parentId}` }) });
      const original = matrix.rows.subarray(i * model.dims, (i + 1) * model.dims);
      expect(vector.reduce((sum, value, dim) => sum + value * (original[dim] ?? 0), 0)).toBeGreaterThan(0.9995);
      expect(id).toMatch(/^[0-9a-f]{32}$/);
    }
  });

  it('are the same bytes for the same functions', () => {
    expect(Buffer.from(one(toyFunctions(50))).equals(one(toyFunctions(50)))).toBe(true);
  });

  it('keep a vector of zeros as like nothing', () => {
    const { chunks } = toyFunctions(2);
    const packs = [...buildPacks(chunks, { dims: 8, rows: new Float32Array(16), chunkIds: chunks.map(({ id }) => id) })];
    expect(packs[0]?.vectors).toEqual([]);
    expect(decodePack(packs[0]?.bytes ?? new Uint8Array(), 'r', 8).map(({ vectorId }) => vectorId)).toEqual(['', '']);
  });

  it('refuse any damage with an error that says what to do', () => {
    const bytes = one(toyFunctions(40));
    fc.assert(fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const damaged = Uint8Array.from(bytes);
      damaged[at] = (damaged[at] ?? 0) ^ change;
      expect(() => decodePack(damaged, 'r', 8)).toThrow(SimcodeError);
    }), { numRuns: 200 });
    expect(() => decodePack(bytes.subarray(0, 100), 'r', 8)).toThrow(/copy of r is damaged: its checksum does not match/);
    expect(() => decodePack(bytes, 'r', 384)).toThrow(SimcodeError);
  });

  it('never do worse than throw, whatever bytes carry a checksum that matches', () => {
    const payload = one(toyFunctions(40)).subarray(16);
    const check = (bytes: Uint8Array): void => {
      try {
        for (const { chunk, vector } of decodePack(sealed(bytes), 'r', 8)) {
          expect(chunk.path.startsWith('r/') && !chunk.path.split('/').includes('..')).toBe(true);
          expect(vector.every((value) => Number.isFinite(value))).toBe(true);
        }
      } catch (error) {
        expect(error).toBeInstanceOf(SimcodeError);
      }
    };
    fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), check), { numRuns: 200 });
    // what lies inside the compressed part, changed
    const [vectors, body] = [payload.subarray(0, 1 + 40 * 8), brotliDecompressSync(payload.subarray(1 + 40 * 8))];
    fc.assert(fc.property(fc.array(fc.tuple(fc.nat(body.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }), fc.nat(30), (changes, cut) => {
      const bytes = Uint8Array.from(body);
      for (const [at, value] of changes) bytes[at] = value;
      check(Buffer.concat([vectors, brotliCompressSync(bytes.subarray(0, bytes.length - cut), { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })]));
    }), { numRuns: 400 });
    fc.assert(fc.property(fc.array(fc.tuple(fc.nat(payload.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }), (changes) => {
      const bytes = Uint8Array.from(payload);
      for (const [at, value] of changes) bytes[at] = value;
      check(bytes);
    }), { numRuns: 300 });
  });

  it('are not unfolded beyond a bound', () => {
    const bomb = (body: Uint8Array): Uint8Array => sealed(Buffer.concat([Uint8Array.of(0), brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })]));
    expect(() => decodePack(bomb(new Uint8Array(40 * 1024 ** 2)), 'r', 8)).toThrow(SimcodeError);
    const manyStrings = new ByteWriter();
    for (const value of [1, 30_000_000]) manyStrings.integer(value);
    manyStrings.bytes(new Uint8Array(30_000_000));
    expect(() => decodePack(bomb(manyStrings.finish()), 'r', 8)).toThrow(/30000000 where at most 2097152 is possible/);
  });

  it.each(['../up.ts', '/etc/passwd', 'a/../../b.ts', ''])('refuse the path %j', (path) => {
    const { chunks, matrix } = toyFunctions(1);
    const [pack] = buildPacks(chunks.map((chunk) => ({ ...chunk, path })), matrix);
    expect(() => decodePack(pack?.bytes ?? new Uint8Array(), 'r', 8)).toThrow(/a path leads out/);
  });
});

describe('quantised vectors', () => {
  it('stay within 0.003 of every cosine, and are equal again when quantised again', () => {
    const vector = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 384, maxLength: 384 }).filter((values) => Math.hypot(...values) > 0.1)
      .map((values) => Float32Array.from(values, (value) => value / Math.hypot(...values)));
    fc.assert(fc.property(vector, vector, (a, b) => {
      const dot = (x: Float32Array, y: Float32Array): number => x.reduce((sum, value, i) => sum + value * (y[i] ?? 0), 0);
      const [p, q] = [restore(quantise(a)), restore(quantise(b))];
      expect(Math.abs(dot(p, q) - dot(a, b))).toBeLessThan(0.003);
      expect(vectorId(quantise(p))).toBe(vectorId(quantise(a)));
    }), { numRuns: 50 });
  });
});

describe('bytes', () => {
  it('read back what was written, and never beyond the end', () => {
    fc.assert(fc.property(fc.array(fc.oneof(fc.maxSafeNat(), fc.string())), fc.nat(20), (values, cut) => {
      const out = new ByteWriter();
      for (const value of values) if (typeof value === 'number') out.integer(value); else out.text(value);
      const bytes = out.finish();
      const read = (from: ByteReader) => values.map((value) => (typeof value === 'number' ? from.integer() : from.text()));
      const reader = new ByteReader(bytes);
      expect(read(reader)).toEqual(values.map((value) => (typeof value === 'number' ? value : Buffer.from(value).toString())));
      reader.end();
      if (cut > 0 && bytes.length > 0) expect(() => read(new ByteReader(bytes.subarray(0, Math.max(0, bytes.length - cut))))).toThrow(RangeError);
    }));
  });
});
