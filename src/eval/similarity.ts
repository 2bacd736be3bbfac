import type { Matrix } from '../types.ts';

/** For each query row asked for, its similarity to every row. */
export type Similarity = (queries: readonly number[]) => readonly Float64Array[];

/** Queries computed in one pass over the rows: each row is loaded once for all of them. */
const TOGETHER = 4;

/**
 * Cosine of L2-normalised rows, summed in double. `asked`: vectors of the rows as queries (`dims` floats each), where a
 * model writes queries another way than documents.
 */
export function denseSimilarity({ rows, dims, chunkIds }: Matrix, asked: Float32Array = rows): Similarity {
  return (queries) => {
    const out = queries.map(() => new Float64Array(chunkIds.length));
    for (let first = 0; first < queries.length; first += TOGETHER) {
      // a last group that is not full repeats its last query
      const group = Array.from({ length: TOGETHER }, (_, i) => Math.min(first + i, queries.length - 1));
      const vectors = group.map((i) => Float64Array.from(asked.subarray((queries[i] ?? 0) * dims, ((queries[i] ?? 0) + 1) * dims)));
      dots(rows, vectors, group.map((i) => out[i] ?? new Float64Array()));
    }
    return out;
  };
}

/** Vectors in double already: the processor converts a row's number once for all of them. */
function dots(rows: Float32Array, vectors: readonly Float64Array[], out: readonly Float64Array[]): void {
  const [v0, v1, v2, v3] = vectors;
  const [o0, o1, o2, o3] = out;
  if (!v0 || !v1 || !v2 || !v3 || !o0 || !o1 || !o2 || !o3) return;
  const dims = v0.length;
  for (let i = 0, at = 0; i < o0.length; i++) {
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    for (let d = 0; d < dims; d++) {
      const value = rows[at++] as number;
      s0 += value * (v0[d] as number);
      s1 += value * (v1[d] as number);
      s2 += value * (v2[d] as number);
      s3 += value * (v3[d] as number);
    }
    o0[i] = s0;
    o1[i] = s1;
    o2[i] = s2;
    o3[i] = s3;
  }
}
