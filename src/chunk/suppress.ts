import type { Suppression, Warning } from '../types.ts';
import type { Parsed } from './parse.ts';

/** Suppression comments of one piece of a file. */
export interface Suppressions {
  /** What covers the whole file. */
  readonly file?: Suppression;
  /** What covers a unit: a range around it, or a comment in the lines just above it. */
  of(startLine: number, endLine: number, startIndex: number): Suppression | undefined;
}

interface Range { readonly startLine: number; endLine: number; readonly suppression: Suppression }
interface Next { readonly endIndex: number; readonly suppression: Suppression }

/** First on a line of the comment, after what marks comments: a sentence about the directive is none. */
const DIRECTIVE = /^[ \t]*(?:[/*#!;%<>{(-]+[ \t]*|=begin\s+)*simcode-ignore(?:-(start|end|file))?(?![\w-])[ \t]*(?::[ \t]*([^\r\n]*))?/m;

/**
 * Reads `simcode-ignore: reason`, `-start: reason` … `-end` and `-file: reason`; a missing reason is a warning and no
 * suppression. `fileLine` tells the line of the file that an index stands in.
 */
export function readSuppressions(parsed: Parsed, path: string, fileLine: (index: number) => number): { readonly suppressions: Suppressions; readonly warnings: readonly Warning[] } {
  const { tree, text, leaves } = parsed;
  const warnings: Warning[] = [];
  const ranges: Range[] = [];
  const nexts: Next[] = [];
  if (!text.includes('simcode-ignore')) return { suppressions: { of: () => undefined }, warnings };
  let file: Suppression | undefined;
  const warn = (line: number, message: string): void => void warnings.push({ code: 'suppression', path, message: `line ${line}: ${message}` });
  for (const node of leaves.comments) {
    const comment = text.slice(tree.start[node], tree.end[node]);
    const match = DIRECTIVE.exec(comment);
    if (match === null) continue;
    const at = (tree.start[node] ?? 0) + match.index + match[0].indexOf('simcode-ignore');
    const [line, own] = [fileLine(at), lineOf(text, at)];
    const reason = (match[2] ?? '').replace(/\s*(?:\*\/|-->|\]\]|\*\})\s*$/, '').trim();
    const [, scope] = match;
    if (scope === 'end') {
      const open = ranges.findLast((range) => range.endLine === Number.POSITIVE_INFINITY);
      if (open === undefined) warn(line, 'simcode-ignore-end without a start');
      else open.endLine = own;
    } else if (reason === '') warn(line, `simcode-ignore${scope === undefined ? '' : `-${scope}`} needs a reason: write "simcode-ignore${scope === undefined ? '' : `-${scope}`}: why"`);
    else if (scope === 'file') file ??= { line, reason, scope: 'file' };
    else if (scope === 'start') ranges.push({ startLine: own, endLine: Number.POSITIVE_INFINITY, suppression: { line, reason, scope: 'range' } });
    else nexts.push({ endIndex: tree.end[node] ?? 0, suppression: { line, reason, scope: 'next' } });
  }
  for (const range of ranges) if (range.endLine === Number.POSITIVE_INFINITY) warn(range.suppression.line, 'simcode-ignore-start without an end');
  const of = (startLine: number, endLine: number, startIndex: number): Suppression | undefined =>
    ranges.find((range) => range.startLine <= startLine && endLine <= range.endLine)?.suppression
    ?? nexts.find((next) => next.endIndex <= startIndex && isJustAbove(parsed, next.endIndex, startIndex))?.suppression;
  return { suppressions: { of, ...(file !== undefined && { file }) }, warnings };
}

/** Whether nothing but blanks and other comments lie between. */
function isJustAbove({ tree, text, leaves }: Parsed, from: number, to: number): boolean {
  let at = from;
  for (const node of leaves.comments) {
    if ((tree.start[node] ?? 0) < at) continue;
    if ((tree.start[node] ?? 0) >= to) break;
    if (text.slice(at, tree.start[node]).trim() !== '') return false;
    at = tree.end[node] ?? at;
  }
  return to - at < 10_000 && text.slice(at, to).trim() === '';
}

function lineOf(text: string, index: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < index; at = text.indexOf('\n', at + 1)) line++;
  return line;
}
