import { COMMON_WORDS, CONTROL_CLASSES } from '../score/words.ts';
import type { Chunk } from '../types.ts';
import { TokenKind } from '../types.ts';
import type { Code } from './code.ts';
import type { Correspondence } from './schema.ts';

/** What two functions of different text have in common: calls, literals, words and control flow. */
export function findCorrespondence(a: { readonly chunk: Chunk; readonly code: Code }, b: { readonly chunk: Chunk; readonly code: Code }): Correspondence {
  const wordsB = new Set(b.chunk.lexemes);
  return {
    calls: overlap(textsOf(a.code, [TokenKind.callee]), textsOf(b.code, [TokenKind.callee]), squash),
    literals: overlap(textsOf(a.code, [TokenKind.number, TokenKind.string]), textsOf(b.code, [TokenKind.number, TokenKind.string]), unquote),
    words: [...new Set(a.chunk.lexemes)].filter((word) => wordsB.has(word) && /^\p{L}{3,}$/u.test(word) && !COMMON_WORDS.has(word)),
    control: controlCounts(a.code, b.code),
  };
}

/** Distinct texts of some kinds of token, in order. */
function textsOf({ tokens }: Code, kinds: readonly TokenKind[]): string[] {
  return [...new Set(tokens.filter(({ kind }) => kinds.includes(kind)).map(({ text }) => text))];
}

function overlap(as: readonly string[], bs: readonly string[], keyOf: (text: string) => string): Correspondence['calls'] {
  const keysA = new Set(as.map(keyOf));
  const keysB = new Set(bs.map(keyOf));
  return {
    shared: as.filter((text) => keysB.has(keyOf(text))),
    onlyA: as.filter((text) => !keysB.has(keyOf(text))),
    onlyB: bs.filter((text) => !keysA.has(keyOf(text))),
  };
}

/** `to_csv` and `toCsv` are one name. */
function squash(name: string): string {
  return name.replace(/[^\p{L}\p{N}]/gu, '').toLowerCase();
}

/** A literal without its quotes and what stands before them. */
export function unquote(literal: string): string {
  return literal.replace(/^[a-z]{0,2}["'`]+|["'`]+$/gi, '');
}

function controlCounts(a: Code, b: Code): Correspondence['control'] {
  return Object.entries(CONTROL_CLASSES).map(([what, words]) => {
    const inClass = ({ tokens }: Code): number =>
      tokens.filter(({ kind, text }) => (kind === TokenKind.keyword || kind === TokenKind.operator) && (words as readonly string[]).includes(text)).length;
    return { what, a: inClass(a), b: inClass(b) };
  }).filter((entry) => entry.a + entry.b > 0);
}
