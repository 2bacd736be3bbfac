import Table from 'cli-table3';
import { count, percent, typeWords } from '../messages.ts';
import { escapeText } from '../report/escape.ts';
import type { Painter } from '../report/options.ts';
import { shortenEnd, shortenMiddle } from '../report/width.ts';
import type { CloneType } from '../types.ts';
import type { QueryAnswer, QueryMatch, QueryResult } from './schema.ts';

export interface RenderOptions {
  readonly width: number;
  readonly paint: Painter;
}

/** Answers for people: a line for each function asked about, and a table of what is like it. */
export function renderQuery({ answers, repositories, store, threshold }: QueryResult, options: RenderOptions): string {
  const functions = repositories.reduce((sum, one) => sum + one.functions, 0);
  const scope = `${count(functions, 'function')} of ${count(repositories.length, 'repository', 'repositories')} in ${escapeText(store)}, threshold ${threshold}.`;
  return `${[...answers.map((answer) => part(answer, threshold, options)), options.paint('dim', `Looked at ${scope}`)].join('\n\n')}\n`;
}

function part({ function: asked, exists, matches }: QueryAnswer, threshold: number, options: RenderOptions): string {
  const what = `${escapeText(asked.name || asked.kind)} (${escapeText(asked.path)}:${asked.startLine}-${asked.endLine})`;
  const alike = matches.filter(({ similarity }) => similarity >= threshold).length;
  const verdict = exists ? options.paint('yellow', `exists already: ${count(alike, 'function')}${alike === matches.length ? ' or more' : ''} like it`) : options.paint('green', 'is new: nothing like it');
  return [`${options.paint('bold', what)} ${verdict}`, ...(matches.length === 0 ? [] : [table(matches, threshold, options)])].join('\n');
}

function table(matches: readonly QueryMatch[], threshold: number, { width, paint }: RenderOptions): string {
  const frame = 3 * 4 + 1;
  const name = Math.max(8, Math.floor((width - frame - 5 - 14) / 3));
  const where = Math.max(12, width - frame - 5 - 14 - name);
  const grid = new Table({ head: ['alike', 'how', 'where', 'function'], colWidths: [5, 14, where, name].map((columns) => columns + 2), style: { head: [], border: [], compact: true }, wordWrap: false });
  for (const { similarity, type, repository, path, startLine, endLine, name: own, kind } of matches) {
    const counts = similarity >= threshold;
    const lines = `:${startLine}-${endLine}`;
    grid.push([
      paint(counts ? 'yellow' : 'dim', percent(similarity).padStart(5)), counts ? typeWords[type as CloneType] : '',
      shortenMiddle(escapeText(`${repository}/${path}`), Math.max(4, where - lines.length)) + lines, shortenEnd(escapeText(own || kind), name),
    ]);
  }
  return grid.toString();
}
