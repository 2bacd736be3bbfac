import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { bundledModelDir } from '../../src/io/model.ts';
import { createOnnxEmbedder, type OnnxEmbedderOptions } from '../../src/io/onnx/embedder.ts';
import { createWindows } from '../../src/io/onnx/windows.ts';
import { loadTokenizer } from '../../src/io/tokenizer.ts';
import { temporaryDir } from './temporary.ts';

const parity = fileURLToPath(new URL('../../fixtures/embed/parity/bert-mean/', import.meta.url));

/** A folder in simcode's own form with the files of a model and some of its settings. */
function modelOf(from: string, graph: string, settings: Readonly<Record<string, unknown>>): string {
  const dir = join(temporaryDir(), 'model');
  mkdirSync(dir);
  cpSync(join(from, graph), join(dir, 'model.onnx'));
  cpSync(join(from, 'tokenizer.json'), join(dir, 'tokenizer.json'));
  writeFileSync(join(dir, 'config.json'), JSON.stringify({ ...settings, id: 'm', revision: '1' }));
  return dir;
}

async function embed(dir: string, texts: readonly string[], options: OnnxEmbedderOptions = {}): Promise<readonly Float32Array[]> {
  const embedder = await createOnnxEmbedder(dir, { threads: 1, device: 'cpu', ...options });
  const counts: number[] = [];
  try {
    const rows = await embedder.embed(texts, (count) => counts.push(count));
    expect(counts.at(-1)).toBe(texts.length);
    return texts.map((_, at) => rows.slice(at * embedder.dims, (at + 1) * embedder.dims));
  } finally {
    await embedder.close();
  }
}

/** Unit vector of the sum of vectors, each weighted. */
function mean(parts: readonly (readonly [Float32Array | undefined, number])[]): Float32Array {
  const sum = (parts[0]?.[0] ?? new Float32Array(0)).map((_, at) => parts.reduce((total, [vector, weight]) => total + weight * (vector?.[at] ?? 0), 0));
  const length = Math.hypot(...sum);
  return sum.map((value) => value / length);
}

function expectNear(a: Float32Array | undefined, b: Float32Array): void {
  expect(a).toHaveLength(b.length);
  for (const [at, value] of b.entries()) expect(a?.[at]).toBeCloseTo(value, 5);
}

const words = (from: number, to: number): string => Array.from({ length: to - from }, (_, at) => ['return', 'value', 'if', 'index', 'while'][(from + at) % 5] ?? '').join(' ');

test('a long text is read in parts, each with the name, and the vector is their mean by tokens', async () => {
  const shipped: unknown = JSON.parse(readFileSync(join(bundledModelDir(), 'config.json'), 'utf8'));
  const dir = modelOf(bundledModelDir(), 'model.onnx', { ...Object(shipped), maxTokens: 192, windows: 2 });
  const [whole, first, rest, beyond] = await embed(dir, [`sum of values\n${words(0, 300)}`, `sum of values\n${words(0, 190)}`, `sum of values\n${words(190, 300)}`, `sum of values\n${words(0, 380)} ${words(7, 90)}`]);
  expectNear(whole, mean([[first, 192], [rest, 112]]));
  const [second] = await embed(dir, [`sum of values\n${words(190, 380)}`]);
  expectNear(beyond, mean([[first, 192], [second, 192]]));
});

test('so it is in padded batches', async () => {
  const dir = modelOf(parity, 'onnx/model.onnx', { dims: 32, maxTokens: 12, windows: 3, input: 'source', pooling: 'mean', output: 'last_hidden_state' });
  const texts = [words(0, 4), words(0, 40), words(3, 25), 'a', words(1, 30)];
  const [alone, together] = [await embed(dir, texts), await embed(dir, texts, { padded: { tokens: 64, rows: 4 } })];
  for (const [at, row] of alone.entries()) expectNear(together[at], row);
});

test('a graph that takes one text a run gets one, on any device', async () => {
  const texts = [`sum of values\n${words(0, 300)}`, `\n${words(0, 20)}`, `count\n${words(2, 30)}`];
  const [alone, padded] = [await embed(bundledModelDir(), texts), await embed(bundledModelDir(), texts, { padded: { tokens: 4096, rows: 8 } })];
  for (const [at, row] of alone.entries()) expectNear(padded[at], row);
});

test('parts hold all that fits, and no text is cut in two without need', () => {
  const tokenizer = loadTokenizer(join(bundledModelDir(), 'tokenizer.json'), { input: 'named-lexemes' });
  const parts = createWindows(tokenizer, { maxTokens: 12, windows: 3 })(`sum\n${words(0, 25)}`);
  expect(parts.map((ids) => ids.indexOf(-1))).toEqual([12, 12, 7]);
  const whole = tokenizer.encode(words(0, 25), 100);
  expect(parts.flatMap((ids) => ids.slice(1, ids.indexOf(-1) - 1))).toEqual(whole.slice(1, -1));
  expect(createWindows(tokenizer, { maxTokens: 12, windows: 3 })(words(0, 10))).toHaveLength(1);
  expect(createWindows(tokenizer, { maxTokens: 12 })(words(0, 10))).toHaveLength(1);
});
