import type { RetrievalRow } from './dataset.ts';
import { rankQuery, type Ranking } from './ranking.ts';
import type { Similarity } from './similarity.ts';

/** Scores of one query: average precision at R, reciprocal rank, and precision at 1, each in [0, 1]. */
export interface QueryScore {
  readonly row: number;
  readonly apAtR: number;
  readonly reciprocalRank: number;
  readonly precisionAt1: number;
}

/** One way to look at a dataset: which rows a query is ranked against; decided by language and source alone. */
export interface View {
  readonly name: string;
  accepts(query: RetrievalRow, row: RetrievalRow): boolean;
}

/** Between the two languages in the name of a view. */
export const ARROW = ' → ';

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
    name: from + ARROW + to,
    accepts: (x: RetrievalRow, y: RetrievalRow) => languageGroup(x.lang) === from && languageGroup(y.lang) === to,
  })))];
}

/** Queries whose similarities are held at once. */
const BLOCK = 32;

/**
 * Ranks every row against the others by similarity and scores it in every view. MAP@R as in CodeXGLUE's POJ-104
 * (Lu et al. 2021): R is the number of positives of the query, AP is summed over the first R ranks and divided by R.
 * Rows of the query's family but another task are neither right nor wrong: they are left out of the ranking.
 * Queries without a positive in a view are not scored there. Ties are broken by row order.
 */
export function scoreRetrieval(similarity: Similarity, rows: readonly RetrievalRow[], views: readonly View[]): QueryScore[][] {
  const index = indexRows(rows, views);
  const scores = views.map((): QueryScore[] => []);
  const queries = rows.flatMap((row, q) => ((index.tasks.get(row.task)?.length ?? 0) > 1 ? [q] : []));
  for (let start = 0; start < queries.length; start += BLOCK) {
    const block = queries.slice(start, start + BLOCK);
    for (const [i, row] of similarity(block).entries()) {
      const q = block[i] ?? 0;
      const ranking = rankQuery(q, row, { ...index, positives: (index.tasks.get(rows[q]?.task ?? '') ?? []).filter((other) => other !== q) });
      for (const [v, kinds] of (index.accepted[index.kinds[q] ?? 0] ?? []).entries()) {
        const score = scoreView(ranking, kinds);
        if (score !== undefined) scores[v]?.push({ row: q, ...score });
      }
    }
  }
  return scores;
}

/** Kinds of rows that a view accepts, as a list and as flags. */
interface AcceptedKinds { readonly has: Uint8Array; readonly list: readonly number[] }

/** Rows of one language and source are of one kind: a view accepts all of them or none. */
function indexRows(rows: readonly RetrievalRow[], views: readonly View[]) {
  const kinds = numbered(rows.map(({ lang, source }) => JSON.stringify([lang, source])));
  const examples = new Map(rows.map((row, i) => [kinds[i] ?? 0, row] as const));
  const tasks = new Map<string, number[]>();
  for (const [i, { task }] of rows.entries()) {
    const members = tasks.get(task);
    if (members) members.push(i);
    else tasks.set(task, [i]);
  }
  const accepted = Array.from({ length: examples.size }, (_, kind): readonly AcceptedKinds[] => views.map((view) => {
    const query = examples.get(kind);
    const has = Uint8Array.from({ length: examples.size }, (_, other) => {
      const row = examples.get(other);
      return query !== undefined && row !== undefined && view.accepts(query, row) ? 1 : 0;
    });
    return { has, list: [...has.keys()].filter((other) => has[other] === 1) };
  }));
  const families = numbered(rows.map(({ family }) => family));
  return { tasks, kinds, accepted, families, taskOf: numbered(rows.map(({ task }) => task)) };
}

/** A number for each distinct name, from 0 in order of appearance; -1 for none. */
function numbered(names: readonly (string | undefined)[]): Int32Array {
  const numbers = new Map<string, number>();
  return Int32Array.from(names, (name) => {
    if (name === undefined) return -1;
    const number = numbers.get(name) ?? numbers.size;
    numbers.set(name, number);
    return number;
  });
}

function scoreView({ positives, before, size }: Ranking, { has, list }: AcceptedKinds): Omit<QueryScore, 'row'> | undefined {
  const relevant = positives.filter((kind) => has[kind] === 1).length;
  if (relevant === 0) return undefined;
  let [others, found, sum, first] = [0, 0, 0, 0];
  for (const [k, kind] of positives.entries()) {
    for (const other of list) others += before[other * size + k] ?? 0;
    if (has[kind] !== 1) continue;
    const rank = others + ++found;
    if (found === 1) first = rank;
    if (rank <= relevant) sum += found / rank;
  }
  return { apAtR: sum / relevant, reciprocalRank: 1 / first, precisionAt1: first === 1 ? 1 : 0 };
}
