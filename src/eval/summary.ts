import type { Interval } from './bootstrap.ts';
import { bootstrapMean } from './bootstrap.ts';
import type { RetrievalRow } from './dataset.ts';
import type { OperatingPoint, PairMetrics, ScoredLabel } from './pairs.ts';
import { operatingPoint, pairMetrics } from './pairs.ts';
import { scoreRetrieval, viewsOf } from './retrieval.ts';
import type { RowSimilarity } from './similarity.ts';

/** Scores of one model on one view of a dataset, each in [0, 1] with a 95 % bootstrap interval over queries. */
export interface ViewSummary {
  readonly view: string;
  readonly queries: number;
  readonly mapAtR: Interval;
  readonly mrr: Interval;
  readonly precisionAt1: Interval;
}

/** How one model did on one dataset. */
export interface EvalResult {
  readonly dataset: string;
  readonly model: { readonly id: string; readonly revision: string; readonly device: string; readonly dims: number; readonly instruction: string };
  readonly masked: 'none' | 'definitions' | 'all';
  readonly rows: number;
  readonly seconds: number;
  readonly views?: readonly ViewSummary[];
  readonly pairs?: PairMetrics & { readonly byCosine: PairMetrics; readonly atDefault: OperatingPoint };
}

/** Scores of a retrieval dataset in all its views; views without a query are left out. */
export function summariseRetrieval(similarity: RowSimilarity, rows: readonly RetrievalRow[]): ViewSummary[] {
  const views = viewsOf(rows);
  const scores = scoreRetrieval(similarity, rows, views);
  return views.flatMap(({ name }, v) => {
    const queries = scores[v] ?? [];
    if (queries.length === 0) return [];
    return [{
      view: name, queries: queries.length,
      mapAtR: bootstrapMean(queries.map((query) => query.apAtR)),
      mrr: bootstrapMean(queries.map((query) => query.reciprocalRank)),
      precisionAt1: bootstrapMean(queries.map((query) => query.precisionAt1)),
    }];
  });
}

/** Scores of a pair dataset by calibrated similarity and by cosine, and at a threshold on similarity. */
export function summarisePairs(bySimilarity: readonly ScoredLabel[], byCosine: readonly ScoredLabel[], threshold: number): NonNullable<EvalResult['pairs']> {
  return { ...pairMetrics(bySimilarity), byCosine: pairMetrics(byCosine), atDefault: operatingPoint(bySimilarity, threshold) };
}
