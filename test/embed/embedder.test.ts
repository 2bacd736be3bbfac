import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { bundledModelDir } from '../../src/io/model.ts';
import { createOnnxEmbedder, type OnnxEmbedderOptions } from '../../src/io/onnx/embedder.ts';
import { createPool } from '../../src/io/onnx/pool.ts';
import { temporaryDir } from './temporary.ts';

const PROBE = 'def total price items tax = 0.2 : subtotal = 0 for item in items : subtotal += item [ " price ] return subtotal';

/** A copy of the shipped model, with changes to its config.json. */
function modelCopy(changes: Readonly<Record<string, unknown>> = {}): string {
  const dir = join(temporaryDir(), 'model');
  mkdirSync(dir);
  for (const name of ['model.onnx', 'tokenizer.json']) copyFileSync(join(bundledModelDir(), name), join(dir, name));
  const config: unknown = JSON.parse(readFileSync(join(bundledModelDir(), 'config.json'), 'utf8'));
  writeFileSync(join(dir, 'config.json'), JSON.stringify({ ...Object(config), ...changes }));
  return dir;
}

async function embedWith(dir: string, texts: readonly string[], options: OnnxEmbedderOptions = {}): Promise<Float32Array> {
  const embedder = await createOnnxEmbedder(dir, options);
  try {
    return await embedder.embed(texts);
  } finally {
    await embedder.close();
  }
}

test('a vector depends on its text alone, whatever its company and the number of threads', async () => {
  const others = Array.from({ length: 100 }, (_, at) => `function f ${'x = y + 1 '.repeat(1 + at % 40)}return z ${at}`);
  const company = [...others.slice(0, 50), PROBE, ...others.slice(50)];
  const dims = (await embedWith(bundledModelDir(), [PROBE])).length;
  const alone = await embedWith(bundledModelDir(), [PROBE], { threads: 1 });
  const among = await embedWith(bundledModelDir(), company, { threads: 2 });
  expect(among.slice(50 * dims, 51 * dims)).toEqual(alone);
  expect(among).toHaveLength(101 * dims);
});

test('rows come in the order of the texts, and progress counts up to their number', async () => {
  const texts = ['return a', PROBE, 'x = 1', `${PROBE} ${PROBE}`];
  const embedder = await createOnnxEmbedder(bundledModelDir(), { threads: 2 });
  const counts: number[] = [];
  const rows = await embedder.embed(texts, (count) => counts.push(count));
  for (const [at, text] of texts.entries()) {
    expect(await embedder.embed([text])).toEqual(rows.slice(at * embedder.dims, (at + 1) * embedder.dims));
  }
  expect(await embedder.embed([])).toHaveLength(0);
  await embedder.close();
  await embedder.close();
  expect(counts.at(-1)).toBe(4);
  expect(counts).toEqual(counts.toSorted((a, b) => a - b));
});

test('empty, very long and odd texts have vectors too', async () => {
  const texts = ['', ' ', 'a '.repeat(300_000), '日本語 の コメント', '😀 = 🚀', 'x'.repeat(500_000), '[CLS] \0 \uD800'];
  const rows = await embedWith(bundledModelDir(), texts);
  expect([...rows].every(Number.isFinite)).toBe(true);
});

test('an embedder works again after it was closed', async () => {
  const embedder = await createOnnxEmbedder(bundledModelDir());
  const before = await embedder.embed([PROBE]);
  await embedder.close();
  expect(await embedder.embed([PROBE])).toEqual(before);
  await embedder.close();
});

test('missing and broken model files are named', async () => {
  await expect(createOnnxEmbedder(join(temporaryDir(), 'none'))).rejects.toMatchObject({
    code: 'missing-model', message: expect.stringContaining('config.json') });
  for (const name of ['model.onnx', 'tokenizer.json']) {
    const dir = modelCopy();
    rmSync(join(dir, name));
    await expect(createOnnxEmbedder(dir)).rejects.toMatchObject({ code: 'missing-model', message: expect.stringContaining(name) });
    writeFileSync(join(dir, name), '{"not": "a model"}');
    await expect(embedWith(dir, [PROBE])).rejects.toMatchObject({ code: 'bad-model', message: expect.stringContaining(name) });
  }
  const dir = modelCopy();
  writeFileSync(join(dir, 'config.json'), 'not json');
  await expect(createOnnxEmbedder(dir)).rejects.toMatchObject({ code: 'bad-model' });
});

test('a config.json that does not fit the graph is refused, not worked around', async () => {
  for (const [changes, word] of [
    [{ dims: 'many' }, 'dims'], [{ pooling: 'max' }, 'pooling'], [{ model: '../model.onnx' }, 'model'],
    [{ output: 'sentence' }, 'sentence'], [{ dims: 100 }, '100'], [{ pooling: 'mean' }, 'float32'],
  ] as const) {
    await expect(embedWith(modelCopy(changes), [PROBE])).rejects.toMatchObject({
      name: 'SimcodeError', code: 'bad-model', message: expect.stringContaining(word) });
  }
});

test('devices, dimensions and instructions a model does not have are errors', async () => {
  const dir = bundledModelDir();
  await expect(createOnnxEmbedder(dir, { device: 'abacus' })).rejects.toMatchObject({ code: 'missing-device', hint: expect.stringContaining('cpu') });
  await expect(createOnnxEmbedder(dir, { dims: 7 })).rejects.toMatchObject({ code: 'bad-option' });
  await expect(createOnnxEmbedder(dir, { instruction: 'find clones' })).rejects.toMatchObject({ code: 'bad-option' });
});

test('a model with a prompt reads the instruction, a matryoshka model gives unit vectors of fewer dimensions', async () => {
  const dir = modelCopy({ prompt: 'task {instruction} : {text}', minDims: 8 });
  const whole = await embedWith(dir, ['task {text} : return a'], { instruction: 'none' });
  expect(await embedWith(dir, ['return a'], { instruction: '{text}' })).toEqual(whole);
  const short = await embedWith(dir, ['task {text} : return a'], { dims: 8, instruction: 'none' });
  expect(short).toHaveLength(8);
  expect(Math.hypot(...short)).toBeCloseTo(1, 6);
  expect((short[0] ?? 0) / (short[7] ?? 0)).toBeCloseTo((whole[0] ?? 0) / (whole[7] ?? 0), 3);
});

test('the revision changes with the weights', async () => {
  const dir = modelCopy();
  const before = await createOnnxEmbedder(dir);
  writeFileSync(join(dir, 'model.onnx'), 'other weights');
  const after = await createOnnxEmbedder(dir);
  expect(after.revision).not.toBe(before.revision);
});

test.each(['exits', 'throws'])('a thread that %s rejects its batches and does not hang the pool', async (how) => {
  const entry = new URL(`../../fixtures/embed/worker-death/${how}.mjs`, import.meta.url);
  const pool = createPool(entry, {});
  pool.grow(1);
  const results = await Promise.allSettled([pool.run(['a']), pool.run(['b'])]);
  for (const result of results) expect(result).toMatchObject({ status: 'rejected', reason: { name: 'SimcodeError', code: 'bad-model' } });
  await expect(pool.run(['c'])).rejects.toMatchObject({ code: 'bad-model' });
  await pool.close();
});

test.each([20, 150, 300, 450, 700])('a process that exits after %i ms, with threads at work, does so in peace', (delay) => {
  const script = fileURLToPath(new URL('../../fixtures/embed/early-exit/exit.mjs', import.meta.url));
  const module = new URL('../../dist/io/onnx/embedder.js', import.meta.url).href;
  const { status, stderr } = spawnSync(process.execPath, [script, module, bundledModelDir(), `${delay}`], { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 7, stderr: '' });
});
