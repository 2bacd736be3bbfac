import { TokenKind } from '../types.ts';
import { Edge, Role, type Grammar } from './grammar.ts';
import type { FlatTree } from './tree.ts';

/** How a leaf's name is used. */
export const Use = { binds: 1, defines: 2, continues: 4, open: 8, close: 16 } as const;

/** The code of a file in order: every leaf but comments and documentation, strings whole or piece by piece. */
export interface Leaves {
  readonly count: number;
  readonly start: Int32Array;
  readonly end: Int32Array;
  readonly kind: Uint8Array;
  /** Mask of Use. */
  readonly use: Uint8Array;
  /** First leaf at or after a node, by node. */
  readonly at: Int32Array;
  /** Comment nodes, and documentation statements, in order. */
  readonly comments: readonly number[];
  readonly docs: readonly number[];
}

const Context = { comment: 1, string: 2, binds: 4, defines: 8, call: 16, property: 32 } as const;
const WORDLIKE = /^[\p{L}_]/u;
const PUNCTUATION = new Set(['(', ')', '[', ']', '{', '}', ',', ';', ':', '.', '#{', '${', '?.', '::', '->', '@', '"', "'", '`']);

interface OpenString { readonly end: number; readonly node: number; position: number; pieces: number }

/** Classifies the leaves of a tree in one pass over its nodes. */
export function readLeaves(tree: FlatTree, text: string, grammar: Grammar): Leaves {
  const reader = new LeafReader(tree, text, grammar);
  return reader.read();
}

class LeafReader {
  private readonly context: Uint8Array;
  private readonly starts: number[] = [];
  private readonly ends: number[] = [];
  private readonly kinds: number[] = [];
  private readonly uses: number[] = [];
  private readonly comments: number[] = [];
  private readonly docs: number[] = [];
  private readonly strings: OpenString[] = [];
  private readonly blocks: number[] = [];
  private readonly kindOfAnonymous = new Map<number, number>();

  private readonly tree: FlatTree;
  private readonly text: string;
  private readonly grammar: Grammar;

  constructor(tree: FlatTree, text: string, grammar: Grammar) {
    this.tree = tree;
    this.text = text;
    this.grammar = grammar;
    this.context = new Uint8Array(tree.size);
  }

  read(): Leaves {
    const { tree } = this;
    const at = new Int32Array(tree.size + 1);
    let node = 0;
    while (node < tree.size) {
      this.closeUpTo(node);
      at[node] = this.starts.length;
      const next = this.visit(node);
      for (let skipped = node + 1; skipped < next; skipped++) at[skipped] = this.starts.length;
      node = next;
    }
    this.closeUpTo(tree.size);
    at[tree.size] = this.starts.length;
    return {
      count: this.starts.length, start: Int32Array.from(this.starts), end: Int32Array.from(this.ends),
      kind: Uint8Array.from(this.kinds), use: Uint8Array.from(this.uses), at,
      comments: this.comments, docs: this.docs,
    };
  }

  /** Handles one node; returns the node to go on with. */
  private visit(node: number): number {
    const { tree, context } = this;
    const next = tree.next[node] ?? tree.size;
    const role = this.grammar.roles[tree.type[node] ?? 0] ?? Role.named;
    const parent = tree.parent[node] ?? -1;
    const outer = parent < 0 ? 0 : (context[parent] ?? 0);
    if ((role & Role.comment) !== 0) this.comments.push(node);
    if ((role & (Role.comment | Role.skip)) !== 0) return next;
    if ((role & Role.docstring) !== 0 && this.isDocumentation(node)) {
      this.docs.push(node);
      return next;
    }
    if ((outer & Context.string) !== 0) {
      if ((role & Role.interpolation) === 0) {
        context[node] = Context.string;
        return node + 1;
      }
      this.cutString(node);
    } else if ((role & Role.string) !== 0) return this.openString(node, next);
    context[node] = this.contextOf(node, parent, outer);
    if ((role & Role.application) !== 0) this.markCallee();
    if ((role & Role.block) !== 0) this.openBlock(node, next);
    if (next > node + 1 && (role & Role.atom) === 0) return node + 1;
    this.emitLeaf(node, role);
    return next;
  }

  /** What a node inherits from its parent, changed by what its place says. */
  private contextOf(node: number, parent: number, outer: number): number {
    if (parent < 0) return 0;
    const edge = edgeOf(this.tree, this.grammar, parent, node);
    let inherited = outer & (Context.binds | Context.defines | Context.property);
    if ((edge & Edge.unbinder) !== 0) inherited = 0;
    if ((edge & Edge.binder) !== 0) inherited = Context.binds;
    if ((edge & Edge.definition) !== 0) inherited = Context.defines;
    inherited &= ~Context.property;
    if ((edge & Edge.property) !== 0) inherited |= Context.property | (outer & Context.call);
    if ((edge & Edge.call) !== 0) inherited |= Context.call;
    return inherited;
  }

  private isDocumentation(node: number): boolean {
    const { tree } = this;
    const child = node + 1;
    if ((tree.next[node] ?? 0) <= child) return false;
    const role = this.grammar.roles[tree.type[child] ?? 0] ?? 0;
    if ((role & Role.string) === 0) return false;
    const after = tree.next[child] ?? tree.size;
    return after === tree.next[node] || (tree.type[after] ?? 0) !== 0 && this.text.slice(tree.start[after], tree.end[after]) === ';';
  }

  private openString(node: number, next: number): number {
    const { tree, grammar } = this;
    this.context[node] = Context.string;
    for (let inner = node + 1; inner < next; inner++) {
      if (((grammar.roles[tree.type[inner] ?? 0] ?? 0) & Role.interpolation) !== 0) {
        this.strings.push({ end: next, node, position: tree.start[node] ?? 0, pieces: 0 });
        return node + 1;
      }
    }
    const start = tree.start[node] ?? 0;
    const end = tree.end[node] ?? 0;
    const text = this.text.slice(start, end);
    if (text.trim() !== '') this.emit(start, end, TokenKind.string, 0);
    return next;
  }

  private cutString(interpolation: number): void {
    const open = this.strings.at(-1);
    if (open === undefined) return;
    this.emitPiece(open, this.tree.start[interpolation] ?? 0);
    open.position = this.tree.end[interpolation] ?? 0;
  }

  private emitPiece(open: OpenString, end: number): void {
    if (end > open.position || open.pieces === 0) {
      this.emit(open.position, Math.max(end, open.position), TokenKind.string, open.pieces === 0 ? 0 : Use.continues);
    }
    open.pieces++;
  }

  private openBlock(node: number, next: number): void {
    const start = this.tree.start[node] ?? 0;
    this.emit(start, start, TokenKind.punctuation, Use.open);
    this.blocks.push(next, this.tree.end[node] ?? 0);
  }

  private closeUpTo(node: number): void {
    for (let open = this.strings.at(-1); open !== undefined && open.end <= node; open = this.strings.at(-1)) {
      this.emitPiece(open, this.tree.end[open.node] ?? 0);
      this.strings.pop();
    }
    while (this.blocks.length > 0 && (this.blocks.at(-2) ?? 0) <= node) {
      const end = this.blocks.pop() ?? 0;
      this.blocks.pop();
      this.emit(end, end, TokenKind.punctuation, Use.close);
    }
  }

  /** The name just before is what is called. */
  private markCallee(): void {
    const last = this.kinds.length - 1;
    if (this.kinds[last] === TokenKind.identifier || this.kinds[last] === TokenKind.property) this.kinds[last] = TokenKind.callee;
  }

  private emitLeaf(node: number, role: number): void {
    const { tree } = this;
    const start = tree.start[node] ?? 0;
    const end = tree.end[node] ?? 0;
    if (end <= start) return;
    if ((role & Role.named) === 0) {
      this.emit(start, end, this.anonymousKind(tree.type[node] ?? 0, start, end), 0);
      return;
    }
    if ((role & Role.number) !== 0) this.emit(start, end, TokenKind.number, 0);
    else this.emitNamed(node, role, start, end);
  }

  private emitNamed(node: number, role: number, start: number, end: number): void {
    const context = this.context[node] ?? 0;
    const text = this.text.slice(start, end);
    if (!/[\p{L}_$]/u.test(text)) {
      if (text.trim() !== '') this.emit(start, end, PUNCTUATION.has(text) ? TokenKind.punctuation : TokenKind.operator, 0);
      return;
    }
    if ((role & Role.keyword) !== 0 || this.grammar.reserved.has(text)) {
      this.emit(start, end, TokenKind.keyword, 0);
      return;
    }
    // an instance variable outlives its unit
    const use = text.startsWith('@') ? 0 : ((context & Context.binds) !== 0 ? Use.binds : 0) | ((context & Context.defines) !== 0 ? Use.defines : 0);
    const kind = (context & Context.call) !== 0 ? TokenKind.callee
      : (context & Context.property) !== 0 && (use & Use.defines) === 0 ? TokenKind.property : TokenKind.identifier;
    this.emit(start, end, kind, use);
  }

  private anonymousKind(type: number, start: number, end: number): number {
    const known = this.kindOfAnonymous.get(type);
    if (known !== undefined) return known;
    const text = this.text.slice(start, end);
    const kind = WORDLIKE.test(text) ? TokenKind.keyword : PUNCTUATION.has(text) ? TokenKind.punctuation : TokenKind.operator;
    this.kindOfAnonymous.set(type, kind);
    return kind;
  }

  private emit(start: number, end: number, kind: number, use: number): void {
    this.starts.push(start);
    this.ends.push(end);
    this.kinds.push(kind);
    this.uses.push(use);
  }
}

/** Mask of Edge for a child in its parent. */
export function edgeOf(tree: FlatTree, grammar: Grammar, parent: number, node: number): number {
  const type = tree.type[parent] ?? 0;
  let mask = grammar.edges[type * grammar.fieldCount + (tree.field[node] ?? 0)] ?? 0;
  for (const tail of grammar.tails.get(type) ?? []) {
    if (tail.ordinal === undefined ? grammar.typeNames[tree.type[node] ?? 0] === tail.child : tree.ordinal[node] === tail.ordinal) mask |= tail.mask;
  }
  return mask;
}
