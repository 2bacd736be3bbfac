import type { Matrix } from '../../src/types.ts';
import { createRandom } from './random.ts';

/** What the vectors of real code look like: unrelated functions have a cosine of about 0.3, and a part comes in clone groups. */
const COMMON = 0.3;
const CLONE_SHARE = 0.25;
const LARGEST_GROUP = 200;
const IDENTICAL_SHARE = 0.1;

/**
 * `count` unit rows in which a quarter belong to clone groups of Zipf-like sizes (P(size ≥ s) = 2 / s, at most 200).
 * Members have pairwise cosines from 0.85 to 1, a tenth are bit-identical copies. Deterministic; rows are shuffled.
 */
export function generateVectors(count: number, dims: number, seed: number): Matrix {
  const random = createRandom(seed);
  const gaussian = createGaussian(random);
  const common = unit(Float32Array.from({ length: dims }, gaussian));
  const rows: Float32Array[] = [];
  while (rows.length < count) {
    const alone = random() < 1 - CLONE_SHARE / 6;
    const size = alone ? 1 : Math.min(LARGEST_GROUP, count - rows.length, Math.floor(2 / (1 - random())));
    const centre = around(common, Math.sqrt((1 - COMMON) / COMMON), gaussian);
    const spread = Math.sqrt(random() * 0.17);
    for (let i = 0; i < size; i++) {
      const copied = i > 0 && random() < IDENTICAL_SHARE;
      rows.push(copied ? (rows.at(-1) ?? centre) : around(centre, spread, gaussian));
    }
  }
  shuffle(rows, random);
  const flat = new Float32Array(count * dims);
  for (const [i, row] of rows.entries()) flat.set(row, i * dims);
  return { dims, rows: flat, chunkIds: rows.map((_, i) => `c${i}`) };
}

function around(centre: Float32Array, spread: number, gaussian: () => number): Float32Array {
  const scale = spread / Math.sqrt(centre.length);
  return unit(centre.map((x) => x + scale * gaussian()));
}

function unit(row: Float32Array): Float32Array {
  const length = Math.sqrt(row.reduce((sum, x) => sum + x * x, 0));
  return row.map((x) => x / length);
}

/** Box–Muller. */
function createGaussian(random: () => number): () => number {
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

function shuffle<T>(items: T[], random: () => number): void {
  for (let i = items.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [items[i], items[j]] = [items[j] as T, items[i] as T];
  }
}
