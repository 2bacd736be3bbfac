import type { AnnFactory, Matrix } from '../../src/types.ts';

/** Rows scaled to unit length, `c0`, `c1` … as ids. */
export function toMatrix(rows: readonly (readonly number[])[]): Matrix {
  const dims = rows[0]?.length ?? 1;
  const flat = Float32Array.from(rows.flatMap((row) => {
    const length = Math.hypot(...row) || 1;
    return row.map((x) => x / length);
  }));
  return { dims, rows: flat, chunkIds: rows.map((_, i) => `c${i}`) };
}

/** `classes` directions with members scattered around them: cosines inside a class near 1 − spread². */
export function clusteredRows(random: () => number, sizes: readonly number[], dims: number, spread: number): number[][] {
  const direction = (): number[] => {
    const row = Array.from({ length: dims }, () => random() - 0.5);
    const length = Math.hypot(...row);
    return row.map((x) => x / length);
  };
  return sizes.flatMap((size) => {
    const centre = direction();
    return Array.from({ length: size }, () => {
      const noise = direction();
      return centre.map((x, i) => x + spread * (noise[i] as number));
    });
  });
}

/** Pairs `a-b` with cosine ≥ floor by the plain definition, at a margin from the floor that rounding cannot cross. */
export function naivePairs({ rows, dims, chunkIds }: Matrix, floor: number): Map<string, number> {
  const pairs = new Map<string, number>();
  const dot = (a: number, b: number): number => {
    let sum = 0;
    for (let i = 0; i < dims; i++) sum += (rows[a * dims + i] as number) * (rows[b * dims + i] as number);
    return sum;
  };
  for (let a = 0; a < chunkIds.length; a++) {
    for (let b = a + 1; b < chunkIds.length; b++) {
      const cosine = dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
      if (cosine >= floor) pairs.set(`${a}-${b}`, cosine);
    }
  }
  return pairs;
}

/** An index that looks at every row: a complete second implementation of the port, and a log of the k asked for. */
export function createBruteForce(asked: number[] = []): AnnFactory {
  return async () => {
    const rows: (readonly [number, Float32Array])[] = [];
    return {
      add: (row, vector) => void rows.push([row, vector.slice()]),
      search(vector, k) {
        asked.push(k);
        const hits = rows.map(([row, other]) => [row, other.reduce((sum, x, i) => sum + x * (vector[i] as number), 0)] as const)
          .toSorted((x, y) => y[1] - x[1] || x[0] - y[0]).slice(0, k);
        return { rows: hits.map(([row]) => row), cosines: hits.map(([, cosine]) => cosine) };
      },
    };
  };
}
