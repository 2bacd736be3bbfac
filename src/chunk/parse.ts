import type { ParseState } from 'web-tree-sitter';

import { readLeaves, type Leaves } from './leaves.ts';
import { flatten, type FlatTree } from './tree.ts';
import { ERROR_TYPE, type Grammar } from './grammar.ts';

/** A parsed text: its tree as arrays and its code in order. */
export interface Parsed {
  readonly text: string;
  readonly tree: FlatTree;
  readonly leaves: Leaves;
}

/** Progress calls after which a parse is given up, by length of the text: real files take one for 180 characters. */
const CALLS_BASE = 20_000;
const CALLS_PER_UNIT = 2;
/**
 * The same for calls without a step forward in the text: error recovery of some grammars (Kotlin's) inserts tokens for
 * ever. Real files stand still for up to one call in 400 characters, at their end.
 */
const STALL_BASE = 200;
const STALL_PER_UNIT = 0.01;
/** The same in milliseconds, for texts whose single steps are slow: a hundred times what a large real file takes. */
export const MAX_PARSE_MILLISECONDS = 60_000;
/** Brackets open at once beyond which a text is not parsed: ambiguous grammars take quadratic time in depth. */
const MAX_DEPTH = 1_000;

/** Parses a text; undefined when it takes too long (at the latest at `deadline`, a `performance.now()`) or has too many nodes. */
export function parseText(text: string, grammar: Grammar, deadline = performance.now() + MAX_PARSE_MILLISECONDS): Parsed | undefined {
  if (bracketDepth(text) > MAX_DEPTH) return undefined;
  const tree = grammar.parser.parse(text, null, { progressCallback: boundsOf(text.length, deadline) });
  if (tree === null) {
    grammar.parser.reset();
    return undefined;
  }
  try {
    const flat = flatten(tree, text, grammar);
    return flat === undefined ? undefined : { text, tree: flat, leaves: readLeaves(flat, text, grammar) };
  } finally {
    tree.delete();
  }
}

/** As `parseText` for a stretch of a text; indices are those of the whole text. */
export function parseStretch(text: string, start: number, end: number, grammar: Grammar, deadline?: number): Parsed | undefined {
  const parsed = parseText(text.slice(start, end), grammar, deadline);
  if (parsed === undefined || start === 0) return parsed === undefined ? undefined : { ...parsed, text };
  for (const indices of [parsed.tree.start, parsed.tree.end, parsed.leaves.start, parsed.leaves.end]) {
    for (let i = 0; i < indices.length; i++) indices[i] = (indices[i] ?? 0) + start;
  }
  return { ...parsed, text };
}

/** Tells when a parse has gone on for too long. */
function boundsOf(length: number, deadline: number): (state: ParseState) => boolean {
  const most = CALLS_BASE + length * CALLS_PER_UNIT;
  const mostStalled = STALL_BASE + length * STALL_PER_UNIT;
  let calls = 0;
  let furthest = -1;
  let stalled = 0;
  return ({ currentOffset }) => {
    stalled = currentOffset > furthest ? 0 : stalled + 1;
    furthest = Math.max(furthest, currentOffset);
    return ++calls > most || stalled > mostStalled || performance.now() > deadline;
  };
}

/** Most brackets open at once, by characters alone. */
function bracketDepth(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === 40 || unit === 91 || unit === 123) deepest = Math.max(deepest, ++depth);
    else if (unit === 41 || unit === 93 || unit === 125) depth = Math.max(0, depth - 1);
  }
  return deepest;
}

/** Parses a bare snippet: as it is, or inside the wrapping of its language that leaves the fewest errors. */
export function parseSnippet(text: string, grammar: Grammar): { readonly parsed: Parsed; readonly from: number; readonly to: number } | undefined {
  let best: { parsed: Parsed; from: number; to: number } | undefined;
  const { opening, snippets } = grammar.spec;
  const whole = { prefix: '', suffix: '' };
  const forms = opening === '' ? [whole, ...snippets] : text.includes(opening) ? [whole] : snippets;
  for (const { prefix, suffix } of forms) {
    const parsed = parseText(prefix + text + suffix, grammar);
    if (parsed === undefined) continue;
    if (best === undefined || errorWeight(parsed) < errorWeight(best.parsed)) {
      best = { parsed, from: leafAt(parsed.leaves, prefix.length), to: leafAt(parsed.leaves, prefix.length + text.length) };
    }
    if (errorWeight(parsed) === 0) break;
  }
  return best;
}

function errorWeight(parsed: Parsed): number {
  let weight = 0;
  const { tree } = parsed;
  for (let node = 0; node < tree.size; node++) if (tree.type[node] === ERROR_TYPE) weight += 1 + (tree.end[node] ?? 0) - (tree.start[node] ?? 0);
  return weight;
}

/** First leaf that starts at or after an index. */
export function leafAt(leaves: Leaves, index: number): number {
  let low = 0;
  let high = leaves.count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((leaves.start[middle] ?? 0) < index) low = middle + 1;
    else high = middle;
  }
  return low;
}
