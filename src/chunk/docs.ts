import type { Parsed } from './parse.ts';
import type { Unit } from './units.ts';

/** Documentation of a unit without its markers: its docstring, else the comments that end just above it. */
export function docOf(parsed: Parsed, unit: Unit): string | undefined {
  return docstring(parsed, unit) ?? commentAbove(parsed, unit.startIndex);
}

function docstring({ tree, text, leaves }: Parsed, unit: Unit): string | undefined {
  const first = leaves.docs[firstAbove(leaves.docs, (node) => node > unit.node)];
  if (first === undefined || first >= (tree.next[unit.node] ?? 0)) return undefined;
  const block = tree.parent[first] ?? -1;
  if (block + 1 !== first || tree.parent[block] !== unit.node) return undefined;
  return tidy(text.slice(tree.start[first], tree.end[first]).replace(/^\w{0,2}("""|'''|"|')|("""|'''|"|')$/g, ''));
}

function commentAbove({ tree, text, leaves }: Parsed, startIndex: number): string | undefined {
  const parts: string[] = [];
  let below = startIndex;
  for (let at = firstAbove(leaves.comments, (node) => (tree.start[node] ?? 0) >= startIndex) - 1; at >= 0; at--) {
    const node = leaves.comments[at] ?? 0;
    const between = text.slice(tree.end[node], below);
    if (text.startsWith('#!', tree.start[node]) || between.trim() !== '' || between.split('\n').length > 2) break;
    below = tree.start[node] ?? 0;
    parts.unshift(text.slice(below, tree.end[node]));
  }
  return parts.length === 0 ? undefined : tidy(parts.join('\n'));
}

/** Index of the first element that fulfils a monotone condition. */
function firstAbove(sorted: readonly number[], holds: (value: number) => boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(sorted[middle] ?? 0)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Comment text without markers and margins. */
function tidy(comment: string): string | undefined {
  const lines = comment.split('\n').map((line) => line.replace(/^\s*(?:\/\*+!?|\/\/+[/!]?|\*+(?!\w)|#+!?|--+\[*|"""|=begin)?\s?/, '').replace(/\s*(?:\*+\/|\]\]|=end)?\s*$/, ''));
  const text = lines.join('\n').trim();
  return text === '' ? undefined : text;
}
