import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { embedChunks } from '../../src/embed/embed.ts';
import { EmbedStream } from '../../src/embed/stream.ts';
import { modelInput, vectorKey } from '../../src/embed/input.ts';
import { noCache, openVectorCache } from '../../src/io/cache.ts';
import { bundledModelDir } from '../../src/io/model.ts';
import { createOnnxEmbedder } from '../../src/io/onnx/embedder.ts';
import type { ProgressEvent } from '../../src/types.ts';
import { chunkOf } from './chunks.ts';
import { hashEmbedder } from './hash-embedder.ts';
import { temporaryDir } from './temporary.ts';

test('identical inputs are embedded once and rows follow the chunks', async () => {
  const embedder = hashEmbedder();
  const chunks = [['a', 'b'], ['c'], ['a', 'b']].map((lexemes, row) => chunkOf(lexemes, row));
  const { matrix, embedded, cached } = await embedChunks(chunks, embedder, noCache());
  expect(embedder.asked).toEqual(['a b', 'c']);
  expect({ embedded, cached }).toEqual({ embedded: 2, cached: 0 });
  expect(matrix.chunkIds).toEqual(chunks.map(({ id }) => id));
  expect(matrix.rows.slice(0, 4)).toEqual(matrix.rows.slice(8, 12));
  expect(matrix.rows.slice(4, 8)).toEqual(await hashEmbedder().embed(['c']));
});

test('chunks that come in parts are embedded while others come, and asked for twice they are the same', async () => {
  const embedder = hashEmbedder();
  const chunks = Array.from({ length: 1500 }, (_, row) => chunkOf([`f${row % 1200}`], row));
  const stream = new EmbedStream(embedder, noCache());
  await stream.add(chunks.slice(0, 100));
  stream.advance();
  expect(embedder.asked).toEqual([]);
  await stream.add(chunks.slice(100, 700));
  stream.advance();
  expect(embedder.asked).toHaveLength(700);
  await stream.add(chunks.slice(700));
  const found = await stream.finish();
  expect(await stream.finish()).toBe(found);
  expect(found).toEqual(await embedChunks(chunks, hashEmbedder(), noCache()));
});

test('a warm run gives the same bytes and runs no model', async () => {
  const dir = temporaryDir();
  const chunks = Array.from({ length: 30 }, (_, row) => chunkOf(['f', `${row % 20}`], row));
  const cold = await embedChunks(chunks, hashEmbedder(), noCache());
  const first = openVectorCache(dir, hashEmbedder());
  await embedChunks(chunks, hashEmbedder(), first);
  expect(await first.save()).toEqual([]);
  const embedder = hashEmbedder();
  const warm = await embedChunks(chunks, embedder, openVectorCache(dir, embedder));
  expect(embedder.asked).toEqual([]);
  expect(warm).toEqual({ ...cold, matrix: { ...cold.matrix, fresh: new Set() }, embedded: 0, cached: 20 });
});

test('a warm run does not start the model: even a broken one is no obstacle', async () => {
  const dir = join(temporaryDir(), 'model');
  mkdirSync(dir);
  for (const name of ['config.json', 'tokenizer.json']) copyFileSync(join(bundledModelDir(), name), join(dir, name));
  writeFileSync(join(dir, 'model.onnx'), 'broken');
  const embedder = await createOnnxEmbedder(dir);
  const cache = openVectorCache(temporaryDir(), embedder);
  const vector = new Float32Array(embedder.dims).fill(1 / Math.sqrt(embedder.dims));
  const chunk = chunkOf(['return', 'a']);
  cache.set(vectorKey(embedder, modelInput(chunk, embedder.input)), vector);
  const { matrix, embedded } = await embedChunks([chunk], embedder, cache);
  expect(embedded).toBe(0);
  expect(matrix.rows).toEqual(vector);
  await expect(embedChunks([chunkOf(['b'])], embedder, cache)).rejects.toMatchObject({ code: 'bad-model' });
  await embedder.close();
});

test('a chunk without lexemes gets a zero row and costs nothing', async () => {
  const embedder = hashEmbedder();
  const { matrix, embedded } = await embedChunks([chunkOf([]), chunkOf(['a'], 1)], embedder, noCache());
  expect(matrix.rows.slice(0, 4)).toEqual(new Float32Array(4));
  expect(embedded).toBe(1);
});

test('a source model reads the text', async () => {
  const embedder = hashEmbedder({ input: 'source' });
  await embedChunks([chunkOf(['a'], 0, 'const a = 1;')], embedder, noCache());
  expect(embedder.asked).toEqual(['const a = 1;']);
});

test('no chunks are no work; ticks count what the model had to do', async () => {
  const events: ProgressEvent[] = [];
  const none = await embedChunks([], hashEmbedder(), noCache(), (event) => events.push(event));
  expect(none.matrix.rows).toHaveLength(0);
  expect(events).toEqual([]);
  const chunks = Array.from({ length: 5000 }, (_, row) => chunkOf([`${row}`], row));
  await embedChunks(chunks, hashEmbedder(), noCache(), (event) => events.push(event));
  expect(events[0]).toEqual({ stage: 'embed', state: 'tick', done: 0, total: 5000 });
  expect(events.at(-1)).toEqual({ stage: 'embed', state: 'tick', done: 5000, total: 5000 });
});

test('an interrupted run keeps what it had embedded', async () => {
  const dir = temporaryDir();
  const chunks = Array.from({ length: 5000 }, (_, row) => chunkOf([`${row}`], row));
  const working = hashEmbedder();
  const failing = hashEmbedder({
    embed: (texts) => (texts.includes('4999') ? Promise.reject(new Error('stopped')) : working.embed(texts)) });
  await expect(embedChunks(chunks, failing, openVectorCache(dir, failing))).rejects.toThrow('stopped');
  const { embedded, cached } = await embedChunks(chunks, working, openVectorCache(dir, working));
  expect({ embedded, cached }).toEqual({ embedded: 904, cached: 4096 });
});

test('keys differ whenever anything a vector depends on differs', () => {
  const part = fc.string({ unit: fc.constantFrom('a', '"', ',', '\\', '\0', '\uD800', '\uDC00') });
  const identity = fc.tuple(part, part, part, part);
  fc.assert(fc.property(identity, identity, (a, b) => {
    const [first, second] = [a, b].map(([id, revision, instruction, text]) => vectorKey(hashEmbedder({ id, revision, instruction }), text));
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    expect(first === second).toBe(a.every((value, at) => value === b[at]));
  }));
  expect(vectorKey(hashEmbedder({ dims: 4 }), 'a')).not.toBe(vectorKey(hashEmbedder({ dims: 8 }), 'a'));
  expect(vectorKey(hashEmbedder({ input: 'source' }), 'a')).not.toBe(vectorKey(hashEmbedder(), 'a'));
});
