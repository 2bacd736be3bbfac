import { readFileSync } from 'node:fs';
import { Tokenizer } from '@huggingface/tokenizers';
import { SimcodeError } from '../errors.ts';
import { wordTokenizer } from './word-tokenizer.ts';

/** Stands before the ids of a function's name, after those of its lexemes. */
export const NAME_MARK = -1;
/** Longest name, special tokens included. */
const NAME_TOKENS = 24;

export interface TextTokenizer {
  /**
   * Ids with the model's special tokens around them, at most `maxTokens`: content beyond that is cut at its end,
   * the closing special tokens stay (what Hugging Face calls right truncation).
   */
  encode(text: string, maxTokens: number): readonly number[];
}

/** Longest text looked at first, per token asked for; a longer one is read on only if that gave too few tokens. */
const CHARS_PER_TOKEN = 16;
/** Tokens at the cut that may come out differently because their word was cut. */
const MARGIN = 8;

export interface TokenizerOptions {
  /** Put last where the tokenizer itself puts nothing there. */
  readonly endToken?: number | undefined;
  /** `lexemes` and `named-lexemes`: words between single spaces, which a BERT tokenizer cuts each by itself, so known ones are not cut again. */
  readonly input?: string | undefined;
}

/**
 * Reads a `tokenizer.json` (Hugging Face format).
 * @throws SimcodeError bad-model when it is not one
 */
export function loadTokenizer(path: string, { endToken, input }: TokenizerOptions = {}): TextTokenizer {
  try {
    const json: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof json !== 'object' || json === null) throw new Error('not an object');
    const tokenizer = new Tokenizer(json, {});
    const closing = closingCount(tokenizer);
    const whole = boundedTokenizer(tokenizer, closing);
    const texts = (input === 'lexemes' || input === 'named-lexemes') && cutsAtSpaces(json) ? wordTokenizer(whole, closing) : whole;
    const ended = closing === 0 && endToken !== undefined ? endedBy(texts, endToken) : texts;
    return input === 'named-lexemes' ? named(ended) : ended;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SimcodeError('bad-model', `${path} is not a tokenizer simcode can read (${reason})`, {
      hint: 'Copy the model folder again.', cause,
    });
  }
}

function cutsAtSpaces(json: object): boolean {
  const { pre_tokenizer: cut } = json as { readonly pre_tokenizer?: { readonly type?: unknown } | null };
  return cut?.type === 'BertPreTokenizer';
}

/** Of a line with a name and one with lexemes the ids of the lexemes and, where there is a name, a mark and its ids. */
function named({ encode }: TextTokenizer): TextTokenizer {
  return {
    encode(text, maxTokens) {
      const end = text.indexOf('\n');
      const lexemes = encode(text.slice(end + 1), maxTokens);
      return end <= 0 ? lexemes : [...lexemes, NAME_MARK, ...encode(text.slice(0, end), NAME_TOKENS)];
    },
  };
}

function endedBy({ encode }: TextTokenizer, endToken: number): TextTokenizer {
  return { encode: (text, maxTokens) => [...encode(text, maxTokens - 1), endToken] };
}

function boundedTokenizer(tokenizer: Tokenizer, closing: number): TextTokenizer {
  const encode = (text: string, maxTokens: number): readonly number[] => {
    let chars = Math.min(text.length, maxTokens * CHARS_PER_TOKEN);
    let ids: readonly number[] = tokenizer.encode(text.slice(0, chars)).ids;
    // a whole-text encoding costs time in the text's length, the result never needs more than maxTokens of it
    while (chars < text.length && ids.length < maxTokens + closing + MARGIN) {
      chars = Math.min(text.length, chars * 4);
      ids = tokenizer.encode(text.slice(0, chars)).ids;
    }
    if (ids.length <= maxTokens) return ids;
    return [...ids.slice(0, maxTokens - closing), ...ids.slice(ids.length - closing)];
  };
  return { encode };
}

/** How many special tokens the post-processor puts after the content. */
function closingCount(tokenizer: Tokenizer): number {
  const whole: readonly number[] = tokenizer.encode('a').ids;
  const bare: readonly number[] = tokenizer.encode('a', { add_special_tokens: false }).ids;
  const start = whole.findIndex((_, at) => bare.length > 0 && bare.every((id, step) => whole[at + step] === id));
  return start < 0 ? 0 : whole.length - start - bare.length;
}
