import type { Tree } from 'web-tree-sitter';

import { openCursor, type Cursor } from './cursor.ts';
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

/** Kept between files: a fresh set for each costs more than the walk of a small one. */
let scratch: Growing = allocate(1 << 14);

function allocate(capacity: number): Growing {
  return {
    type: new Uint16Array(capacity), field: new Uint16Array(capacity), parent: new Int32Array(capacity), next: new Int32Array(capacity),
    start: new Int32Array(capacity), end: new Int32Array(capacity), ordinal: new Int32Array(capacity), named: new Int32Array(capacity),
  };
}

function grown(old: Growing): Growing {
  const fresh = allocate(old.type.length * 2);
  for (const key of Object.keys(old) as (keyof Growing)[]) fresh[key].set(old[key]);
  return fresh;
}

function finished(size: number, errors: number): FlatTree {
  const { type, field, parent, next, start, end, ordinal } = scratch;
  return {
    size, errors, type: type.slice(0, size), field: field.slice(0, size), parent: parent.slice(0, size), next: next.slice(0, size),
    start: start.slice(0, size), end: end.slice(0, size), ordinal: ordinal.slice(0, size),
  };
}

/** Flattens a tree without recursion; undefined when it has more than MAX_NODES nodes. */
export function flatten(tree: Tree, text: string, grammar: Grammar): FlatTree | undefined {
  const cursor = openCursor(tree);
  try {
    return walk(cursor, text, grammar);
  } finally {
    cursor.close();
  }
}

function walk(cursor: Cursor, text: string, grammar: Grammar): FlatTree | undefined {
  let arrays = scratch;
  let size = 0;
  let parent = -1;
  let errors = 0;
  let errorEnd = 0;
  for (;;) {
    if (size === arrays.type.length) {
      if (size >= MAX_NODES) return undefined;
      arrays = grown(arrays);
      scratch = arrays;
    }
    const node = size++;
    const type = cursor.typeId();
    const start = cursor.start();
    const role = grammar.roles[type] ?? Role.named;
    const named = (role & Role.named) !== 0;
    arrays.type[node] = type;
    arrays.parent[node] = parent;
    arrays.start[node] = start;
    arrays.named[node] = 0;
    arrays.field[node] = named ? cursor.fieldId() : 0;
    // each call crosses into wasm: a token that reads like its name has no children and ends where the name does
    const literal = named ? undefined : grammar.typeNames[type];
    const plain = literal !== undefined && text.startsWith(literal, start);
    arrays.end[node] = plain ? start + literal.length : cursor.end();
    const counts = named && (role & Role.comment) === 0 && parent >= 0;
    arrays.ordinal[node] = counts ? (arrays.named[parent] ?? 0) : -1;
    if (counts) arrays.named[parent] = (arrays.named[parent] ?? 0) + 1;
    if (type === ERROR_TYPE && start >= errorEnd) {
      errors++;
      errorEnd = arrays.end[node] ?? 0;
    }
    if (!plain && (role & Role.comment) === 0 && cursor.toFirstChild()) {
      parent = node;
      continue;
    }
    arrays.next[node] = size;
    while (!cursor.toNextSibling()) {
      if (!cursor.toParent()) return finished(size, errors);
      arrays.next[parent] = size;
      parent = arrays.parent[parent] ?? -1;
    }
  }
}
