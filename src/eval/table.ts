import Table from 'cli-table3';
import type { Interval } from './bootstrap.ts';
import { instructionPresets } from '../embed/instruction.ts';
import type { EvalResult } from './summary.ts';

const MAIN_VIEWS = new Set(['all', 'same-language', 'cross-language', 'other-source']);
const plain = { head: [], border: [] };

/** Scores for people: one block a dataset, one row a model and view; percentages with their 95 % interval. */
export function evalTable(results: readonly EvalResult[], byLanguage: boolean): string {
  const datasets = [...new Set(results.map((result) => result.dataset))];
  return datasets.map((dataset) => {
    const own = results.filter((result) => result.dataset === dataset);
    const parts = [own.some(({ views }) => views) ? retrievalTable(own) : own.some(({ triples }) => triples) ? tripleTable(own) : pairTable(own)];
    if (byLanguage) parts.push(...own.flatMap((result) => languageTable(result)));
    return `${dataset} (${own[0]?.rows ?? 0} rows)\n${parts.join('\n')}\n`;
  }).join('\n');
}

function retrievalTable(results: readonly EvalResult[]): string {
  const table = new Table({ head: ['model', 'instruction', 'names', 'view', 'queries', 'MAP@R', 'MRR', 'P@1', 'texts/s'], style: plain });
  for (const result of results) {
    for (const view of result.views ?? []) {
      if (!MAIN_VIEWS.has(view.view)) continue;
      table.push([result.model.id, instructionOf(result), names(result), view.view, view.queries, percent(view.mapAtR), percent(view.mrr), percent(view.precisionAt1), speed(result)]);
    }
  }
  return table.toString();
}

function pairTable(results: readonly EvalResult[]): string {
  const table = new Table({
    head: ['model', 'instruction', 'names', 'score', 'pairs', 'AUC', 'AP', 'best F1', 'R@P90', 'R@P99', 'at default: P / R / F1', 'texts/s'], style: plain,
  });
  for (const result of results) {
    const { model, pairs } = result;
    if (pairs === undefined) continue;
    const { atDefault: at } = pairs;
    for (const [score, metrics] of [['similarity', pairs], ['cosine', pairs.byCosine]] as const) {
      table.push([
        model.id, instructionOf(result), names(result), score, pairs.pairs, bounded(metrics, 'auc'), bounded(metrics, 'averagePrecision'), bounded(metrics, 'bestF1'),
        bounded(metrics, 'recallAtPrecision90'), bounded(metrics, 'recallAtPrecision99'),
        score === 'similarity' ? `${one(at.precision)} / ${one(at.recall)} / ${one(at.f1)} at ${at.threshold}` : '', speed(result),
      ]);
    }
  }
  return table.toString();
}

function tripleTable(results: readonly EvalResult[]): string {
  const table = new Table({ head: ['model', 'instruction', 'names', 'score', 'in the right order', 'texts/s'], style: plain });
  for (const result of results) {
    if (result.triples === undefined) continue;
    for (const [score, share] of [['similarity', result.triples.bySimilarity], ['cosine', result.triples.byCosine]] as const) {
      table.push([result.model.id, instructionOf(result), names(result), score, percent(share), speed(result)]);
    }
  }
  return table.toString();
}

/** MAP@R of queries in the row's language against candidates in the column's. */
function languageTable(result: EvalResult): string[] {
  if (result.byLanguage === undefined) return [];
  const { languages, mapAtR } = result.byLanguage;
  const table = new Table({ head: [`${result.model.id}, ${names(result)}`, ...languages], style: plain });
  for (const [row, from] of languages.entries()) table.push([from, ...(mapAtR[row] ?? []).map((score) => (score === null ? '' : `${one(score)} ${shade(score)}`))]);
  return [table.toString()];
}

/** A heat map needs no colour: nothing to full in five steps. */
const shade = (share: number): string => ' ░▒▓█'[Math.min(4, Math.floor(share * 5))] ?? '';

const SHOWN = 24;

/** The name of a preset, or the beginning of a text. */
function instructionOf({ model: { instruction }, asQueries }: EvalResult): string {
  if (asQueries) return 'search';
  const preset = Object.entries(instructionPresets).find(([, text]) => text === instruction);
  return preset?.[0] ?? (instruction.length > SHOWN ? `${instruction.slice(0, SHOWN)}…` : instruction);
}

/** Nothing where the cache answered. */
const speed = ({ embedded, seconds }: EvalResult): string => (embedded === 0 ? '' : (embedded / seconds).toFixed(1));

type Metrics = NonNullable<EvalResult['pairs']>['byCosine'];
const bounded = (metrics: Metrics, name: keyof Metrics['intervals']): string => percent({ mean: metrics[name], ...metrics.intervals[name] });
const names = ({ masked }: Pick<EvalResult, 'masked'>): string => (masked === 'none' ? 'kept' : `${masked} masked`);
const one = (share: number): string => (100 * share).toFixed(1);
const percent = ({ mean, low, high }: Omit<Interval, 'count'>): string => `${one(mean)} [${one(low)}, ${one(high)}]`;
