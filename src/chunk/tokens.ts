import { TokenKind } from '../types.ts';
import { packToken, tokenHash } from '../util/tokens.ts';
import { Use, type Leaves } from './leaves.ts';

const OPEN = packToken(tokenHash('<indent>'), TokenKind.punctuation);
const CLOSE = packToken(tokenHash('<dedent>'), TokenKind.punctuation);
const SEMICOLON = ';'.charCodeAt(0);
const COMMA = ','.charCodeAt(0);
const CLOSERS = new Set([')', ']', '}', '>'].map((closer) => closer.charCodeAt(0)));
const STRING_START = /^[\p{L}@$]{0,3}#*("""|'''|["'`]|\[=*\[)/u;
const STRING_END = /("""|'''|["'`]|\]=*\])#*$/;

/**
 * Token entries of a stretch of leaves: `hash29 << 3 | kind`, layout dropped (`;` and commas before a closer),
 * strings hashed by content, indentation told by an open and a close entry.
 */
export function tokensOf(leaves: Leaves, text: string, from: number, to: number): Uint32Array {
  const tokens = new Uint32Array(to - from);
  let count = 0;
  for (let i = from; i < to; i++) {
    const use = leaves.use[i] ?? 0;
    const start = leaves.start[i] ?? 0;
    const end = leaves.end[i] ?? 0;
    if ((use & Use.open) !== 0) tokens[count++] = OPEN;
    else if ((use & Use.close) !== 0) tokens[count++] = CLOSE;
    else if (!isLayout(leaves, text, i, to)) {
      const kind = leaves.kind[i] as TokenKind;
      const raw = text.slice(start, end);
      tokens[count++] = packToken(tokenHash(kind === TokenKind.string ? content(raw, (use & Use.continues) !== 0) : raw), kind);
    }
  }
  return tokens.slice(0, count);
}

function isLayout(leaves: Leaves, text: string, leaf: number, to: number): boolean {
  const start = leaves.start[leaf] ?? 0;
  if (leaves.end[leaf] !== start + 1) return false;
  const unit = text.charCodeAt(start);
  if (unit === SEMICOLON) return true;
  return unit === COMMA && leaf + 1 < to && CLOSERS.has(text.charCodeAt(leaves.start[leaf + 1] ?? 0));
}

/** A string without its quotes; a later piece of one has only a closing quote, if any. */
function content(raw: string, continues: boolean): string {
  return (continues ? raw : raw.replace(STRING_START, '')).replace(STRING_END, '');
}
