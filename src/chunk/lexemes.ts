import { TokenKind } from '../types.ts';
import { splitWords } from '../util/words.ts';
import { Use, type Leaves } from './leaves.ts';

/** The model's input for a stretch of leaves, with the leaf each lexeme comes from. */
export interface LexemeStream {
  readonly lexemes: readonly string[];
  readonly leaf: Int32Array;
}

/** Words of a string that are kept. */
const STRING_WORDS = 4;
/** Longest number kept as written. */
const NUMBER_LENGTH = 4;
const PART = /(?<number>\d[\p{L}\p{N}_.]*)|(?<word>[\p{L}_$][\p{L}\p{M}\p{N}_$]*)|===|!==|==|!=|<=|>=|=>|->|&&|\|\||\+\+|--|\+=|-=|\*=|\/=|%=|<<|>>|\*\*|::|\?\?|[-+*/%<>=!&|^~?:[\].@#]/gu;
const QUOTED = /^[\p{L}@$#]{0,3}(?=["'`#])/u;
const KEPT = 200_000;

const known = new Map<string, readonly string[]>();

/**
 * The lexeme stream: one implementation for every language.
 * Identifiers and keywords become lower-case words, `; , ( ) { }` go, other operators stay,
 * strings become `"` and their first 4 words, numbers longer than 4 characters become `num`.
 */
export function lexemesOf(leaves: Leaves, text: string, from: number, to: number): LexemeStream {
  const lexemes: string[] = [];
  const leaf: number[] = [];
  let wordsLeft = STRING_WORDS;
  for (let i = from; i < to; i++) {
    const use = leaves.use[i] ?? 0;
    if ((use & (Use.open | Use.close)) !== 0) continue;
    const raw = text.slice(leaves.start[i], leaves.end[i]);
    if (isDelimiter(raw, leaves.kind[i] ?? 0)) continue;
    let parts: readonly string[];
    if (leaves.kind[i] === TokenKind.string) {
      const continues = (use & Use.continues) !== 0;
      parts = stringLexemes(raw, continues, continues ? wordsLeft : STRING_WORDS);
      wordsLeft = continues ? wordsLeft - parts.length : STRING_WORDS + 1 - parts.length;
    } else parts = leaves.kind[i] === TokenKind.number ? [numberLexeme(raw)] : codeLexemes(raw);
    for (const part of parts) {
      lexemes.push(part);
      leaf.push(i);
    }
  }
  return { lexemes: lexemes.slice(), leaf: Int32Array.from(leaf) };
}

/** What opens code inside a string. */
function isDelimiter(raw: string, kind: number): boolean {
  return (kind === TokenKind.punctuation || kind === TokenKind.operator) && (raw === '$' || raw === '${' || raw === '#{' || raw === '\\(');
}

function stringLexemes(raw: string, continues: boolean, limit: number): readonly string[] {
  const head = raw.slice(0, 256);
  const words = splitWords(continues ? head : head.replace(QUOTED, ''), limit);
  return continues ? words : ['"', ...words];
}

function numberLexeme(raw: string): string {
  return raw.length <= NUMBER_LENGTH ? raw : 'num';
}

/** Lexemes of a leaf that is neither string nor number, remembered by text. */
function codeLexemes(raw: string): readonly string[] {
  const found = known.get(raw);
  if (found !== undefined) return found;
  const parts: string[] = [];
  for (const match of raw.matchAll(PART)) {
    const { number, word } = match.groups ?? {};
    if (number !== undefined) parts.push(numberLexeme(number));
    else if (word === undefined) parts.push(match[0]);
    else {
      const words = splitWords(word);
      parts.push(...(words.length > 0 ? words : [word.toLowerCase()]));
    }
  }
  if (known.size >= KEPT) known.clear();
  // a slice of the source would keep the whole file alive
  known.set(Buffer.from(raw).toString(), parts);
  return parts;
}
