import type { Grammar } from './grammar.ts';
import { lexemesOf } from './lexemes.ts';
import { ownNames } from './names.ts';
import { parseSnippet } from './parse.ts';

/** Lexemes of a stretch of code and, by lexeme, the number of the own name it belongs to (see `ownNames`). */
export interface NamedLexemes {
  readonly lexemes: readonly string[];
  readonly names: readonly number[];
}

/** Lexemes and own names of a bare piece of code as one unit; undefined when it cannot be parsed within bounds. */
export function snippetLexemes(text: string, grammar: Grammar): NamedLexemes | undefined {
  const found = parseSnippet(text, grammar);
  if (found === undefined) return undefined;
  const { parsed: { leaves, text: whole }, from, to } = found;
  const stream = lexemesOf(leaves, whole, from, to);
  const own = ownNames(leaves, whole, from, to);
  return { lexemes: stream.lexemes, names: Array.from(stream.leaf, (leaf) => own[leaf - from] ?? 0) };
}
