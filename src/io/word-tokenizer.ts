import type { TextTokenizer } from './tokenizer.ts';

/** Distinct words kept; the vocabulary of code is large, but its tail is met once. */
const MOST_WORDS = 1 << 16;
const LONGEST = 64;

/**
 * A tokenizer of texts whose words are cut one by one, each distinct word once: code says the same words again and again.
 * @param cut ids of a word without special tokens
 * @param frame ids of the empty text: what goes before and after, `closing` of them after
 */
export function wordTokenizer(cut: (word: string) => readonly number[], frame: readonly number[], closing: number): TextTokenizer {
  const known = new Map<string, readonly number[]>();
  const opening = frame.slice(0, frame.length - closing);
  const end = frame.slice(opening.length);
  const idsOf = (word: string): readonly number[] => {
    const found = known.get(word);
    if (found !== undefined) return found;
    const ids = cut(word);
    if (known.size === MOST_WORDS) known.clear();
    if (word.length <= LONGEST) known.set(word, ids);
    return ids;
  };
  return {
    encode(text, maxTokens) {
      const ids = [...opening];
      const room = maxTokens - closing;
      for (const word of words(text)) {
        for (const id of idsOf(word)) ids.push(id);
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
