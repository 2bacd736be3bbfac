import type { Tree, TreeCursor } from 'web-tree-sitter';

import { ERROR_TYPE, Role, type Grammar } from './grammar.ts';

/** A syntax tree as arrays in pre-order: node i's subtree is [i, next[i]). Read once, then no call crosses into wasm. */
export interface FlatTree {
  readonly size: number;
  readonly type: Uint16Array;
  /** Field id in the parent, 0 for none. */
  readonly field: Uint16Array;
  readonly parent: Int32Array;
  readonly next: Int32Array;
  /** UTF-16 indices. */
  readonly start: Int32Array;
  readonly end: Int32Array;
  /** Place among the parent's named children that are no comments, -1 for others. */
  readonly ordinal: Int32Array;
  /** Error nodes, outermost only. */
  readonly errors: number;
}

/** Nodes of one file; past it a file is refused (memory bound: 26 bytes a node). */
export const MAX_NODES = 4_000_000;

interface Growing { type: Uint16Array; field: Uint16Array; parent: Int32Array; next: Int32Array; start: Int32Array; end: Int32Array; ordinal: Int32Array; named: Int32Array }

function allocate(capacity: number, old?: Growing): Growing {
  const grow = <T extends Uint16Array | Int32Array>(fresh: T, from: T | undefined): T => { if (from !== undefined) fresh.set(from); return fresh; };
  return {
    type: grow(new Uint16Array(capacity), old?.type), field: grow(new Uint16Array(capacity), old?.field),
    parent: grow(new Int32Array(capacity), old?.parent), next: grow(new Int32Array(capacity), old?.next),
    start: grow(new Int32Array(capacity), old?.start), end: grow(new Int32Array(capacity), old?.end),
    ordinal: grow(new Int32Array(capacity), old?.ordinal), named: grow(new Int32Array(capacity), old?.named),
  };
}

/** Flattens a tree without recursion; undefined when it has more than MAX_NODES nodes. */
export function flatten(tree: Tree, grammar: Grammar): FlatTree | undefined {
  const cursor = tree.walk();
  try {
    return walk(cursor, grammar);
  } finally {
    cursor.delete();
  }
}

function walk(cursor: TreeCursor, grammar: Grammar): FlatTree | undefined {
  let arrays = allocate(4096);
  let size = 0;
  let parent = -1;
  let errors = 0;
  let errorEnd = 0;
  for (;;) {
    if (size === arrays.type.length) {
      if (size >= MAX_NODES) return undefined;
      arrays = allocate(size * 2, arrays);
    }
    const type = cursor.nodeTypeId;
    const role = grammar.roles[type] ?? Role.named;
    arrays.type[size] = type;
    arrays.field[size] = cursor.currentFieldId;
    arrays.parent[size] = parent;
    arrays.start[size] = cursor.startIndex;
    arrays.end[size] = cursor.endIndex;
    arrays.named[size] = 0;
    const counts = (role & Role.named) !== 0 && (role & Role.comment) === 0 && parent >= 0;
    arrays.ordinal[size] = counts ? (arrays.named[parent] ?? 0) : -1;
    if (counts) arrays.named[parent] = (arrays.named[parent] ?? 0) + 1;
    if (type === ERROR_TYPE && (arrays.start[size] ?? 0) >= errorEnd) {
      errors++;
      errorEnd = arrays.end[size] ?? 0;
    }
    const node = size++;
    if ((role & Role.comment) === 0 && cursor.gotoFirstChild()) {
      parent = node;
      continue;
    }
    arrays.next[node] = size;
    while (!cursor.gotoNextSibling()) {
      if (!cursor.gotoParent()) return { ...arrays, size, errors };
      arrays.next[parent] = size;
      parent = arrays.parent[parent] ?? -1;
    }
  }
}
