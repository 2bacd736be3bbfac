import type { Grammar } from './grammar.ts';
import { ownNames } from './names.ts';
import { parseSnippet } from './parse.ts';
import { findUnits, withBoundNames } from './units.ts';

/** What is renamed: the functions and classes a unit defines, or every name it binds too (parameters, locals). */
export type MaskScope = 'definitions' | 'all';

/** Names that an interface imposes say nothing about the author's choice: they stay. */
const IMPOSED = new Set(['constructor', '__init__', 'init', 'toString', 'main', '__call__', 'new', 'default', '__str__', '__repr__',
  '__iter__', '__len__', '__eq__', '__hash__', 'initialize', 'equals', 'hashCode', 'compareTo', 'get', 'set']);

/**
 * Replaces a snippet's own names consistently: the k-th definition becomes `fn<k>`, the k-th bound name `v<k>`, from 0.
 * Text that cannot be parsed within bounds comes back unchanged.
 */
export function maskNames(text: string, grammar: Grammar, scope: MaskScope): string {
  const found = parseSnippet(text, grammar);
  if (found === undefined) return text;
  const { parsed, from, to } = found;
  const { leaves, text: whole } = parsed;
  const own = ownNames(withBoundNames(parsed, findUnits(parsed, grammar)), from, to);
  const prefix = whole.indexOf(text);
  let masked = '';
  let last = prefix;
  for (let i = from; i < to; i++) {
    const number = own[i - from] ?? 0;
    const name = whole.slice(leaves.start[i], leaves.end[i]);
    if (number === 0 || (scope === 'definitions' && number > 0) || IMPOSED.has(name)) continue;
    masked += whole.slice(last, leaves.start[i]) + (number < 0 ? `fn${-number - 1}` : `v${number - 1}`);
    last = leaves.end[i] ?? last;
  }
  return masked + whole.slice(last, prefix + text.length);
}
