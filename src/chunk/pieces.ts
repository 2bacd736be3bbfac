import type { Grammars, LanguageId, SourceFile, Warning } from '../types.ts';
import { withoutSplits } from './conditionals.ts';
import { ERROR_TYPE, grammarOf, type Grammar } from './grammar.ts';
import type { Origin } from './origin.ts';
import type { Parsed } from './parse.ts';
import { Positions } from './positions.ts';
import { regionsOf, type Region } from './regions.ts';
import { parseSections, type Sections, type Stretch } from './sections.ts';

/** A parsed part of a file. Indices are those of `text`. */
export interface Piece {
  readonly parsed: Parsed;
  readonly grammar: Grammar;
  readonly language: LanguageId;
  /** The file's own text, or where `origin` is given, code that the file holds in another form. */
  readonly text: string;
  /** Of `text`. */
  readonly positions: Positions;
  readonly origin?: Origin;
}

/** A file parsed, with what went wrong. */
export interface Pieces {
  readonly pieces: readonly Piece[];
  /** Of the file. */
  readonly positions: Positions;
  readonly warnings: readonly Warning[];
}

/** Parses a file: in one piece, unless it is a host of several or a part of it cannot be parsed within bounds. */
export async function readPieces({ path, language, text }: Pick<SourceFile, 'path' | 'language' | 'text'>, grammars: Grammars): Promise<Pieces> {
  const host = await grammars.host(language);
  const { regions, warnings } = host === undefined ? { regions: [{ language, text, start: 0, end: text.length }], warnings: [] } : regionsOf(path, text, host);
  const positions = new Positions(text);
  const pieces: Piece[] = [];
  const lost: Stretch[] = [];
  let errors = 0;
  for (const region of regions) {
    const grammar = await grammarOf(grammars, region.language);
    const sections = readRegion(region, grammar);
    errors += Math.max(sections.parsed.reduce((sum, { tree }) => sum + tree.errors, 0), sections.unread > 0 && sections.lost.length === 0 ? 1 : 0);
    lost.push(...sections.lost.map((stretch) => inFile(region, stretch)));
    pieces.push(...sections.parsed.map((parsed) => ({ parsed, grammar, ...placeOf(region, positions) })));
  }
  return { pieces, positions, warnings: [...warnings, ...limitWarning(path, lost, pieces.length, positions), ...syntaxWarning(path, errors)] };
}

/** A region parsed as it is or, where that goes wrong and helps, preprocessed and without what its grammar does not know. */
function readRegion(region: Region, grammar: Grammar): Sections {
  const text = region.parsable ?? region.text;
  const plain = parseSections(text, region, grammar);
  const { conditionals, gaps } = grammar.spec;
  if ((!conditionals && gaps.length === 0) || damageOf(plain) === 0) return plain;
  const known = gaps.reduce((read, { pattern, as }) => read.replace(new RegExp(pattern, 'g'), (found) => as.padEnd(found.length)), text);
  const whole = conditionals ? withoutSplits(known) : known;
  const other = whole === text ? plain : parseSections(whole, region, grammar);
  return damageOf(other) < damageOf(plain) ? other : plain;
}

/** Characters inside errors and of no node. */
function damageOf({ parsed, unread }: Sections): number {
  let damage = unread;
  for (const { tree } of parsed) {
    if (tree.errors === 0) continue;
    for (let node = 0; node < tree.size;) {
      const isError = tree.type[node] === ERROR_TYPE;
      if (isError) damage += (tree.end[node] ?? 0) - (tree.start[node] ?? 0);
      node = isError ? (tree.next[node] ?? tree.size) : node + 1;
    }
  }
  return damage;
}

function placeOf({ language, text, origin }: Region, positions: Positions): Pick<Piece, 'language' | 'text' | 'positions' | 'origin'> {
  return { language, text, ...(origin === undefined ? { positions } : { positions: new Positions(text), origin }) };
}

/** Where a stretch of a region's text stands in the file. */
function inFile({ origin }: Pick<Region, 'origin'>, { start, end }: Stretch): Stretch {
  return origin === undefined ? { start, end } : { start: origin.startOf(start), end: origin.endOf(end) };
}

function limitWarning(path: string, lost: readonly Stretch[], kept: number, positions: Positions): readonly Warning[] {
  if (lost.length === 0) return [];
  const ranges = lost.map(({ start, end }) => `${positions.lineAt(start)} to ${positions.lineAt(Math.max(start, end - 1))}`);
  const lines = kept === 0 ? '' : `lines ${ranges.slice(0, 5).join(', ')}${ranges.length > 5 ? ' and more' : ''} `;
  return [{ code: 'parse-limit', path, message: `Too long or too deeply nested to parse within bounds; ${lines}left out` }];
}

function syntaxWarning(path: string, errors: number): readonly Warning[] {
  if (errors === 0) return [];
  return [{ code: 'syntax-error', path, message: `${errors} syntax error${errors === 1 ? '' : 's'}; functions around them were still read` }];
}
