import type { Chunk, Matrix } from '../../src/types.ts';
import { buildPacks } from '../../src/store/build.ts';
import type { Pack, RepositoryInfo, VectorStore } from '../../src/store/port.ts';
import { toyChunk } from '../helpers/toy-chunk.ts';

/** A model that no embedder has. */
export const model = { id: 'toy', revision: '1', dims: 8, instruction: '' };

/** Functions with unit vectors that lie in a few groups, the same for the same seed. */
export function toyFunctions(count: number, seed = 1, dims = model.dims): { readonly chunks: readonly Chunk[]; readonly matrix: Matrix } {
  const random = generator(seed);
  const chunks = Array.from({ length: count }, (_, i) => toyChunk(
    `function f${i}(rows) {\n  const total = rows.length + ${i % 7};\n  return total * ${i};\n}`, { path: `src/file${i % 5}.ts`, at: 10 * i },
  ));
  const rows = new Float32Array(count * dims);
  for (let i = 0; i < count; i++) {
    const values = Array.from({ length: dims }, (_, dim) => Number(dim === i % dims) + 0.4 * (random() - 0.5));
    const length = Math.hypot(...values);
    rows.set(values.map((value) => value / length), i * dims);
  }
  return { chunks, matrix: { dims, rows, chunkIds: chunks.map(({ id }) => id) } };
}

export function infoOf(name: string, functions: number, of = model): RepositoryInfo {
  return { name, tool: '0.0.0', model: of, functions, files: 5, lines: 10 * functions };
}

/** Writes toy functions as a repository; gives its packs. */
export async function putToy(store: VectorStore, name: string, count: number, seed = 1): Promise<readonly Pack[]> {
  const { chunks, matrix } = toyFunctions(count, seed);
  const packs = [...buildPacks(chunks, matrix)];
  await store.put(infoOf(name, count), packs);
  await store.settle();
  return packs;
}

/** Numbers in [0, 1): mulberry32. */
export function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
