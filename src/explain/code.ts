import { Use } from '../chunk/leaves.ts';
import type { Pieces } from '../chunk/pieces.ts';
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
export function readCode({ pieces }: Pieces, chunk: Chunk): Code {
  const { startIndex, endIndex, startLine } = chunk.range;
  const parsed = pieces.find(({ parsed: { tree } }) => (tree.start[0] ?? 0) <= startIndex && endIndex <= (tree.end[0] ?? 0))?.parsed;
  const text = parsed?.text ?? '';
  if (parsed === undefined || text.slice(startIndex, endIndex) !== chunk.text) {
    throw new SimcodeError('bad-input', `${chunk.path} changed while it was read`, { hint: 'Run simcode explain again.' });
  }
  const own = new Set<string>();
  const parts: { text: string; kind: TokenKind; start: number }[] = [];
  const { leaves } = parsed;
  for (let i = 0; i < leaves.count; i++) {
    const [start, end, use] = [leaves.start[i] ?? 0, leaves.end[i] ?? 0, leaves.use[i] ?? 0];
    if (start < startIndex || end > endIndex || end <= start) continue;
    const kind = (leaves.kind[i] ?? 0) as TokenKind;
    const whole = text.slice(start, end);
    if ((use & (Use.binds | Use.defines)) !== 0 && kind !== TokenKind.property) own.add(whole);
    for (const [piece] of whole.matchAll(/[^\n]+/g)) parts.push({ text: piece, kind, start });
    restart(parts, whole, start);
  }
  return { ...layOut(text, startIndex, endIndex, startLine, parts), own };
}

/** Gives the pieces of a token over several lines their own starts. */
function restart(pieces: { text: string; start: number }[], whole: string, start: number): void {
  const parts = [...whole.matchAll(/[^\n]+/g)];
  for (const [i, part] of parts.entries()) {
    const piece = pieces[pieces.length - parts.length + i];
    if (piece !== undefined) piece.start = start + part.index;
  }
}

function layOut(text: string, startIndex: number, endIndex: number, startLine: number,
  pieces: readonly { text: string; kind: TokenKind; start: number }[]): Pick<Code, 'tokens' | 'lines'> {
  const rows = rawLines(text, startIndex, endIndex);
  const tokens: CodeToken[] = [];
  const spans: { row: number; start: number; end: number }[] = [];
  let at = 0;
  for (const [row, { begin, end }] of rows.entries()) {
    const first = tokens.length;
    for (; at < pieces.length && (pieces[at]?.start ?? 0) < end; at++) {
      const { text: piece = '', kind = TokenKind.punctuation, start = 0 } = pieces[at] ?? {};
      const trimmed = piece.replace(/\r$/, '').replaceAll('\t', '  ');
      const from = width(text.slice(begin, start));
      if (trimmed !== '') tokens.push({ text: trimmed, kind, line: startLine + row, from, to: from + trimmed.length });
    }
    if (tokens.length > first) spans.push({ row, start: first, end: tokens.length });
  }
  const indent = spans.reduce((least, { row }) => Math.min(least, indentation(rows[row]?.text ?? '')), Number.MAX_SAFE_INTEGER);
  return {
    tokens: tokens.map((token) => ({ ...token, from: token.from - indent, to: token.to - indent })),
    lines: spans.map(({ row, start, end }) => ({ line: startLine + row, text: (rows[row]?.text ?? '').slice(indent), start, end })),
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
