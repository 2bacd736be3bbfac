import type { Grammar } from './grammar.ts';
import type { FlatTree } from './tree.ts';

/** First child of a node that a selector tail names (`field`, `*`, `#0`, `#child_type`), or -1. */
export function childBy(tree: FlatTree, grammar: Grammar, node: number, tail: string): number {
  const field = tail.startsWith('#') || tail === '*' ? undefined : (grammar.fieldIds.get(tail) ?? -1);
  const ordinal = /^#\d+$/.test(tail) ? Number(tail.slice(1)) : undefined;
  const end = tree.next[node] ?? node + 1;
  for (let child = node + 1; child < end; child = tree.next[child] ?? end) {
    if (tail === '*') return child;
    if (field !== undefined ? tree.field[child] === field
      : ordinal !== undefined ? tree.ordinal[child] === ordinal
        : typeName(tree, grammar, child) === tail.slice(1)) return child;
  }
  return -1;
}

/** Selector tail of the name that the child is bound to by its parent, or undefined. */
export function bindingOf(tree: FlatTree, grammar: Grammar, parent: number, child: number): string | undefined {
  for (const tail of grammar.bindings.get(tree.type[parent] ?? 0) ?? []) {
    const hit = tail.field !== undefined ? tree.field[child] === tail.field
      : tail.ordinal !== undefined ? tree.ordinal[child] === tail.ordinal
        : tail.child === undefined || typeName(tree, grammar, child) === tail.child;
    if (hit) return tail.name;
  }
  return undefined;
}

/** Name of a node's type. */
export function typeName(tree: FlatTree, grammar: Grammar, node: number): string {
  return grammar.typeNames[tree.type[node] ?? 0] ?? 'ERROR';
}
