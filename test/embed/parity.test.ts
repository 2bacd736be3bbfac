import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { createOnnxEmbedder, type OnnxEmbedderOptions } from '../../src/io/onnx/embedder.ts';
import { temporaryDir } from './temporary.ts';

/** Tiny models with random weights, and vectors made of them by sentence-transformers (models/train/parity/make.py). */
const parity = fileURLToPath(new URL('../../fixtures/embed/parity/', import.meta.url));
const texts = z.array(z.string()).parse(JSON.parse(readFileSync(join(parity, 'texts.json'), 'utf8')));
const variants = z.record(z.string(), z.object({ dims: z.number(), base64: z.string() }));

function expected(model: string, variant: string): { readonly dims: number; readonly rows: Float32Array } {
  const { dims, base64 } = variants.parse(JSON.parse(readFileSync(join(parity, model, 'expected.json'), 'utf8')))[variant] ?? { dims: 0, base64: '' };
  return { dims, rows: new Float32Array(Uint8Array.from(Buffer.from(base64, 'base64')).buffer) };
}

/** The least cosine between our rows and the reference's. */
function worst(rows: Float32Array, { dims, rows: reference }: { readonly dims: number; readonly rows: Float32Array }): number {
  expect(rows).toHaveLength(reference.length);
  expect(texts.length * dims).toBe(reference.length);
  const cosines = texts.map((_, at) => {
    const [a, b] = [rows.subarray(at * dims, (at + 1) * dims), reference.subarray(at * dims, (at + 1) * dims)];
    return a.reduce((sum, value, column) => sum + value * (b[column] ?? 0), 0) / (Math.hypot(...a) * Math.hypot(...b));
  });
  return Math.min(...cosines);
}

async function embed(dir: string, options: OnnxEmbedderOptions, query = false): Promise<Float32Array> {
  const embedder = await createOnnxEmbedder(dir, { device: 'cpu', threads: 1, ...options });
  try {
    return await (query ? embedder.embedQueries?.(texts) ?? new Float32Array() : embedder.embed(texts));
  } finally {
    await embedder.close();
  }
}

/** A copy of a model with changes to one of its JSON files. */
function changed(model: string, file: string, changes: Readonly<Record<string, unknown>>): string {
  const dir = join(temporaryDir(), 'model');
  cpSync(join(parity, model), dir, { recursive: true });
  const json: unknown = JSON.parse(readFileSync(join(dir, file), 'utf8'));
  writeFileSync(join(dir, file), JSON.stringify({ ...Object(json), ...changes }));
  return dir;
}

const eight = { tokens: 4096, rows: 8 };

test.each(['qwen', 'bert-mean', 'bert-cls'])('%s: the vectors of sentence-transformers, one by one and eight together', async (model) => {
  const reference = expected(model, 'plain');
  expect(worst(await embed(join(parity, model), {}), reference)).toBeGreaterThan(0.99999);
  expect(worst(await embed(join(parity, model), { padded: eight }), reference)).toBeGreaterThan(0.99999);
});

test.each(['left', 'right'])('qwen: padded on the %s', async (side) => {
  const dir = changed('qwen', 'tokenizer_config.json', { padding_side: side });
  expect(worst(await embed(dir, { padded: eight }), expected('qwen', 'plain'))).toBeGreaterThan(0.99999);
});

test.each([
  ['cut to fewer dimensions', { dims: 16 }, 'truncated', 0.99999],
  ['with its own prompt', { instruction: 'query' }, 'query', 0.99999],
  ['from external data', { dtype: 'q4', padded: eight }, 'plain', 0.99999],
  // weights and hidden states rounded to 11 bits
  ['from half precision', { dtype: 'fp16', padded: eight }, 'plain', 0.9999],
] as const)('qwen: %s', async (_, options, variant, least) => {
  expect(worst(await embed(join(parity, 'qwen'), options), expected('qwen', variant))).toBeGreaterThan(least);
});

test('qwen, pooled graph and a tokenizer that ends nothing: the end token is put there', async () => {
  const reference = expected('qwen-pooled', 'plain');
  expect(worst(await embed(join(parity, 'qwen-pooled'), {}), reference)).toBeGreaterThan(0.99999);
  expect(worst(await embed(join(parity, 'qwen-pooled'), { padded: eight }), reference)).toBeGreaterThan(0.99999);
});

test.each(['query', 'document'])('bert: prompt %s of a model that tells queries from documents', async (side) => {
  expect(worst(await embed(join(parity, 'bert-cls'), { instruction: 'search' }, side === 'query'), expected('bert-cls', side))).toBeGreaterThan(0.99999);
});

test('an instruction that the model does not take is refused with those it takes', async () => {
  const dir = join(parity, 'bert-cls');
  await expect(embed(dir, { instruction: 'clone' })).rejects.toMatchObject({ code: 'bad-option' });
  await expect(embed(dir, { instruction: 'qwery' })).rejects.toMatchObject({ code: 'bad-option', hint: expect.stringMatching(/clone.*search.*query/) });
});

test('what is not understood is refused by name', async () => {
  for (const [model, file, changes, word] of [
    ['qwen', '1_Pooling/config.json', { pooling_mode: 'weightedmean' }, 'weightedmean'],
    ['qwen', '1_Pooling/config.json', { include_prompt: false }, 'prompts'],
    ['bert-mean', '2_Dense/config.json', { activation_function: 'torch.nn.SiLU' }, 'SiLU'],
    ['bert-mean', '2_Dense/config.json', { in_features: 31 }, 'wrong size'],
    ['bert-cls', 'tokenizer_config.json', { truncation_side: 'left' }, 'truncation'],
    ['bert-cls', 'config.json', { hidden_size: 31 }, '31'],
  ] as const) {
    await expect(embed(changed(model, file, changes), {})).rejects.toMatchObject({ code: 'bad-model', message: expect.stringContaining(word) });
  }
  const dir = changed('bert-cls', 'config.json', {});
  writeFileSync(join(dir, 'modules.json'), JSON.stringify([{ path: '', type: 'x.Transformer' }, { path: '1_Lstm', type: 'sentence_transformers.models.LSTM' }]));
  await expect(embed(dir, {})).rejects.toMatchObject({ code: 'bad-model', message: expect.stringContaining('LSTM') });
  writeFileSync(join(dir, 'modules.json'), JSON.stringify([{ path: '../../..', type: 'x.Pooling' }]));
  await expect(embed(dir, {})).rejects.toMatchObject({ code: 'bad-model', message: expect.stringContaining('plain folder') });
  await expect(embed(join(parity, 'qwen'), { dtype: 'int8' })).rejects.toMatchObject({ code: 'missing-model', hint: expect.stringContaining('fp32, fp16, q4') });
  await expect(embed(join(parity, 'qwen'), { dims: 4 })).rejects.toMatchObject({ code: 'bad-option', hint: 'It gives 8 to 64.' });
  mkdirSync(join(dir, 'empty'));
  writeFileSync(join(dir, 'empty', 'config.json'), '{"model_type":"bert","hidden_size":8}');
  await expect(embed(join(dir, 'empty'), {})).rejects.toMatchObject({ code: 'missing-model', message: expect.stringContaining('onnx/model.onnx') });
});
