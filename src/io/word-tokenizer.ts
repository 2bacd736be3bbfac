import type { TextTokenizer } from './tokenizer.ts';

/** Distinct words kept; the vocabulary of code is large, but its tail is met once. */
const MOST_WORDS = 1 << 16;
const LONGEST = 64;

/**
 * A tokenizer of texts whose words are cut one by one, each distinct word once: code says the same words again and again.
 * @param whole cuts a text at once, with special tokens around it, `closing` of them after
 */
export function wordTokenizer(whole: TextTokenizer, closing: number): TextTokenizer {
  const known = new Map<string, readonly number[]>();
  const frame = whole.encode('', Infinity);
  const opening = frame.slice(0, frame.length - closing);
  const end = frame.slice(opening.length);
  const cut = (word: string, maxTokens: number): readonly number[] => whole.encode(word, maxTokens).slice(opening.length, -closing || undefined);
  const idsOf = (word: string, maxTokens: number): readonly number[] => {
    // what is left of a long word depends on how much was asked for
    if (word.length > LONGEST) return cut(word, maxTokens);
    const found = known.get(word);
    if (found !== undefined) return found;
    const ids = cut(word, Infinity);
    if (known.size === MOST_WORDS) known.clear();
    known.set(word, ids);
    return ids;
  };
  return {
    encode(text, maxTokens) {
      const ids = [...opening];
      const room = maxTokens - closing;
      for (const word of words(text)) {
        for (const id of idsOf(word, maxTokens)) ids.push(id);
        if (ids.length >= room) break;
      }
      return [...ids.slice(0, room), ...end];
    },
  };
}

function* words(text: string): Generator<string> {
  for (let start = 0; start < text.length;) {
    const space = text.indexOf(' ', start);
    const stop = space < 0 ? text.length : space;
    if (stop > start) yield text.slice(start, stop);
    start = stop + 1;
  }
}
