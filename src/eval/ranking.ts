/** How a query's positives stand among the other rows, whatever view they are looked at in. */
export interface Ranking {
  /** Kinds of the positives, most alike first. */
  readonly positives: readonly number[];
  /** At `kind * size + k`: rows of that kind that are no positives and come between positive k - 1 and positive k. */
  readonly before: Int32Array;
  readonly size: number;
}

export interface RankingInput {
  /** Rows that are right. */
  readonly positives: readonly number[];
  /** Per row; -1 stands for none. */
  readonly kinds: Int32Array;
  readonly taskOf: Int32Array;
  readonly families: Int32Array;
  readonly accepted: { readonly length: number };
}

/** Counts instead of sorting: a pool has tens of thousands of rows, a query a few positives. Ties go by row order. */
export function rankQuery(query: number, similarity: Float64Array, { positives, kinds, taskOf, families, accepted }: RankingInput): Ranking {
  const order = positives.toSorted((x, y) => (similarity[y] ?? 0) - (similarity[x] ?? 0) || x - y);
  const scores = Float64Array.from(order, (row) => similarity[row] ?? 0);
  const size = order.length;
  const before = new Int32Array(accepted.length * size);
  const [task, family] = [taskOf[query], families[query]];
  const least = scores[size - 1] ?? Infinity;
  for (let row = 0; row < similarity.length; row++) {
    const score = similarity[row] as number;
    if (score < least || taskOf[row] === task || (family !== -1 && families[row] === family)) continue;
    const place = placeOf(score, row, scores, order);
    const at = (kinds[row] as number) * size + place;
    if (place < size) before[at] = (before[at] as number) + 1;
  }
  return { positives: order.map((row) => kinds[row] ?? 0), before, size };
}

/** Number of positives that come before a row. */
function placeOf(score: number, row: number, scores: Float64Array, order: readonly number[]): number {
  let [least, most] = [0, scores.length];
  while (least < most) {
    const middle = (least + most) >> 1;
    const other = scores[middle] as number;
    if (other > score || (other === score && (order[middle] as number) < row)) least = middle + 1;
    else most = middle;
  }
  return least;
}
