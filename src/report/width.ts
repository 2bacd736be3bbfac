import stringWidth from 'string-width';

const ellipsis = '…';
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Terminal columns that a text without escapes takes; the same measure as cli-table3's. */
export function displayWidth(text: string): number {
  return stringWidth(text);
}

/** Cuts the end so that at most `columns` columns (≥ 1) remain, the ellipsis included. */
export function shortenEnd(text: string, columns: number): string {
  return displayWidth(text) <= columns ? text : head(split(text), columns - 1) + ellipsis;
}

/** Cuts the middle so that at most `columns` columns (≥ 1) remain; two thirds of them go to the end, where file names are. */
export function shortenMiddle(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  const parts = split(text);
  const start = head(parts, Math.floor((columns - 1) / 3));
  const end = head(parts.toReversed(), columns - 1 - displayWidth(start), true);
  return start + ellipsis + end;
}

function split(text: string): string[] {
  return Array.from(graphemes.segment(text), ({ segment }) => segment);
}

/** The longest prefix within `columns`; `backwards` when the parts come last first. */
function head(parts: readonly string[], columns: number, backwards = false): string {
  let taken = '';
  for (const part of parts) {
    const longer = backwards ? part + taken : taken + part;
    if (displayWidth(longer) > columns) break;
    taken = longer;
  }
  return taken;
}
