import { createHash } from 'node:crypto';
import type { Embedder } from '../../src/types.ts';

/** A second, model-free implementation of the port: a unit vector out of the text's hash. Counts what it is asked. */
export function hashEmbedder(overrides: Partial<Embedder> = {}): Embedder & { readonly asked: string[] } {
  const dims = overrides.dims ?? 4;
  const asked: string[] = [];
  return {
    id: 'hash', revision: '1', dims, maxTokens: 100, input: 'lexemes', device: 'cpu', instruction: '',
    embed(texts, onDone) {
      const rows = new Float32Array(texts.length * dims);
      for (const [at, text] of texts.entries()) {
        const bytes = createHash('sha256').update(text).digest();
        const norm = Math.hypot(...bytes.subarray(0, dims));
        for (let dim = 0; dim < dims; dim++) rows[at * dims + dim] = (bytes[dim] ?? 0) / norm;
        asked.push(text);
        onDone?.(at + 1);
      }
      return Promise.resolve(rows);
    },
    close: () => Promise.resolve(),
    ...overrides,
    asked,
  };
}
