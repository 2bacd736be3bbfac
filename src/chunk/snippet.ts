import type { Chunk, Grammars, LanguageId } from '../types.ts';
import { grammarOf, type Grammar } from './grammar.ts';
import { lexemesOf } from './lexemes.ts';
import { ownNames } from './names.ts';
import { parseSnippet } from './parse.ts';
import { findUnits, withBoundNames, type Unit } from './units.ts';
import { tokensOf } from './tokens.ts';

/** Lexemes of a stretch of code and, by lexeme, the number of the own name it belongs to (see `ownNames`). */
export interface NamedLexemes {
  readonly lexemes: readonly string[];
  readonly names: readonly number[];
}

/** Lexemes and own names of a bare piece of code as one unit; undefined when it cannot be parsed within bounds. */
export function snippetLexemes(text: string, grammar: Grammar): NamedLexemes | undefined {
  const found = parseSnippet(text, grammar);
  if (found === undefined) return undefined;
  const { parsed, from, to } = found;
  const stream = lexemesOf(parsed.leaves, parsed.text, from, to);
  const own = ownNames(withBoundNames(parsed, findUnits(parsed, grammar)), from, to);
  return { lexemes: stream.lexemes, names: Array.from(stream.leaf, (leaf) => own[leaf - from] ?? 0) };
}

/** A bare piece of code as one chunk, whatever its size; undefined when it cannot be parsed within bounds. */
export async function snippetChunk(id: string, language: LanguageId, text: string, grammars: Grammars): Promise<Chunk | undefined> {
  const grammar = await grammarOf(grammars, language);
  const found = parseSnippet(text, grammar);
  if (found === undefined) return undefined;
  const { parsed, from, to } = found;
  const { leaves, text: whole } = parsed;
  const tokens = tokensOf(leaves, whole, from, to);
  const lines = text.split('\n').length;
  return {
    id, path: id, language, kind: 'function', name: nameOf(findUnits(parsed, grammar)), qualifiedName: id, text,
    range: { startLine: 1, endLine: lines, startColumn: 1, endColumn: 1, startIndex: 0, endIndex: text.length, startByte: 0, endByte: Buffer.byteLength(text) },
    lexemes: lexemesOf(leaves, whole, from, to).lexemes, tokens,
    metrics: { lines, codeLines: lines, tokens: tokens.length }, tags: [],
  };
}

/** The name of a piece of code that is one function, whatever is inside or around that; or `''`. */
function nameOf(units: readonly Unit[]): string {
  const [outer, ...others] = units.filter(({ nesting }) => nesting === 0);
  return outer === undefined || others.length > 0 ? '' : outer.name;
}
