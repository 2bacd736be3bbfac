import Table from 'cli-table3';
import { count, duration, percent, skipWords, thousands, typeWords, verdictWords } from '../messages.ts';
import type { Chunk, ScanResult, SkipReason } from '../types.ts';
import { escapeText } from './escape.ts';
import type { Painter, ReportOptions } from './options.ts';
import { plain } from './options.ts';
import type { RankedClass } from './rank.ts';
import { rankClasses } from './rank.ts';
import { displayWidth, shortenEnd, shortenMiddle } from './width.ts';

const defaultTop = 20;
const defaultWidth = 120;
const minWidth = 50;
/** Members shown of one class unless verbose. */
const membersShown = 10;

interface Row {
  readonly mark: string;
  readonly path: string;
  readonly lines: string;
  readonly name: string;
  readonly size: string;
}

interface Columns {
  readonly location: number;
  readonly name: number;
  readonly size: number;
}

/** The report for people: one block a class, most lines to save first, and what was looked at in the last lines. */
export function table(result: ScanResult, options: ReportOptions): string {
  const paint = options.paint ?? plain;
  const ranked = rankClasses(result);
  const top = options.top ?? defaultTop;
  const shown = top === 0 ? ranked : ranked.slice(0, top);
  const rows = shown.map((entry) => memberRows(entry, options.verbose ?? false));
  const columns = fit(rows.flat(), Math.max(minWidth, options.width ?? defaultWidth));
  const blocks = shown.map((entry, at) => block(entry, at + 1, rows[at] ?? [], columns, paint));
  if (shown.length < ranked.length) {
    blocks.push(`${count(ranked.length - shown.length, 'more class', 'more classes')}: --top 0`);
  }
  blocks.push(closing(result, ranked, paint));
  return `${blocks.join('\n\n')}\n`;
}

function memberRows(entry: RankedClass, all: boolean): readonly Row[] {
  const order = [entry.canonical, ...entry.members.keys()].filter((at, i, list) => list.indexOf(at) === i);
  const shown = all ? order : order.slice(0, membersShown);
  return shown.toSorted((x, y) => x - y).flatMap((at) => {
    const member = entry.members[at];
    return member === undefined ? [] : [memberRow(member, at === entry.canonical)];
  });
}

function memberRow(member: Chunk, canonical: boolean): Row {
  const { startLine, endLine } = member.range;
  return {
    mark: canonical ? '»' : ' ',
    path: escapeText(member.path),
    lines: `:${startLine}-${endLine}`,
    name: escapeText(member.qualifiedName || member.name || `(${member.kind})`),
    size: count(member.metrics.lines, 'line'),
  };
}

/** Widths of the columns' contents: names get what they want up to a third, locations the rest. */
function fit(rows: readonly Row[], width: number): Columns {
  const size = widest(rows.map((row) => row.size));
  const free = width - size - 4 * 3 - 1;
  const name = Math.min(widest(rows.map((row) => row.name)), Math.max(10, Math.floor(free / 3)));
  const location = Math.min(widest(rows.map((row) => `${row.mark} ${row.path}${row.lines}`)), Math.max(16, free - name));
  return { location, name, size };
}

function widest(texts: readonly string[]): number {
  return texts.reduce((most, text) => Math.max(most, displayWidth(text)), 1);
}

function block(entry: RankedClass, place: number, rows: readonly Row[], columns: Columns, paint: Painter): string {
  const grid = new Table({
    colWidths: [columns.location + 2, columns.name + 2, columns.size + 2],
    colAligns: ['left', 'left', 'right'],
    style: { head: [], border: [], compact: true },
    wordWrap: false,
  });
  for (const row of rows) {
    const path = shortenMiddle(row.path, Math.max(1, columns.location - 2 - row.lines.length));
    grid.push([`${row.mark} ${path}${paint('cyan', row.lines)}`, shortenEnd(row.name, columns.name), row.size]);
  }
  const hidden = entry.members.length - rows.length;
  const lines = [title(entry, place, paint), grid.toString()];
  if (hidden > 0) lines.push(`  ${count(hidden, 'more member')}: --verbose`);
  return lines.join('\n');
}

function title(entry: RankedClass, place: number, paint: Painter): string {
  const { class: clones, members, languages } = entry;
  const parts = [
    `${clones.parallel ? 'parallel implementation' : typeWords[clones.type]} (type ${clones.type})`,
    `${percent(clones.cohesion)} similar`,
    count(members.length, 'member'),
    paint('yellow', `saves ${count(clones.duplicatedLines, 'line')}`),
  ];
  if (languages.length > 1) parts.push(languages.map(escapeText).join(' + '));
  if (clones.oldest !== undefined) parts.push(`oldest since ${new Date(clones.oldest.time * 1000).toISOString().slice(0, 10)}`);
  return `${paint('bold', `#${place}`)} ${parts.join(', ')} ${paint('dim', clones.id)}`;
}

function closing(result: ScanResult, ranked: readonly RankedClass[], paint: Painter): string {
  const { counts } = result;
  const looked = `${count(counts.chunks, 'function')} in ${count(counts.files, 'file')}`;
  const lines: string[] = [];
  if (ranked.length === 0) {
    lines.push(paint('green', `No clones found among ${looked}.`));
  } else {
    const members = ranked.reduce((sum, entry) => sum + entry.members.length, 0);
    const found = count(ranked.length, 'clone class', 'clone classes');
    lines.push(
      paint('bold', `${found} with ${count(members, 'member')}: ${count(counts.duplicatedLines, 'line')} could go.`) +
        ` Looked at ${looked}.`,
    );
  }
  if (result.verdict !== undefined) lines.push(verdictWords(result.verdict));
  lines.push(paint('dim', facts(result)));
  return lines.join('\n');
}

/** Model, index, time and what was left out. */
function facts(result: ScanResult): string {
  const { config, counts, model, seconds, skips, warnings } = result;
  const parts = [
    `Model ${escapeText(model.id)} on ${escapeText(model.device)}`,
    ...(typeof config['threshold'] === 'number' ? [`threshold ${config['threshold']}`] : []),
    `${counts.index} index`,
    `${thousands(counts.embedded)} embedded and ${thousands(counts.cached)} from the cache`,
  ];
  if (seconds.total !== undefined) parts.push(duration(seconds.total));
  const filtered = filterCounts(result);
  if (filtered !== '') parts.push(filtered);
  if (warnings.length > 0) parts.push(count(warnings.length, 'warning'));
  if (skips.length > 0) parts.push(`${count(skips.length, 'file')} left out (${skipCounts(result)})`);
  return `${parts.join(', ')}.`;
}

/** Pairs left out by noise rules: `12 pairs are noise (7 accessor, 5 parallel)`. */
function filterCounts({ counts: { filtered } }: ScanResult): string {
  const rules = Object.entries(filtered).toSorted(([x, n], [y, m]) => m - n || (x < y ? -1 : 1));
  const total = rules.reduce((sum, [, n]) => sum + n, 0);
  return total === 0 ? '' : `${count(total, 'pair')} left out by rule (${rules.map(([name, n]) => `${thousands(n)} ${name}`).join(', ')})`;
}

function skipCounts(result: ScanResult): string {
  const byReason = new Map<SkipReason, number>();
  for (const { reason } of result.skips) byReason.set(reason, (byReason.get(reason) ?? 0) + 1);
  return [...byReason]
    .toSorted(([x, n], [y, m]) => m - n || (x < y ? -1 : 1))
    .map(([reason, n]) => `${thousands(n)} ${skipWords[reason]}`)
    .join(', ');
}
