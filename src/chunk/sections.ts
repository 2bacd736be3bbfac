import { ERROR_TYPE, type Grammar } from './grammar.ts';
import { MAX_PARSE_MILLISECONDS, parseStretch, type Parsed } from './parse.ts';

/** A stretch of a text, half-open. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** What could be parsed of a text, in order; indices are those of the text. `lost` could not be parsed within bounds. */
export interface Sections {
  readonly parsed: readonly Parsed[];
  readonly lost: readonly Stretch[];
  /** Characters passed over, blanks apart. */
  readonly unread: number;
}

/** Sections of fewer lines are not cut further. */
const LEAST_LINES = 8;
/** Parses of one text that may fail: halving finds three bad places in a thousand lines with fewer. */
const MAX_FAILURES = 24;
/** Share of a text that a parser may pass over before it is tried in sections. */
const MAX_UNREAD = 0.25;

/**
 * Parses a stretch of a text whole or, where a parse does not end or recovers from an error by passing over much of the
 * text, in ever smaller sections around the place.
 */
export function parseSections(text: string, stretch: Stretch, grammar: Grammar): Sections {
  const deadline = performance.now() + MAX_PARSE_MILLISECONDS;
  let failures = 0;
  const read = ({ start, end }: Stretch): Sections => {
    const parsed = failures < MAX_FAILURES ? parseStretch(text, start, end, grammar, deadline) : undefined;
    const unread = parsed === undefined ? end - start : unreadOf(parsed, start, end);
    const whole = { parsed: parsed === undefined ? [] : [parsed], lost: parsed === undefined ? [{ start, end }] : [], unread };
    if (parsed !== undefined && unread <= MAX_UNREAD * (end - start)) return whole;
    const cut = failures++ < MAX_FAILURES ? cutOf(text, start, end) : undefined;
    if (cut === undefined) return whole;
    const [above, below] = [read({ start, end: cut }), read({ start: cut, end })];
    if (above.unread + below.unread >= unread) return whole;
    return { parsed: [...above.parsed, ...below.parsed], lost: [...above.lost, ...below.lost], unread: above.unread + below.unread };
  };
  return read(stretch);
}

/** Characters of the root and of errors that belong to none of their children. */
function unreadOf({ tree, text }: Parsed, start: number, end: number): number {
  let unread = 0;
  for (let node = 0; node < tree.size; node++) {
    if (node > 0 && tree.type[node] !== ERROR_TYPE) continue;
    let at = node === 0 ? start : (tree.start[node] ?? 0);
    for (let child = node + 1; child < (tree.next[node] ?? 0); child = tree.next[child] ?? tree.size) {
      unread += text.slice(at, tree.start[child]).trim().length;
      at = tree.end[child] ?? at;
    }
    unread += text.slice(at, node === 0 ? end : tree.end[node]).trim().length;
    if (tree.errors === 0) break;
  }
  return unread;
}

/** Where to cut: before the least indented line that begins something, away from both ends of the stretch. */
function cutOf(text: string, start: number, end: number): number | undefined {
  const lines: number[] = [];
  for (let at = text.indexOf('\n', start); at >= 0 && at < end - 1; at = text.indexOf('\n', at + 1)) lines.push(at + 1);
  if (lines.length < LEAST_LINES) return undefined;
  const margin = Math.floor(lines.length / 8);
  let best: { readonly at: number; readonly cost: number } | undefined;
  for (const [i, at] of lines.entries()) {
    if (i < margin || i >= lines.length - margin) continue;
    const indent = /^[ \t]*(?=[^\s})\]])/.exec(text.slice(at, at + 200))?.[0].length;
    const cost = (indent ?? 200) * lines.length + Math.abs(i - lines.length / 2);
    if (best === undefined || cost < best.cost) best = { at, cost };
  }
  return best?.at;
}
