import { Parser, type Tree } from 'web-tree-sitter';

/** A place in a syntax tree, at its root to begin with. */
export interface Cursor {
  readonly typeId: () => number;
  readonly fieldId: () => number;
  /** UTF-16 indices. */
  readonly start: () => number;
  readonly end: () => number;
  /** Whether it moved. */
  readonly toFirstChild: () => boolean;
  readonly toNextSibling: () => boolean;
  readonly toParent: () => boolean;
  readonly close: () => void;
}

type Call = (tree: number) => number;
type Calls = Readonly<Record<keyof Cursor | 'root' | 'open', Call>>;

/** Names of the runtime's functions, all of the tree's address; root, then open, set the cursor that the others read and write. */
const NAMES: Readonly<Record<keyof Calls, string>> = {
  root: '_ts_tree_root_node_wasm', open: '_ts_tree_cursor_new_wasm', close: '_ts_tree_cursor_delete_wasm',
  typeId: '_ts_tree_cursor_current_node_type_id_wasm', fieldId: '_ts_tree_cursor_current_field_id_wasm',
  start: '_ts_tree_cursor_start_index_wasm', end: '_ts_tree_cursor_end_index_wasm',
  toFirstChild: '_ts_tree_cursor_goto_first_child_wasm', toNextSibling: '_ts_tree_cursor_goto_next_sibling_wasm', toParent: '_ts_tree_cursor_goto_parent_wasm',
};

/** The runtime puts its functions here, unless someone else in this process started it. */
const runtime: Record<string, unknown> = {};
let started: Promise<boolean> | undefined;

/** Starts the parsers' runtime, once a process; whether its functions can be called directly. */
export function startRuntime(): Promise<boolean> {
  started ??= Parser.init(runtime).then(() => calls() !== undefined);
  return started;
}

let known: Calls | undefined;

function calls(): Calls | undefined {
  if (Object.values(NAMES).some((name) => typeof runtime[name] !== 'function')) return undefined;
  known ??= Object.fromEntries(Object.entries(NAMES).map(([key, name]) => [key, runtime[name]])) as Calls;
  return known;
}

/**
 * A cursor over a tree; one at a time, and closed before anything else is done with the runtime. It calls the runtime
 * directly: `TreeCursor` copies its state into the runtime's memory and back at each step, which takes longer than the step.
 */
export function openCursor(tree: Tree): Cursor {
  const direct = calls();
  const address: unknown = (tree as unknown as Readonly<Record<number, unknown>>)[0];
  return direct === undefined || typeof address !== 'number' ? copyingCursor(tree) : directCursor(direct, address);
}

function directCursor({ root, open, close, typeId, fieldId, start, end, toFirstChild, toNextSibling, toParent }: Calls, tree: number): Cursor {
  root(tree);
  open(tree);
  return {
    typeId: () => typeId(tree), fieldId: () => fieldId(tree), start: () => start(tree), end: () => end(tree),
    toFirstChild: () => toFirstChild(tree) === 1, toNextSibling: () => toNextSibling(tree) === 1, toParent: () => toParent(tree) === 1,
    close: () => void close(tree),
  };
}

function copyingCursor(tree: Tree): Cursor {
  const cursor = tree.walk();
  return {
    typeId: () => cursor.nodeTypeId, fieldId: () => cursor.currentFieldId, start: () => cursor.startIndex, end: () => cursor.endIndex,
    toFirstChild: () => cursor.gotoFirstChild(), toNextSibling: () => cursor.gotoNextSibling(), toParent: () => cursor.gotoParent(),
    close: () => cursor.delete(),
  };
}
