import Table from 'cli-table3';
import type { Interval } from './bootstrap.ts';
import type { EvalResult, ViewSummary } from './summary.ts';

const MAIN_VIEWS = new Set(['all', 'same-language', 'cross-language', 'other-source']);
const plain = { head: [], border: [] };

/** Scores for people: one block a dataset, one row a model and view; percentages with their 95 % interval. */
export function evalTable(results: readonly EvalResult[], byLanguage: boolean): string {
  const datasets = [...new Set(results.map((result) => result.dataset))];
  return datasets.map((dataset) => {
    const own = results.filter((result) => result.dataset === dataset);
    const parts = [own.some(({ views }) => views) ? retrievalTable(own) : pairTable(own)];
    if (byLanguage) parts.push(...own.flatMap((result) => languageTable(result)));
    return `${dataset} (${own[0]?.rows ?? 0} rows)\n${parts.join('\n')}\n`;
  }).join('\n');
}

function retrievalTable(results: readonly EvalResult[]): string {
  const table = new Table({ head: ['model', 'names', 'view', 'queries', 'MAP@R', 'MRR', 'P@1', 'seconds'], style: plain });
  for (const result of results) {
    for (const view of result.views ?? []) {
      if (!MAIN_VIEWS.has(view.view)) continue;
      table.push([result.model.id, names(result), view.view, view.queries, percent(view.mapAtR), percent(view.mrr), percent(view.precisionAt1), result.seconds.toFixed(1)]);
    }
  }
  return table.toString();
}

function pairTable(results: readonly EvalResult[]): string {
  const table = new Table({
    head: ['model', 'names', 'score', 'pairs', 'AUC', 'AP', 'best F1', 'R@P90', 'R@P99', 'at default: P / R / F1'], style: plain,
  });
  for (const { model, pairs, ...result } of results) {
    if (pairs === undefined) continue;
    const { atDefault: at } = pairs;
    for (const [score, metrics] of [['similarity', pairs], ['cosine', pairs.byCosine]] as const) {
      table.push([
        model.id, names(result), score, pairs.pairs, one(metrics.auc), one(metrics.averagePrecision), one(metrics.bestF1),
        one(metrics.recallAtPrecision90), one(metrics.recallAtPrecision99),
        score === 'similarity' ? `${one(at.precision)} / ${one(at.recall)} / ${one(at.f1)} at ${at.threshold}` : '',
      ]);
    }
  }
  return table.toString();
}

/** MAP@R of queries in the row's language against candidates in the column's. */
function languageTable({ model, views = [], ...result }: EvalResult): string[] {
  const pairs = new Map(views.filter(({ view }) => view.includes(' → ')).map((view) => [view.view, view] as const));
  const languages = [...new Set([...pairs.keys()].flatMap((pair) => pair.split(' → ')))].toSorted();
  if (languages.length === 0) return [];
  const table = new Table({ head: [`${model.id}, ${names(result)}`, ...languages], style: plain });
  for (const from of languages) table.push([from, ...languages.map((to) => cell(pairs.get(`${from} → ${to}`)))]);
  return [table.toString()];
}

const cell = (view: ViewSummary | undefined): string => (view === undefined ? '' : one(view.mapAtR.mean));
const names = ({ masked }: Pick<EvalResult, 'masked'>): string => (masked === 'none' ? 'kept' : `${masked} masked`);
const one = (share: number): string => (100 * share).toFixed(1);
const percent = ({ mean, low, high }: Interval): string => `${one(mean)} [${one(low)}, ${one(high)}]`;
