import { Use } from '../chunk/leaves.ts';
import type { Piece, Pieces } from '../chunk/pieces.ts';
import { SimcodeError } from '../errors.ts';
import type { Chunk } from '../types.ts';
import { TokenKind } from '../types.ts';

/** A code token with its place; a string over several lines is one token a line. */
export interface CodeToken {
  readonly text: string;
  readonly kind: TokenKind;
  /** 1-based line of the file. */
  readonly line: number;
  /** Offsets in the text of its line. */
  readonly from: number;
  readonly to: number;
}

/** A line that carries code. */
export interface CodeLine {
  readonly line: number;
  /** Without the indentation that all lines of the function share; tabs are two spaces. */
  readonly text: string;
  /** Indices of its tokens in `Code.tokens`, half-open. */
  readonly start: number;
  readonly end: number;
}

/** A function as its code alone: no comments, no blank lines. */
export interface Code {
  readonly tokens: readonly CodeToken[];
  readonly lines: readonly CodeLine[];
  /** Parameters, locals and the names that the function defines. */
  readonly own: ReadonlySet<string>;
}

/** Reads the tokens of a chunk out of its file, parsed. @throws SimcodeError `bad-input` when the file changed meanwhile */
export function readCode(file: Pieces, chunk: Chunk): Code {
  const place = placeOf(file, chunk);
  if (place === undefined) {
    throw new SimcodeError('bad-input', `${chunk.path} changed while it was read`, { hint: 'Run simcode explain again.' });
  }
  const { parsed: { leaves }, text, startIndex, endIndex, lineAt } = place;
  const own = new Set<string>();
  const parts: { text: string; kind: TokenKind; start: number }[] = [];
  for (let i = 0; i < leaves.count; i++) {
    const [start, end, use] = [leaves.start[i] ?? 0, leaves.end[i] ?? 0, leaves.use[i] ?? 0];
    if (start < startIndex || end > endIndex || end <= start) continue;
    const kind = (leaves.kind[i] ?? 0) as TokenKind;
    const whole = text.slice(start, end);
    if ((use & (Use.binds | Use.defines)) !== 0 && kind !== TokenKind.property) own.add(whole);
    for (const [piece] of whole.matchAll(/[^\n]+/g)) parts.push({ text: piece, kind, start });
    restart(parts, whole, start);
  }
  return { ...layOut(text, startIndex, endIndex, lineAt, parts), own };
}

interface Place extends Pick<Piece, 'parsed' | 'text'> {
  /** Of the chunk in the text of its piece. */
  readonly startIndex: number;
  readonly endIndex: number;
  /** Line of the file for an index of the text. */
  readonly lineAt: (index: number) => number;
}

/** The piece of a file that holds a chunk, and where. */
function placeOf({ pieces, positions }: Pieces, { range, text }: Chunk): Place | undefined {
  for (const piece of pieces) {
    const { parsed: { tree }, origin } = piece;
    const inFile = (index: number): number => origin?.startOf(index) ?? index;
    let at = origin === undefined ? range.startIndex : piece.text.indexOf(text);
    while (at >= 0 && inFile(at) < range.startIndex) at = piece.text.indexOf(text, at + 1);
    const isInside = inFile(at) === range.startIndex && (tree.start[0] ?? 0) <= at && at + text.length <= (tree.end[0] ?? 0);
    if (!isInside || !piece.text.startsWith(text, at)) continue;
    return { ...piece, startIndex: at, endIndex: at + text.length, lineAt: (index) => positions.lineAt(inFile(index)) };
  }
  return undefined;
}

/** Gives the pieces of a token over several lines their own starts. */
function restart(pieces: { text: string; start: number }[], whole: string, start: number): void {
  const parts = [...whole.matchAll(/[^\n]+/g)];
  for (const [i, part] of parts.entries()) {
    const piece = pieces[pieces.length - parts.length + i];
    if (piece !== undefined) piece.start = start + part.index;
  }
}

function layOut(text: string, startIndex: number, endIndex: number, lineAt: (index: number) => number,
  pieces: readonly { text: string; kind: TokenKind; start: number }[]): Pick<Code, 'tokens' | 'lines'> {
  const rows = rawLines(text, startIndex, endIndex);
  const tokens: CodeToken[] = [];
  const spans: { row: number; line: number; start: number; end: number }[] = [];
  let at = 0;
  for (const [row, { begin, end }] of rows.entries()) {
    const first = tokens.length;
    for (; at < pieces.length && (pieces[at]?.start ?? 0) < end; at++) {
      const { text: piece = '', kind = TokenKind.punctuation, start = 0 } = pieces[at] ?? {};
      const trimmed = piece.replace(/\r$/, '').replaceAll('\t', '  ');
      const from = width(text.slice(begin, start));
      if (trimmed !== '') tokens.push({ text: trimmed, kind, line: lineAt(begin), from, to: from + trimmed.length });
    }
    if (tokens.length > first) spans.push({ row, start: first, end: tokens.length, line: lineAt(begin) });
  }
  const indent = spans.reduce((least, { row }) => Math.min(least, indentation(rows[row]?.text ?? '')), Number.MAX_SAFE_INTEGER);
  return {
    tokens: tokens.map((token) => ({ ...token, from: token.from - indent, to: token.to - indent })),
    lines: spans.map(({ row, line, start, end }) => ({ line, text: (rows[row]?.text ?? '').slice(indent), start, end })),
  };
}

/** Lines that a stretch of text touches; the first is shown with the indentation of its whole line. */
function rawLines(text: string, startIndex: number, endIndex: number): { begin: number; end: number; text: string }[] {
  const rows: { begin: number; end: number; text: string }[] = [];
  let begin = text.lastIndexOf('\n', startIndex - 1) + 1;
  for (let end = 0; begin < endIndex; begin = end) {
    const next = text.indexOf('\n', begin);
    end = next < 0 || next >= endIndex ? endIndex : next + 1;
    rows.push({ begin, end, text: text.slice(begin, end).trimEnd().replaceAll('\t', '  ') });
  }
  return rows;
}

/** Offset in the shown line of what follows `before` in the file. */
function width(before: string): number {
  return before.replaceAll('\t', '  ').length;
}

function indentation(text: string): number {
  return text.length - text.trimStart().length;
}
