const WORD = /\p{Lu}+(?=\p{Lu}\p{Ll})|\p{Lu}?\p{Ll}+|\p{Lu}+|[\p{Lo}\p{Lm}]+|\p{Nd}+/gu;
const ASCII_WORD = /[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+/g;
// oxlint-disable-next-line no-control-regex
const ASCII = /^[\x00-\x7f]*$/;

/** Lower-case words of an identifier or text: `fetchHTMLPage2` → fetch, html, page, 2. At most `limit` of them. */
export function splitWords(text: string, limit = Number.POSITIVE_INFINITY): readonly string[] {
  const pattern = ASCII.test(text) ? ASCII_WORD : WORD;
  const words: string[] = [];
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match !== null && words.length < limit; match = pattern.exec(text)) {
    words.push(match[0].toLowerCase());
  }
  return words;
}
