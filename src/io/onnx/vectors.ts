/**
 * One vector of `dims` floats from a text's output: as it is, or [tokens, dims] pooled. The text's padding is not part
 * of it, so every position counts: `mean` over all, `cls` the first, `last` the last, `max` the greatest of each column.
 */
export function pool(output: Float32Array, dims: number, pooling: 'none' | 'mean' | 'cls' | 'last' | 'max'): Float32Array {
  if (pooling === 'none' || pooling === 'cls') return output.slice(0, dims);
  if (pooling === 'last') return output.slice(output.length - dims);
  const tokens = output.length / dims;
  if (pooling === 'max') return Float32Array.from({ length: dims }, (_, column) => columnMax(output, dims, column));
  const sums = new Float64Array(dims);
  for (let at = 0; at < output.length; at++) sums[at % dims] = (sums[at % dims] ?? 0) + (output[at] ?? 0);
  return Float32Array.from(sums, (sum) => sum / tokens);
}

function columnMax(output: Float32Array, dims: number, column: number): number {
  let max = -Infinity;
  for (let at = column; at < output.length; at += dims) max = Math.max(max, output[at] ?? -Infinity);
  return max;
}

/** Writes the first `target.length` floats of `vector` at unit length (L2) into `target`, which may be the same array; false if it has none. */
export function normalizeInto(target: Float32Array, vector: Float32Array): boolean {
  let squares = 0;
  for (let at = 0; at < target.length; at++) squares += (vector[at] ?? 0) ** 2;
  const norm = Math.sqrt(squares);
  if (!(norm > 0) || !Number.isFinite(norm)) return false;
  for (let at = 0; at < target.length; at++) target[at] = (vector[at] ?? 0) / norm;
  return true;
}
