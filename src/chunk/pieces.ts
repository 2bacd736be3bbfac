import type { Grammars, SourceFile, Warning } from '../types.ts';
import { grammarOf, type Grammar } from './grammar.ts';
import type { Parsed } from './parse.ts';
import { Positions } from './positions.ts';
import { parseSections, type Stretch } from './sections.ts';

/** A parsed part of a file. */
export interface Piece {
  readonly parsed: Parsed;
  readonly grammar: Grammar;
}

/** A file parsed, with what went wrong. */
export interface Pieces {
  readonly pieces: readonly Piece[];
  readonly positions: Positions;
  readonly warnings: readonly Warning[];
}

/** Parses a file: in one piece, unless a part of it cannot be parsed within bounds. */
export async function readPieces({ path, language, text }: Pick<SourceFile, 'path' | 'language' | 'text'>, grammars: Grammars): Promise<Pieces> {
  const grammar = await grammarOf(grammars, language);
  const positions = new Positions(text);
  const { parsed, lost, unread } = parseSections(text, { start: 0, end: text.length }, grammar);
  const errors = Math.max(parsed.reduce((sum, { tree }) => sum + tree.errors, 0), unread > 0 && lost.length === 0 ? 1 : 0);
  const syntax = { code: 'syntax-error', path, message: `${errors} syntax error${errors === 1 ? '' : 's'}; functions around them were still read` };
  const warnings = [
    ...(lost.length === 0 ? [] : [{ code: 'parse-limit', path, message: `Too long or too deeply nested to parse within bounds; ${parsed.length === 0 ? '' : `${linesOf(lost, positions)} `}left out` }]),
    ...(errors === 0 ? [] : [syntax]),
  ];
  return { pieces: parsed.map((one) => ({ parsed: one, grammar })), positions, warnings };
}

function linesOf(lost: readonly Stretch[], positions: Positions): string {
  const ranges = lost.map(({ start, end }) => `${positions.lineAt(start)} to ${positions.lineAt(Math.max(start, end - 1))}`);
  return `lines ${ranges.slice(0, 5).join(', ')}${ranges.length > 5 ? ' and more' : ''}`;
}
