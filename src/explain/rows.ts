import { diffArrays } from 'diff';
import type { Code, CodeLine } from './code.ts';
import type { Hunk } from './marks.ts';
import { keyOf } from './marks.ts';
import { matchLines } from './match-lines.ts';
import type { Renaming } from './renaming.ts';
import { isName } from './renaming.ts';
import type { DiffLine, DiffRow } from './schema.ts';

const MAX_EDITS = 4000;

/** Code lines of two functions side by side, with what differs in each marked. */
export function alignRows(a: Code, b: Code, renaming: Renaming, hunks: readonly Hunk[]): readonly DiffRow[] {
  const changedA = changedTokens(hunks.map(({ fromA, toA }) => [fromA, toA] as const));
  const changedB = changedTokens(hunks.map(({ fromB, toB }) => [fromB, toB] as const));
  const keysA = a.lines.map((line) => keysOf(a, line));
  const keysB = b.lines.map((line) => keysOf(b, line, renaming.toA));
  const changes = diffArrays(keysA.map((keys) => keys.join('\0')), keysB.map((keys) => keys.join('\0')), { maxEditLength: MAX_EDITS })
    ?? [{ removed: true, added: false, count: keysA.length, value: [] }, { removed: false, added: true, count: keysB.length, value: [] }];
  const fromA = new Set(renaming.renames.map((rename) => rename.a));
  const fromB = new Set(renaming.renames.map((rename) => rename.b));
  const row = (i: number | undefined, j: number | undefined): DiffRow => {
    const left = i === undefined ? undefined : show(a, a.lines[i], changedA, fromA);
    const right = j === undefined ? undefined : show(b, b.lines[j], changedB, fromB);
    return { kind: kindOf(left, right), ...(left === undefined ? {} : { a: left }), ...(right === undefined ? {} : { b: right }) };
  };
  const rows: DiffRow[] = [];
  let [i, j] = [0, 0];
  for (let at = 0; at < changes.length; at++) {
    const change = changes[at];
    if (change === undefined) continue;
    if (!change.added && !change.removed) {
      for (let n = 0; n < change.count; n++) rows.push(row(i++, j++));
      continue;
    }
    const next = changes[at + 1];
    const both = change.removed && next?.added === true;
    if (both) at++;
    const [lines, others] = [change.removed ? change.count : 0, change.added ? change.count : both ? (next?.count ?? 0) : 0];
    for (const [x, y] of matchLines(keysA.slice(i, i + lines), keysB.slice(j, j + others))) {
      rows.push(row(x === undefined ? undefined : i + x, y === undefined ? undefined : j + y));
    }
    i += lines;
    j += others;
  }
  return rows;
}

function changedTokens(ranges: readonly (readonly [number, number])[]): ReadonlySet<number> {
  const changed = new Set<number>();
  for (const [from, to] of ranges) for (let at = from; at < to; at++) changed.add(at);
  return changed;
}

function keysOf({ tokens }: Code, { start, end }: CodeLine, toA?: ReadonlyMap<string, string>): string[] {
  const keys = tokens.slice(start, end).map((token) => keyOf(token, toA));
  while (/^0[;,]$/.test(keys.at(-1) ?? '')) keys.pop();
  return keys;
}

function show({ tokens }: Code, line: CodeLine | undefined, changed: ReadonlySet<number>, renamed: ReadonlySet<string>): DiffLine | undefined {
  if (line === undefined) return undefined;
  const spans: DiffLine['spans'] = [];
  for (let at = line.start; at < line.end; at++) {
    const token = tokens[at];
    if (token === undefined) continue;
    const kind = changed.has(at) ? 'changed' : isName(token) && renamed.has(token.text) ? 'renamed' : undefined;
    if (kind === undefined) continue;
    const last = spans.at(-1);
    if (last?.[2] === kind && changed.has(at - 1) && kind === 'changed') last[1] = token.to;
    else spans.push([token.from, token.to, kind]);
  }
  return { line: line.line, text: line.text, spans };
}

function kindOf(a: DiffLine | undefined, b: DiffLine | undefined): DiffRow['kind'] {
  if (a === undefined) return 'added';
  if (b === undefined) return 'removed';
  const spans = [...a.spans, ...b.spans];
  if (spans.some(([, , kind]) => kind === 'changed')) return 'changed';
  return spans.length > 0 ? 'renamed' : 'same';
}
