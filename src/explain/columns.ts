import { escapeText } from '../report/escape.ts';
import type { Painter, Style } from '../report/options.ts';
import { displayWidth } from '../report/width.ts';
import type { DiffLine, DiffRow } from './schema.ts';

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
const MARKS: Readonly<Record<DiffRow['kind'], string>> = { same: ' ', renamed: '≈', changed: '~', removed: '<', added: '>' };
const MARK_STYLES: Readonly<Record<DiffRow['kind'], Style>> = { same: 'dim', renamed: 'cyan', changed: 'yellow', removed: 'red', added: 'green' };
/** Columns of code on each side at least. */
const MIN_CODE = 12;

/** Two functions side by side within `width` columns; long lines go on below. */
export function sideBySide(rows: readonly DiffRow[], width: number, paint: Painter): string {
  const digits = Math.max(2, ...rows.flatMap(({ a, b }) => [a, b].map((side) => String(side?.line ?? '').length)));
  const code = Math.max(MIN_CODE, Math.floor((width - 2 * digits - 7) / 2));
  const lines = rows.flatMap(({ kind, a, b }) => {
    const left = wrap(a, kind, code, paint);
    const right = wrap(b, kind, code, paint);
    return Array.from({ length: Math.max(left.length, right.length, 1) }, (_, i) => {
      const numberOf = (side: DiffLine | undefined): string => paint('dim', (i === 0 ? String(side?.line ?? '') : '').padStart(digits));
      const mark = paint(MARK_STYLES[kind], i === 0 ? MARKS[kind] : ' ');
      return `${numberOf(a)}  ${left[i] ?? ' '.repeat(code)} ${mark} ${numberOf(b)}  ${right[i] ?? ''}`.trimEnd();
    });
  });
  return lines.join('\n');
}

/** A line cut into pieces of `columns` columns, each padded, with its differences painted. */
function wrap(line: DiffLine | undefined, kind: DiffRow['kind'], columns: number, paint: Painter): string[] {
  if (line === undefined) return [];
  const whole: Style | undefined = kind === 'removed' ? 'red' : kind === 'added' ? 'green' : undefined;
  const pieces: string[] = [];
  let piece = '';
  let used = 0;
  for (const { text, style } of segments(line, whole)) {
    let run = '';
    const flush = (): void => {
      piece += style === undefined || run === '' ? run : paint(style, run);
      run = '';
    };
    for (const { segment } of graphemes.segment(escapeText(text))) {
      const wide = displayWidth(segment);
      if (used + wide > columns) {
        flush();
        pieces.push(piece + ' '.repeat(Math.max(0, columns - used)));
        piece = '';
        used = 0;
      }
      run += segment;
      used += wide;
    }
    flush();
  }
  pieces.push(piece + ' '.repeat(Math.max(0, columns - used)));
  return pieces;
}

function segments({ text, spans }: DiffLine, whole: Style | undefined): { readonly text: string; readonly style: Style | undefined }[] {
  if (whole !== undefined) return [{ text, style: whole }];
  const found: { text: string; style: Style | undefined }[] = [];
  let at = 0;
  for (const [from, to, kind] of spans) {
    found.push({ text: text.slice(at, from), style: undefined }, { text: text.slice(from, to), style: kind === 'changed' ? 'yellow' : 'cyan' });
    at = to;
  }
  return [...found, { text: text.slice(at), style: undefined }];
}
