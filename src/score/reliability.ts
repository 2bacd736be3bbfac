/** A forecast and what came of it. */
export interface Forecast { readonly probability: number; readonly label: number; readonly weight: number }

/** One bin of a reliability diagram: mean forecast, share of clones, and weight. */
export interface ReliabilityBin { readonly from: number; readonly to: number; readonly forecast: number; readonly observed: number; readonly weight: number }

/** Brier score (Brier 1950): weighted mean of (probability − label)², 0 best, 0.25 for a coin. */
export function brierScore(forecasts: readonly Forecast[]): number {
  const total = forecasts.reduce((sum, { weight }) => sum + weight, 0);
  return forecasts.reduce((sum, { probability, label, weight }) => sum + weight * (probability - label) ** 2, 0) / total;
}

/** Reliability diagram over equal bins of [0, 1]; empty bins are left out. */
export function reliability(forecasts: readonly Forecast[], bins = 10): ReliabilityBin[] {
  return Array.from({ length: bins }, (_, bin) => {
    const own = forecasts.filter(({ probability }) => Math.min(bins - 1, Math.floor(probability * bins)) === bin);
    const weight = own.reduce((sum, one) => sum + one.weight, 0);
    const mean = (of: (one: Forecast) => number): number => own.reduce((sum, one) => sum + one.weight * of(one), 0) / weight;
    return { from: bin / bins, to: (bin + 1) / bins, forecast: mean((one) => one.probability), observed: mean((one) => one.label), weight };
  }).filter(({ weight }) => weight > 0);
}

/** Lowest forecast at or above which the weighted precision is at least the target; 1 when none is. */
export function thresholdFor(forecasts: readonly Forecast[], precision: number): number {
  const sorted = forecasts.toSorted((x, y) => y.probability - x.probability);
  let right = 0;
  let called = 0;
  let found = 1;
  for (const [i, { probability, label, weight }] of sorted.entries()) {
    called += weight;
    right += weight * label;
    if (sorted[i + 1]?.probability !== probability && right / called >= precision) found = probability;
  }
  return found;
}
