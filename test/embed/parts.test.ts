import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { bundledModelDir, loadModelSpec } from '../../src/io/model.ts';
import { planBatches } from '../../src/io/onnx/batches.ts';
import { listDevices, onnxruntimeInfo } from '../../src/io/onnx/devices.ts';
import { workerEntry } from '../../src/io/onnx/entry.ts';
import { normalizeInto, pool } from '../../src/io/onnx/vectors.ts';
import { cacheDir } from '../../src/io/paths.ts';
import { loadTokenizer } from '../../src/io/tokenizer.ts';
import { temporaryFolder } from '../cli/run.ts';

test('batches hold every text once, longest first', () => {
  fc.assert(fc.property(fc.array(fc.nat(40_000).map((length) => 'x'.repeat(length)), { maxLength: 60 }), (texts) => {
    const batches = planBatches(texts);
    const order = batches.flat();
    expect(order.toSorted((a, b) => a - b)).toEqual(texts.map((_, at) => at));
    const lengths = order.map((at) => texts[at]?.length ?? 0);
    expect(lengths).toEqual(lengths.toSorted((a, b) => b - a));
    for (const batch of batches) expect(batch.length).toBeLessThanOrEqual(16);
  }), { numRuns: 30 });
});

test('pooling', () => {
  const hidden = new Float32Array([1, 2, 3, 4, 5, 9]);
  expect([...pool(hidden, 2, 'cls')]).toEqual([1, 2]);
  expect([...pool(hidden, 2, 'last')]).toEqual([5, 9]);
  expect([...pool(hidden, 2, 'mean')]).toEqual([3, 5]);
  expect([...pool(hidden, 6, 'none')]).toEqual([...hidden]);
});

test('vectors without a direction are noticed', () => {
  const target = new Float32Array(2);
  expect(normalizeInto(target, new Float32Array([3, 4, 5]))).toBe(true);
  expect([...target]).toEqual([...new Float32Array([0.6, 0.8])]);
  expect(normalizeInto(target, new Float32Array(2))).toBe(false);
  expect(normalizeInto(target, new Float32Array([NaN, 1]))).toBe(false);
  expect(normalizeInto(target, new Float32Array([Infinity, 1]))).toBe(false);
});

test('a text cut early has the ids of the whole text, cut; closing tokens stay', async () => {
  const spec = await loadModelSpec(bundledModelDir());
  const tokenizer = loadTokenizer(spec.tokenizerPath);
  fc.assert(fc.property(fc.array(fc.constantFrom('return', 'aVeryLongName', '(', '日本', ' '.repeat(70), '😀', '0x1f', '\n'),
    { minLength: 1, maxLength: 60 }), (words) => {
    const text = words.join(' ');
    const whole = tokenizer.encode(text, 1e6);
    expect(tokenizer.encode(text, 8)).toEqual(whole.length <= 8 ? whole : [...whole.slice(0, 7), whole.at(-1)]);
  }));
});

test('words of lexemes, cut one by one, give the ids of the whole text', async () => {
  const spec = await loadModelSpec(bundledModelDir());
  const whole = loadTokenizer(spec.tokenizerPath);
  const byWord = loadTokenizer(spec.tokenizerPath, { input: 'lexemes' });
  const word = fc.oneof(fc.constantFrom('return', 'averylongname', '.', '[', '"', '=>', '日本', '😀', '0x1f', '[CLS]', 'a[SEP].b', 'é', 'e\u0301', '\u0301', '\n', 'x\ty'), fc.string({ unit: 'binary', maxLength: 12 }));
  fc.assert(fc.property(fc.array(word, { maxLength: 40 }), fc.integer({ min: 3, max: 60 }), (list, most) => {
    const text = list.join(' ');
    expect(byWord.encode(text, most)).toEqual(whole.encode(text, most));
  }), { numRuns: 500 });
  const long = `x ${'日'.repeat(5000)} y`;
  for (const most of [8, 40, 9000]) expect(byWord.encode(long, most)).toEqual(whole.encode(long, most));
});

test('words of lexemes end as whole texts do where the tokenizer puts nothing there', async () => {
  const framed = JSON.parse(readFileSync((await loadModelSpec(bundledModelDir())).tokenizerPath, 'utf8')) as Record<string, unknown>;
  const path = join(temporaryFolder(), 'tokenizer.json');
  writeFileSync(path, JSON.stringify({ ...framed, post_processor: null }));
  const [whole, byWord] = [loadTokenizer(path, { endToken: 7 }), loadTokenizer(path, { endToken: 7, input: 'lexemes' })];
  for (const most of [3, 40]) {
    const ids = byWord.encode('return total + 1 ;', most);
    expect(ids.at(-1)).toBe(7);
    expect(ids).toEqual(whole.encode('return total + 1 ;', most));
  }
});

test('the cache folder follows SIMCODE_CACHE_DIR, XDG and the platform', () => {
  const home = '/home/u';
  expect(cacheDir({ env: { SIMCODE_CACHE_DIR: '/c', XDG_CACHE_HOME: '/x' }, platform: 'linux', home })).toBe('/c');
  expect(cacheDir({ env: { XDG_CACHE_HOME: '/x' }, platform: 'darwin', home })).toBe('/x/simcode');
  expect(cacheDir({ env: { XDG_CACHE_HOME: 'relative' }, platform: 'linux', home })).toBe('/home/u/.cache/simcode');
  expect(cacheDir({ env: {}, platform: 'darwin', home })).toBe('/home/u/Library/Caches/simcode');
  expect(cacheDir({ env: { LOCALAPPDATA: '/local' }, platform: 'win32', home })).toBe('/local/simcode/Cache');
});

test('onnxruntime says what it is and which devices it knows', async () => {
  expect((await onnxruntimeInfo()).version).toMatch(/^\d+\.\d+\.\d+/);
  expect(await listDevices()).toContainEqual({ name: 'cpu', bundled: true });
});

test('compiled code starts the worker beside it', () => {
  expect(workerEntry('file:///app/dist/io/onnx/entry.js').href).toBe('file:///app/dist/io/onnx/worker.js');
});
