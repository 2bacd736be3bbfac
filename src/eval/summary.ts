import type { Interval } from './bootstrap.ts';
import { bootstrapMean } from './bootstrap.ts';
import type { RetrievalRow } from './dataset.ts';
import type { OperatingPoint, PairIntervals, PairMetrics, ScoredLabel } from './pairs.ts';
import { operatingPoint, pairIntervals, pairMetrics } from './pairs.ts';
import { ARROW, scoreRetrieval, viewsOf } from './retrieval.ts';
import type { Similarity } from './similarity.ts';

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
  /** Queries were written as such, documents without the instruction. */
  readonly asQueries?: true;
  readonly masked: 'none' | 'definitions' | 'all';
  readonly rows: number;
  /** Texts the model was run on (the others came from the cache), and the time that took. */
  readonly embedded: number;
  readonly seconds: number;
  readonly views?: readonly ViewSummary[];
  /** MAP@R of queries in the row's language against candidates in the column's; null where there are no queries. */
  readonly byLanguage?: { readonly languages: readonly string[]; readonly mapAtR: readonly (readonly (number | null)[])[] };
  /** Shares of triples in the right order, by what a scan would print and by cosine. */
  readonly triples?: { readonly bySimilarity: Interval; readonly byCosine: Interval };
  readonly pairs?: Scored & { readonly byCosine: Scored; readonly atDefault: OperatingPoint };
}
type Scored = PairMetrics & { readonly intervals: PairIntervals };

/** Scores of a retrieval dataset in all its views; views without a query are left out. */
export function summariseRetrieval(similarity: Similarity, rows: readonly RetrievalRow[]): ViewSummary[] {
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

/** The views of one language pair each as a square; undefined for a dataset of one language. */
export function languageMatrix(views: readonly ViewSummary[]): EvalResult['byLanguage'] {
  const pairs = new Map(views.flatMap(({ view, mapAtR }) => (view.includes(ARROW) ? [[view, mapAtR.mean] as const] : [])));
  const languages = [...new Set([...pairs.keys()].flatMap((pair) => pair.split(ARROW)))].toSorted();
  return languages.length === 0 ? undefined : { languages, mapAtR: languages.map((from) => languages.map((to) => pairs.get(from + ARROW + to) ?? null)) };
}

/** Scores of a pair dataset by calibrated similarity and by cosine, and at a threshold on similarity. */
export function summarisePairs(bySimilarity: readonly ScoredLabel[], byCosine: readonly ScoredLabel[], threshold: number): NonNullable<EvalResult['pairs']> {
  const scored = (pairs: readonly ScoredLabel[]): Scored => ({ ...pairMetrics(pairs), intervals: pairIntervals(pairs) });
  return { ...scored(bySimilarity), byCosine: scored(byCosine), atDefault: operatingPoint(bySimilarity, threshold) };
}
