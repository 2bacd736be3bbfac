import Table from 'cli-table3';
import { count, percent, typeWords } from '../messages.ts';
import { escapeText } from '../report/escape.ts';
import type { Painter } from '../report/options.ts';
import { shortenEnd, shortenMiddle } from '../report/width.ts';
import type { CloneType } from '../types.ts';
import type { ComparedFile, ComparedPair, ComparedTree, Comparison } from './schema.ts';

export interface RenderOptions {
  readonly width: number;
  readonly paint: Painter;
  /** Pairs and files shown of each kind; 0 for all. */
  readonly top: number;
}

/** The comparison for people. */
export function renderComparison(comparison: Comparison, options: RenderOptions): string {
  const { a, b, pairs, files } = comparison;
  const parts = [head(comparison, options)];
  if (pairs.length === 0) parts.push(options.paint('green', 'No function of one tree is like one of the other.'));
  else {
    parts.push(pairTable(pairs, options));
    parts.push(fileTable(`Files of ${escapeText(a.name)}`, files.a, options), fileTable(`Files of ${escapeText(b.name)}`, files.b, options));
  }
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function head({ a, b, threshold, purpose, ignoreCommon, pairs, filtered }: Comparison, { paint }: RenderOptions): string {
  const found = (one: ComparedTree, other: ComparedTree): string =>
    `${paint('bold', percent(one.functionShare))} of the functions and ${paint('bold', percent(one.lineShare))} of the lines of ${escapeText(one.name)} are found in ${escapeText(other.name)}`
    + ` (${one.functionsFound} of ${count(one.functions, 'function')}, ${one.linesFound} of ${count(one.lines, 'line')})`;
  const left = (one: ComparedTree): string[] => [
    ...(one.common > 0 ? [`${count(one.common, 'function')} of ${escapeText(one.name)} left out as common`] : []),
    ...(one.trivial > 0 ? [`${count(one.trivial, 'trivial function')} of ${escapeText(one.name)} left out`] : []),
  ];
  const rules = Object.entries(filtered).map(([rule, n]) => `${count(n, 'pair')} left out by rule ${rule}`);
  const facts = [
    `threshold ${threshold}${purpose === 'default' ? '' : ` (${purpose})`}`, count(pairs.length, 'pair'),
    ...(ignoreCommon.length > 0 ? [`common: ${ignoreCommon.map(escapeText).join(', ')}`] : []), ...left(a), ...left(b), ...rules,
  ];
  return [found(a, b), found(b, a), paint('dim', `${facts.join('; ')}.`)].join('\n');
}

/** Columns that borders and padding take of a table. */
function frame(columns: number): number {
  return 3 * columns + 1;
}

function pairTable(pairs: readonly ComparedPair[], { width, paint, top }: RenderOptions): string {
  const shown = top === 0 ? pairs : pairs.slice(0, top);
  const side = Math.max(12, Math.floor((width - frame(4) - 5 - 14) / 2));
  const grid = newTable(['alike', 'how', 'a', 'b'], [5, 14, side, side]);
  for (const { a, b, similarity, type } of shown) {
    grid.push([paint('yellow', percent(similarity).padStart(5)), typeWords[type as CloneType], where(a, side), where(b, side)]);
  }
  return [paint('bold', 'Pairs'), grid.toString(), ...more(pairs.length - shown.length, 'pair')].join('\n');
}

function where({ path, startLine, endLine, name }: ComparedPair['a'], columns: number): string {
  const lines = `:${startLine}-${endLine}`;
  return `${shortenMiddle(escapeText(path), Math.max(4, columns - lines.length))}${lines}\n${shortenEnd(escapeText(name), columns)}`;
}

function fileTable(title: string, files: readonly ComparedFile[], { width, paint, top }: RenderOptions): string {
  const found = files.filter(({ functionsFound }) => functionsFound > 0);
  if (found.length === 0) return '';
  const shown = top === 0 ? found : found.slice(0, top);
  const side = Math.max(12, Math.floor((width - frame(4) - 9 - 9) / 2));
  const grid = newTable(['functions', 'lines', 'file', 'mostly in'], [9, 9, side, side]);
  for (const { path, functionsFound, functions, lineShare, counterpart } of shown) {
    grid.push([
      `${functionsFound}/${functions}`.padStart(9), percent(lineShare).padStart(9),
      shortenMiddle(escapeText(path), side), shortenMiddle(escapeText(counterpart ?? ''), side),
    ]);
  }
  return [paint('bold', title), grid.toString(), ...more(found.length - shown.length, 'file')].join('\n');
}

function newTable(titles: readonly string[], columns: readonly number[]): Table.Table {
  return new Table({ head: [...titles], colWidths: columns.map((column) => column + 2), style: { head: [], border: [], compact: true }, wordWrap: false });
}

function more(hidden: number, what: string): string[] {
  return hidden > 0 ? [`${count(hidden, `more ${what}`)}: --top 0`] : [];
}
