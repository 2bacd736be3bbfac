import type { RetrievalRow } from './dataset.ts';
import type { RowSimilarity } from './similarity.ts';

/** Scores of one query: average precision at R, reciprocal rank, and precision at 1, each in [0, 1]. */
export interface QueryScore {
  readonly row: number;
  readonly apAtR: number;
  readonly reciprocalRank: number;
  readonly precisionAt1: number;
}

/** One way to look at a dataset: which rows a query is ranked against, e.g. those of its own language. */
export interface View {
  readonly name: string;
  accepts(query: RetrievalRow, row: RetrievalRow): boolean;
}

const JS_FAMILY = new Set(['javascript', 'typescript', 'tsx', 'jsx']);
/** Languages that are one for retrieval: TypeScript against JavaScript is no translation. */
export const languageGroup = (lang: string): string => (JS_FAMILY.has(lang) ? 'js/ts' : lang);

const sameLanguage = (x: RetrievalRow, y: RetrievalRow): boolean => languageGroup(x.lang) === languageGroup(y.lang);

/** The standard views, and one for each ordered pair of language groups in the dataset. */
export function viewsOf(rows: readonly RetrievalRow[]): View[] {
  const groups = [...new Set(rows.map((row) => languageGroup(row.lang)))].toSorted();
  const views: View[] = [{ name: 'all', accepts: () => true }];
  if (groups.length > 1) {
    views.push({ name: 'same-language', accepts: sameLanguage }, { name: 'cross-language', accepts: (x, y) => !sameLanguage(x, y) });
  }
  if (new Set(rows.map((row) => row.source)).size > 1) views.push({ name: 'other-source', accepts: (x, y) => x.source !== y.source });
  if (groups.length === 1) return views;
  return [...views, ...groups.flatMap((from) => groups.map((to) => ({
    name: `${from} → ${to}`,
    accepts: (x: RetrievalRow, y: RetrievalRow) => languageGroup(x.lang) === from && languageGroup(y.lang) === to,
  })))];
}

/**
 * Ranks every row against the others by similarity and scores it in every view. MAP@R as in CodeXGLUE's POJ-104
 * (Lu et al. 2021): R is the number of positives of the query, AP is summed over the first R ranks and divided by R.
 * Rows of the query's family but another task are neither right nor wrong: they are left out of the ranking.
 * Queries without a positive in a view are not scored there. Ties are broken by row order.
 */
export function scoreRetrieval(similarity: RowSimilarity, rows: readonly RetrievalRow[], views: readonly View[]): QueryScore[][] {
  const sizes = new Map<string, number>();
  for (const { task } of rows) sizes.set(task, (sizes.get(task) ?? 0) + 1);
  const scores = views.map((): QueryScore[] => []);
  for (const [q, query] of rows.entries()) {
    if ((sizes.get(query.task) ?? 0) < 2) continue;
    const row = similarity(q);
    const ranked = rows.map((_, i) => i).filter((i) => i !== q && isJudged(query, rows[i]))
      .toSorted((x, y) => (row[y] ?? 0) - (row[x] ?? 0) || x - y);
    for (const [v, view] of views.entries()) {
      const hits = ranked.flatMap((i) => {
        const candidate = rows[i];
        return candidate !== undefined && view.accepts(query, candidate) ? [candidate.task === query.task] : [];
      });
      const score = scoreRanking(hits);
      if (score !== undefined) scores[v]?.push({ row: q, ...score });
    }
  }
  return scores;
}

function isJudged(query: RetrievalRow, row: RetrievalRow | undefined): boolean {
  return row !== undefined && (row.task === query.task || query.family === undefined || row.family !== query.family);
}

function scoreRanking(hits: readonly boolean[]): Omit<QueryScore, 'row'> | undefined {
  const positives = hits.filter(Boolean).length;
  if (positives === 0) return undefined;
  let found = 0;
  let sum = 0;
  for (let rank = 0; rank < positives; rank++) {
    if (hits[rank] !== true) continue;
    found++;
    sum += found / (rank + 1);
  }
  const first = hits.indexOf(true);
  return { apAtR: sum / positives, reciprocalRank: 1 / (first + 1), precisionAt1: first === 0 ? 1 : 0 };
}
