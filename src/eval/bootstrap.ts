/** A mean with its 95 % percentile bootstrap interval (Efron 1979), all in the unit of the values. */
export interface Interval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly count: number;
}

/** Resamples `values` with replacement; seeded, so that the same values give the same interval. */
export function bootstrapMean(values: readonly number[], resamples = 1000, seed = 1): Interval {
  const count = values.length;
  const mean = average(values);
  if (count < 2) return { mean, low: mean, high: mean, count };
  const random = mulberry32(seed);
  const means = Array.from({ length: resamples }, () => {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += values[Math.floor(random() * count)] ?? 0;
    return sum / count;
  }).toSorted((x, y) => x - y);
  return { mean, ...middle(means, mean), count };
}

/** The middle 95 % of resampled values, ascending; `otherwise` where there are none. */
export function middle(sorted: readonly number[], otherwise: number): { readonly low: number; readonly high: number } {
  const at = (q: number): number => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? otherwise;
  return { low: at(0.025), high: at(0.975) };
}

const average = (values: readonly number[]): number =>
  values.length === 0 ? Number.NaN : values.reduce((sum, value) => sum + value, 0) / values.length;

/** Uniform random numbers: Mulberry32 (Tommy Ettinger, public domain): 32-bit state, uniform in [0, 1). */
export function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
