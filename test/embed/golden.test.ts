import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { bundledModelDir, loadModelSpec } from '../../src/io/model.ts';
import { createOnnxEmbedder } from '../../src/io/onnx/embedder.ts';
import { loadTokenizer } from '../../src/io/tokenizer.ts';

const golden = z.array(z.object({ name: z.string(), lexemes: z.array(z.string()), ids: z.array(z.int()), vector: z.array(z.number()) }))
  .min(3).parse(JSON.parse(readFileSync(join(bundledModelDir(), 'golden.json'), 'utf8')));

test('ids of the shipped tokenizer equal the reference', async () => {
  const spec = await loadModelSpec(bundledModelDir());
  const tokenizer = loadTokenizer(spec.tokenizerPath);
  for (const { lexemes, ids } of golden) expect(tokenizer.encode(lexemes.join(' '), spec.maxTokens)).toEqual(ids);
});

test('vectors of the shipped model equal the reference', async () => {
  const embedder = await createOnnxEmbedder(bundledModelDir());
  try {
    const rows = await embedder.embed(golden.map(({ name, lexemes }) => `${name}\n${lexemes.join(' ')}`));
    for (const [at, { vector }] of golden.entries()) {
      const row = rows.subarray(at * embedder.dims, (at + 1) * embedder.dims);
      expect(vector).toHaveLength(embedder.dims);
      expect(cosine([...row], vector)).toBeGreaterThanOrEqual(0.9999);
      expect(Math.hypot(...row)).toBeCloseTo(1, 6);
    }
  } finally {
    await embedder.close();
  }
});

function cosine(a: readonly number[], b: readonly number[]): number {
  const dot = a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);
  return dot / (Math.hypot(...a) * Math.hypot(...b));
}
