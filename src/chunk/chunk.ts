import type { Chunk, Grammars, SizeFloor, SourceFile, SourceRange, Suppression, Warning } from '../types.ts';
import { docOf } from './docs.ts';
import { ERROR_TYPE } from './grammar.ts';
import { Use, type Leaves } from './leaves.ts';
import { lexemesOf, type LexemeStream } from './lexemes.ts';
import { ownNames, type Named } from './names.ts';
import { leafAt, type Parsed } from './parse.ts';
import { readPieces, type Piece } from './pieces.ts';
import type { Positions } from './positions.ts';
import { readSuppressions, type Suppressions } from './suppress.ts';
import { tagsOf } from './tags.ts';
import { tokensOf } from './tokens.ts';
import { findUnits, withBoundNames, type Unit } from './units.ts';

export interface Chunked {
  readonly chunks: readonly Chunk[];
  readonly warnings: readonly Warning[];
  /** Lines of the file. */
  readonly lines: number;
}

/** A chunk with what training reads besides. */
export interface DetailedChunk {
  readonly chunk: Chunk;
  readonly doc?: string;
  /** Own name of each lexeme: see `ownNames`. */
  readonly names: readonly number[];
}

/** Largest share of a unit's text inside syntax errors with which it still counts. */
const MAX_ERROR_SHARE = 0.25;

/** Functions of one file above the size floor, in order of appearance; a bad file is a warning. */
export async function chunkFile(file: SourceFile, grammars: Grammars, options: SizeFloor = {}): Promise<Chunked> {
  const { builders, warnings } = await prepare(file, grammars, options);
  return { chunks: builders.map(({ chunk }) => chunk), warnings, lines: file.text.split('\n').length };
}

/** As `chunkFile`, with documentation and own names. */
export async function detailFile(file: SourceFile, grammars: Grammars, options: SizeFloor = {}): Promise<{ readonly chunks: readonly DetailedChunk[]; readonly warnings: readonly Warning[] }> {
  const { builders, warnings } = await prepare(file, grammars, options);
  const chunks = builders.map(({ chunk, unit, stream, from, to, context: { parsed, named } }) => {
    const own = ownNames(named, from, to);
    const doc = docOf(parsed, unit);
    return { chunk, names: Array.from(stream.leaf, (leaf) => own[leaf - from] ?? 0), ...(doc === undefined ? {} : { doc }) };
  });
  return { chunks, warnings };
}

interface Context extends Piece {
  readonly file: SourceFile;
  readonly filePositions: Positions;
  readonly suppressions: Suppressions;
  /** Of the whole file. */
  readonly suppression: Suppression | undefined;
  readonly units: readonly Unit[];
  readonly named: Named;
}

interface Built { readonly chunk: Chunk; readonly unit: Unit; readonly stream: LexemeStream; readonly from: number; readonly to: number; readonly context: Context }

async function prepare(file: SourceFile, grammars: Grammars, options: SizeFloor): Promise<{ readonly builders: readonly Built[]; readonly warnings: readonly Warning[] }> {
  const { pieces, positions, warnings } = await readPieces(file, grammars);
  const read = pieces.map((piece) => ({ piece, ...readSuppressions(piece.parsed, file.path, (index) => positions.lineAt(piece.origin?.startOf(index) ?? index)) }));
  const suppression = read.find(({ suppressions }) => suppressions.file !== undefined)?.suppressions.file;
  const taken = new Set<string>();
  const builders = read.flatMap(({ piece, suppressions }) => {
    const units = findUnits(piece.parsed, piece.grammar);
    return build({ ...piece, file, filePositions: positions, suppressions, suppression, units, named: withBoundNames(piece.parsed, units) }, options, taken);
  });
  return { builders, warnings: [...warnings, ...read.flatMap(({ warnings: wrong }) => wrong)] };
}

function build(context: Context, { minLines = 5, minTokens = 30 }: SizeFloor, taken: Set<string>): readonly Built[] {
  const { parsed, positions, units } = context;
  const built: Built[] = [];
  const ids: (string | undefined)[] = [];
  for (const unit of units) {
    ids.push(undefined);
    const lines = positions.lineAt(Math.max(unit.startIndex, unit.endIndex - 1)) - positions.lineAt(unit.startIndex) + 1;
    const from = leafAt(parsed.leaves, unit.startIndex);
    const to = withOwnDedents(parsed.leaves, from, leafAt(parsed.leaves, unit.endIndex));
    if (lines < minLines || to - from < minTokens || errorShare(parsed, unit) > MAX_ERROR_SHARE) continue;
    const one = chunkOf(context, unit, from, to, nearest(units, ids, unit.parent));
    if (one.chunk.metrics.tokens < minTokens || taken.has(one.chunk.id)) continue;
    taken.add(one.chunk.id);
    ids[ids.length - 1] = one.chunk.id;
    built.push(one);
  }
  return built;
}

function chunkOf(context: Context, unit: Unit, from: number, to: number, parentId: string | undefined): Built {
  const { file, parsed, grammar, suppressions, positions } = context;
  const { startIndex, endIndex } = unit;
  const range = rangeOf(context, unit);
  const stream = lexemesOf(parsed.leaves, parsed.text, from, to);
  const tokens = tokensOf(parsed.leaves, parsed.text, from, to);
  const [firstLine, lastLine] = [positions.lineAt(startIndex), positions.lineAt(Math.max(startIndex, endIndex - 1))];
  const suppression = context.suppression ?? suppressions.of(firstLine, lastLine, startIndex);
  const chunk: Chunk = {
    id: `${file.path}#${unit.qualifiedName}@${range.startLine}:${range.startColumn}`,
    path: file.path, language: context.language, kind: unit.kind, name: unit.name, qualifiedName: unit.qualifiedName, range,
    text: context.text.slice(startIndex, endIndex), lexemes: stream.lexemes, tokens,
    metrics: { lines: lastLine - firstLine + 1, codeLines: codeLines(parsed, positions, { from, to, lastLine }), tokens: tokens.length },
    tags: tagsOf({ unit, tokens, tests: grammar.spec.tests, text: parsed.text }),
    ...(suppression === undefined ? {} : { suppression }),
    ...(parentId === undefined ? {} : { parentId }),
  };
  return { chunk, unit, stream, from, to, context };
}

/** Where a unit stands in its file. */
function rangeOf({ filePositions, origin }: Context, { startIndex, endIndex }: Unit): SourceRange {
  return origin === undefined ? filePositions.range(startIndex, endIndex) : filePositions.range(origin.startOf(startIndex), origin.endOf(endIndex));
}

/** Blocks that end with the unit close at its end: their marks, and no outer ones, belong to it. */
function withOwnDedents(leaves: Leaves, from: number, to: number): number {
  let open = 0;
  for (let i = from; i < to; i++) open += (leaves.use[i] === Use.open ? 1 : 0) - (leaves.use[i] === Use.close ? 1 : 0);
  let end = to;
  while (open > 0 && leaves.use[end] === Use.close) {
    end++;
    open--;
  }
  return end;
}

/** Id of the innermost enclosing unit that is a chunk. */
function nearest(units: readonly Unit[], ids: readonly (string | undefined)[], index: number): string | undefined {
  for (let at = index; at >= 0; at = units[at]?.parent ?? -1) if (ids[at] !== undefined) return ids[at];
  return undefined;
}

function errorShare({ tree }: Parsed, unit: Unit): number {
  if (tree.errors === 0) return 0;
  let inside = 0;
  const { end } = unit;
  for (let node = unit.node; node < end;) {
    const isError = tree.type[node] === ERROR_TYPE;
    if (isError) inside += (tree.end[node] ?? 0) - (tree.start[node] ?? 0);
    node = isError ? (tree.next[node] ?? end) : node + 1;
  }
  return inside / Math.max(1, unit.endIndex - unit.startIndex);
}

/** Lines with code, up to `lastLine`: a mark of the grammar's may stand after the end of its unit. */
function codeLines({ leaves }: Parsed, positions: Positions, { from, to, lastLine }: { readonly from: number; readonly to: number; readonly lastLine: number }): number {
  const lines = new Set<number>();
  for (let i = from; i < to; i++) {
    const first = positions.lineAt(leaves.start[i] ?? 0);
    const last = Math.min(lastLine, positions.lineAt(Math.max(leaves.start[i] ?? 0, (leaves.end[i] ?? 0) - 1)));
    for (let line = first; line <= last; line++) lines.add(line);
  }
  return lines.size;
}
