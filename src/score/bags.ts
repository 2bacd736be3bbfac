/** Elements two ascending multisets share, with multiplicity. */
export function sharedCount(a: Int32Array, b: Int32Array): number {
  let shared = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const x = a[i] as number;
    const y = b[j] as number;
    if (x === y) shared++;
    if (x <= y) i++;
    if (y <= x) j++;
  }
  return shared;
}

/** Dice coefficient of two ascending multisets in [0, 1]; `whenEmpty` if neither has an element. */
export function dice(a: Int32Array, b: Int32Array, whenEmpty: number): number {
  const total = a.length + b.length;
  return total === 0 ? whenEmpty : (2 * sharedCount(a, b)) / total;
}

/** Jaccard index of two ascending sets in [0, 1]; 0 if neither has an element. */
export function jaccard(a: Int32Array, b: Int32Array): number {
  const shared = sharedCount(a, b);
  const union = a.length + b.length - shared;
  return union === 0 ? 0 : shared / union;
}

/** Weight of the shared elements of two ascending sets over that of all, in [0, 1]; 0 if neither has an element. */
export function weightedJaccard(a: Int32Array, b: Int32Array, weights: readonly number[]): number {
  let [shared, all] = [0, 0];
  for (let i = 0, j = 0; i < a.length || j < b.length;) {
    const x = i < a.length ? (a[i] as number) : Number.MAX_SAFE_INTEGER;
    const y = j < b.length ? (b[j] as number) : Number.MAX_SAFE_INTEGER;
    const weight = weights[Math.min(x, y)] ?? 0;
    all += weight;
    if (x === y) shared += weight;
    if (x <= y) i++;
    if (y <= x) j++;
  }
  return all === 0 ? 0 : shared / all;
}
