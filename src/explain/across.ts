import { CONTROL_CLASSES } from '../score/words.ts';
import { TokenKind } from '../types.ts';
import { splitWords } from '../util/words.ts';
import type { Code, CodeLine } from './code.ts';
import { unquote } from './correspondence.ts';
import { matchLines } from './match-lines.ts';
import type { DiffRow } from './schema.ts';

/** What two languages spell differently. */
const SPELLINGS: Readonly<Record<string, string>> = {
  and: '&&', or: '||', not: '!', '===': '==', '!==': '!=', '~=': '!=', elif: 'if', elsif: 'if', nil: 'null', none: 'null', None: 'null', undefined: 'null', True: 'true', False: 'false',
};
const CONTROL: ReadonlyMap<string, string> = new Map(Object.entries(CONTROL_CLASSES).flatMap(([what, words]) => words.map((word) => [word, `#${what}`] as const)));

/**
 * Lines of two functions of different languages side by side: those that share most of their words, literals, operators
 * and control flow, order kept. Lines of nothing but brackets and `end` are left out.
 */
export function alignAcross(a: Code, b: Code): readonly DiffRow[] {
  const [as, bs] = [linesOf(a), linesOf(b)];
  return matchLines(as.map(({ keys }) => keys), bs.map(({ keys }) => keys)).map(([i, j]): DiffRow => {
    const [left, right] = [as[i ?? -1], bs[j ?? -1]];
    const kind = left === undefined ? 'added' : right === undefined ? 'removed' : isSame(left.keys, right.keys) ? 'same' : 'changed';
    return { kind, ...(left && { a: shown(left.line) }), ...(right && { b: shown(right.line) }) };
  });
}

const shown = ({ line, text }: CodeLine): NonNullable<DiffRow['a']> => ({ line, text, spans: [] });

function linesOf({ tokens, lines }: Code): readonly { readonly line: CodeLine; readonly keys: readonly string[] }[] {
  return lines.map((line) => ({ line, keys: tokens.slice(line.start, line.end).flatMap(({ text, kind }) => keysOf(text, kind)) }))
    .filter(({ keys }) => keys.length > 0);
}

function keysOf(text: string, kind: TokenKind): readonly string[] {
  const spelled = SPELLINGS[text] ?? text;
  const control = CONTROL.get(spelled);
  if (control !== undefined && (kind === TokenKind.keyword || kind === TokenKind.operator)) return [control];
  switch (kind) {
    case TokenKind.punctuation: case TokenKind.keyword: return [];
    case TokenKind.operator: return [spelled];
    case TokenKind.number: return [text];
    case TokenKind.string: return [unquote(text)];
    default: return splitWords(text).map((word) => SPELLINGS[word] ?? word.toLowerCase());
  }
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.toSorted().join('\0') === b.toSorted().join('\0');
}
