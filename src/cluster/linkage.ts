import type { Sums } from './sums.ts';

/**
 * Average linkage (UPGMA) cut at `bound` > 0: two clusters are joined while the mean similarity over all their cross
 * pairs, missing pairs counting as 0, is at least `bound`. Nearest-neighbour chain (Murtagh, "A survey of recent
 * advances in hierarchical clustering algorithms", 1983): about three looks at a row per item; ties go to the lower
 * item, so that the order of what was stored does not matter.
 *
 * @param weights functions that each item stands for; consumed
 * @param sums similarity × weights of two items; consumed
 * @returns clusters with ascending items, singletons too, by their first item
 */
export function averageLinkage(weights: Float64Array, sums: Sums, bound: number): number[][] {
  const clusters = Array.from(weights, (_, item): number[] => [item]);

  const nearest = (item: number, previous: number): number => {
    let best = -1;
    let bestMean = bound;
    const own = weights[item] ?? 1;
    sums.visit(item, (other, sum) => {
      const mean = sum / (own * (weights[other] as number));
      if (mean < bestMean) return;
      if (best !== -1 && mean === bestMean && (best === previous || (other !== previous && other > best))) return;
      best = other;
      bestMean = mean;
    });
    return best;
  };

  const join = (x: number, y: number): number => {
    const into = Math.min(x, y);
    const from = Math.max(x, y);
    sums.join(into, from);
    weights[into] = (weights[into] ?? 0) + (weights[from] ?? 0);
    clusters[into]?.push(...(clusters[from] ?? []));
    clusters[from] = [];
    return into;
  };

  for (const [start, members] of clusters.entries()) {
    const chain = members.length > 0 ? [start] : [];
    for (let tip = chain.at(-1); tip !== undefined; tip = chain.at(-1)) {
      const previous = chain.at(-2) ?? -1;
      const next = nearest(tip, previous);
      if (next === -1) chain.pop();
      else if (next !== previous) chain.push(next);
      else {
        chain.length -= 2;
        const joined = join(tip, next);
        if (chain.length === 0) chain.push(joined);
      }
    }
  }
  return clusters.filter(({ length }) => length > 0).map((cluster) => cluster.toSorted((x, y) => x - y));
}
