/** Σ a_i b_i of rows `a` and `b`, summed in double from left to right: the same bits whatever search proposed the pair. */
export function dotRows(rows: Float32Array, dims: number, a: number, b: number): number {
  const x = a * dims;
  const y = b * dims;
  let sum = 0;
  for (let i = 0; i < dims; i++) sum += (rows[x + i] as number) * (rows[y + i] as number);
  return sum;
}

/** The same sum in four strands, which need not wait for each other: other last bits, three times as fast. */
export function fastDot(rows: Float32Array, dims: number, a: number, b: number): number {
  const x = a * dims;
  const y = b * dims;
  let [s, t, u, v] = [0, 0, 0, 0];
  let i = 0;
  for (; i + 3 < dims; i += 4) {
    s += (rows[x + i] as number) * (rows[y + i] as number);
    t += (rows[x + i + 1] as number) * (rows[y + i + 1] as number);
    u += (rows[x + i + 2] as number) * (rows[y + i + 2] as number);
    v += (rows[x + i + 3] as number) * (rows[y + i + 3] as number);
  }
  for (; i < dims; i++) s += (rows[x + i] as number) * (rows[y + i] as number);
  return s + t + u + v;
}

/**
 * By how much a product of two rows of about unit length may differ between float32 and double, whatever the order of
 * summation: |error| ≤ γ_d Σ|a_i b_i| ≤ γ_d with γ_d = d·u / (1 − d·u), u = 2⁻²⁴ (Higham 2002, §3.1), doubled.
 */
export function float32Slack(dims: number): number {
  return dims * 2 ** -23;
}
