/** Σ a_i b_i of rows `a` and `b`, summed in double from left to right: the same bits whatever search proposed the pair. */
export function dotRows(rows: Float32Array, dims: number, a: number, b: number): number {
  const x = a * dims;
  const y = b * dims;
  let sum = 0;
  for (let i = 0; i < dims; i++) sum += (rows[x + i] as number) * (rows[y + i] as number);
  return sum;
}

/**
 * By how much a product of two rows of about unit length may differ between float32 and double, whatever the order of
 * summation: |error| ≤ γ_d Σ|a_i b_i| ≤ γ_d with γ_d = d·u / (1 − d·u), u = 2⁻²⁴ (Higham 2002, §3.1), doubled.
 */
export function float32Slack(dims: number): number {
  return dims * 2 ** -23;
}
