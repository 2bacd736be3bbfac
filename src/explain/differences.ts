import { CONTROL_CLASSES } from '../score/words.ts';
import { TokenKind } from '../types.ts';
import type { Code, CodeToken } from './code.ts';
import type { Hunk } from './marks.ts';
import { isName } from './renaming.ts';
import type { Difference } from './schema.ts';

const WORD_CONSTANTS = new Set(['true', 'false', 'null', 'undefined', 'None', 'True', 'False', 'nil', 'nullptr', 'NULL']);
const WORD_OPERATORS = new Set(['and', 'or', 'not', 'in', 'is', 'instanceof', 'typeof', 'of', 'as', 'xor']);
const CONDITIONS: ReadonlySet<string> = new Set([...CONTROL_CLASSES.branch, 'while', 'until', 'assert', 'guard']);
/** Longest stretch of code quoted. */
const MAX_QUOTE = 160;

/** What differs beyond consistent renames, in order, each stretch once. */
export function listDifferences(a: Code, b: Code, hunks: readonly Hunk[]): readonly Difference[] {
  return hunks.map((hunk) => {
    const left = a.tokens.slice(hunk.fromA, hunk.toA);
    const right = b.tokens.slice(hunk.fromB, hunk.toB);
    const inCondition = isCondition(a, hunk.fromA) && isCondition(b, hunk.fromB);
    return {
      kind: classify(left, right, inCondition), inCondition, a: quote(left), b: quote(right),
      lineA: lineAt(a, hunk.fromA), lineB: lineAt(b, hunk.fromB),
    };
  });
}

function classify(a: readonly CodeToken[], b: readonly CodeToken[], inCondition: boolean): Difference['kind'] {
  const all = [...a, ...b];
  if (all.every(isConstant) && a.length <= 1 && b.length <= 1) return 'constant';
  if (all.every(isOperator)) return 'operator';
  if (a.length === 1 && b.length === 1 && all.every(isName)) return all.some(({ kind }) => kind === TokenKind.callee) ? 'call' : 'name';
  if (inCondition || all.some(({ kind, text }) => kind === TokenKind.keyword && CONDITIONS.has(text))) return 'condition';
  return all.some(({ kind }) => kind === TokenKind.callee) ? 'call' : 'code';
}

function isConstant({ kind, text }: CodeToken): boolean {
  return kind === TokenKind.number || kind === TokenKind.string || WORD_CONSTANTS.has(text);
}

function isOperator({ kind, text }: CodeToken): boolean {
  return kind === TokenKind.operator || WORD_OPERATORS.has(text);
}

/** Whether a branch or loop keyword comes before a token in its line. */
function isCondition({ tokens }: Code, at: number): boolean {
  const line = tokens[at]?.line;
  for (let i = at - 1; i >= 0 && tokens[i]?.line === line; i--) {
    if (CONDITIONS.has(tokens[i]?.text ?? '')) return true;
  }
  return false;
}

function lineAt({ tokens }: Code, at: number): number {
  return (tokens[at] ?? tokens.at(-1))?.line ?? 1;
}

/** The tokens as one line of code, spaced as written. */
function quote(tokens: readonly CodeToken[]): string {
  let text = '';
  for (const [i, token] of tokens.entries()) {
    const before = tokens[i - 1];
    const apart = before !== undefined && (before.line !== token.line || before.to < token.from);
    text += `${apart ? ' ' : ''}${token.text}`;
    if (text.length > MAX_QUOTE) return `${text.slice(0, MAX_QUOTE - 1)}…`;
  }
  return text;
}
