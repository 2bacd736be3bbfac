import { TokenKind, type ChunkKind } from '../types.ts';
import { Role, type Grammar } from './grammar.ts';
import { Use } from './leaves.ts';
import type { Named } from './names.ts';
import { bindingOf, childBy, typeName } from './lookup.ts';
import type { Parsed } from './parse.ts';

/** A function-like piece of a file, before the size floor. */
export interface Unit {
  readonly node: number;
  /** Outermost node that belongs to it: its declaration, export, decorators. */
  readonly top: number;
  /** After its last node. */
  readonly end: number;
  readonly startIndex: number;
  readonly endIndex: number;
  readonly kind: ChunkKind;
  readonly name: string;
  readonly qualifiedName: string;
  /** Leaf of the plain name that it is bound to, -1 for none. */
  readonly nameLeaf: number;
  /** Last names of the function it is passed to, e.g. `it.skip`, when it is an argument. */
  readonly calledBy?: string;
  /** Index of the innermost enclosing unit, -1 for none. */
  readonly parent: number;
  /** Units around it. */
  readonly nesting: number;
}

/** Functions nested deeper are left to the one around them: text and tokens of a chunk hold those of every chunk inside. */
const MAX_NESTING = 24;
const PLAIN_NAME = /^[\w$.:#@~?!"'-]{1,200}$/;
const NAMING = new Set<number>([TokenKind.identifier, TokenKind.callee, TokenKind.property, TokenKind.string, TokenKind.keyword]);

interface Scope { readonly end: number; readonly name: string; readonly unit: number; readonly isClass: boolean; readonly isProperty: boolean }

/** Every function of a parsed file in order of appearance, enclosing ones first. */
export function findUnits(parsed: Parsed, grammar: Grammar): readonly Unit[] {
  const { tree } = parsed;
  const units: Unit[] = [];
  const scopes: Scope[] = [];
  for (let node = 0; node < tree.size; node++) {
    while (scopes.length > 0 && (scopes.at(-1)?.end ?? 0) <= node) scopes.pop();
    const role = grammar.roles[tree.type[node] ?? 0] ?? 0;
    const end = tree.next[node] ?? node + 1;
    if ((role & Role.function) !== 0 && end > node + 1 && !isPartOfUnit(parsed, grammar, node)) {
      const nesting = 1 + (units[scopes.at(-1)?.unit ?? -1]?.nesting ?? -1);
      if (nesting > MAX_NESTING) continue;
      const unit = unitAt(parsed, grammar, node, scopes, nesting);
      if (unit === undefined) continue;
      scopes.push({ end: unit.end, name: unit.name, unit: units.length, isClass: false, isProperty: false });
      units.push(unit);
    } else if ((role & Role.scope) !== 0) {
      const name = scopeName(parsed, grammar, node);
      const type = typeName(tree, grammar, node);
      const isProperty = type.startsWith('property');
      scopes.push({ end, name, unit: scopes.at(-1)?.unit ?? -1, isClass: !isProperty && !/namespace|module|^mod_/.test(type), isProperty });
    }
  }
  return units;
}

/** Leaves of a parsed text with those that name a function by binding it. */
export function withBoundNames({ leaves, text }: Parsed, units: readonly Unit[]): Named {
  return { leaves, text, bound: new Set(units.flatMap((unit) => (unit.nameLeaf < 0 ? [] : [unit.nameLeaf]))) };
}

/** The one leaf that a name node binds, or is. */
function boundLeaf({ tree, leaves }: Parsed, node: number): number {
  if (node < 0) return -1;
  const from = leaves.at[node] ?? 0;
  const to = leaves.at[tree.next[node] ?? tree.size] ?? leaves.count;
  for (let i = from; i < to; i++) if (((leaves.use[i] ?? 0) & Use.binds) !== 0) return i;
  return to === from + 1 && leaves.kind[from] !== TokenKind.string ? from : -1;
}

/** A property whose accessors are units themselves, and the braces of a lambda. */
function isPartOfUnit({ tree }: Parsed, grammar: Grammar, node: number): boolean {
  const formOf = (other: number) => (other < 0 ? undefined : grammar.spec.functions[typeName(tree, grammar, other)]);
  const inner = formOf(childBy(tree, grammar, node, '#0'))?.kind;
  if (formOf(node)?.kind === 'getter' && (inner === 'getter' || inner === 'setter')) return true;
  return typeName(tree, grammar, node).endsWith('block') && formOf(tree.parent[node] ?? -1)?.kind === 'lambda';
}

function unitAt(parsed: Parsed, grammar: Grammar, node: number, scopes: readonly Scope[], nesting: number): Unit | undefined {
  const { tree, text } = parsed;
  const type = typeName(tree, grammar, node);
  const form = grammar.spec.functions[type] ?? { kind: 'function' as const };
  const place = climb(parsed, grammar, node);
  const body = form.body === undefined ? -1 : bodyAfter(parsed, grammar, place.top, form.body);
  if (form.body !== undefined && body < 0) return undefined;
  const last = body < 0 ? place.top : body;
  const own = form.name === undefined ? -1 : childBy(tree, grammar, node, form.name);
  const nameNode = own >= 0 ? own : place.nameNode;
  const written = nameNode < 0 ? '' : nameOf(parsed, nameNode, nameNode === own);
  const name = written.slice(written.lastIndexOf('.') + 1);
  if (grammar.spec.notNames.includes(name)) return undefined;
  const calledBy = place.call;
  const kind = kindOf(parsed, grammar, node, form.kind, name, scopes.at(-1));
  const label = written !== '' ? receiverOf(parsed, grammar, node, type) + written : calledBy === undefined ? `<${kind}>` : `${calledBy}(${kind})`;
  return {
    node, top: place.top, end: body < 0 ? (tree.next[node] ?? 0) : (tree.next[body] ?? 0), kind, name, nameLeaf: nameNode === own || calledBy !== undefined ? -1 : boundLeaf(parsed, nameNode),
    qualifiedName: [...scopes.filter((scope) => scope.name !== '' && !(scope.isProperty && scope.name === written)).map((scope) => scope.name), label].join('.'),
    startIndex: withDecorators(parsed, grammar, place.top), endIndex: trimEnd(text, tree.start[place.top] ?? 0, tree.end[last] ?? 0),
    parent: scopes.at(-1)?.unit ?? -1, nesting,
    ...(calledBy === undefined ? {} : { calledBy }),
  };
}

/** The next sibling of a node that is no comment, when it is of a type; or -1. */
function bodyAfter({ tree }: Parsed, grammar: Grammar, node: number, type: string): number {
  const end = tree.next[tree.parent[node] ?? -1] ?? 0;
  for (let sibling = tree.next[node] ?? end; sibling < end; sibling = tree.next[sibling] ?? end) {
    if (((grammar.roles[tree.type[sibling] ?? 0] ?? 0) & Role.comment) === 0) return typeName(tree, grammar, sibling) === type ? sibling : -1;
  }
  return -1;
}

interface Place { readonly top: number; readonly nameNode: number; readonly call?: string }

/** Goes up while the parent holds nothing but this function and its name; through a call, only for the name. */
function climb(parsed: Parsed, grammar: Grammar, node: number): Place {
  const { top, nameNode } = climbFrom(parsed, grammar, node);
  if (nameNode >= 0) return { top, nameNode };
  const call = callAround(parsed, grammar, top);
  if (call < 0) return { top, nameNode };
  const callee = calleeOf(parsed, call, top);
  // `const List = memo(() => …)` names the function, `const sum = rows.reduce(() => …)` its result
  const wraps = /^(?:\p{Lu}[\w$]*\.)?[\p{L}_$][\w$]*$/u.test(callee);
  return { top, nameNode: wraps ? climbFrom(parsed, grammar, call).nameNode : -1, call: callee };
}

function climbFrom({ tree }: Parsed, grammar: Grammar, node: number): { top: number; nameNode: number } {
  let top = node;
  let nameNode = -1;
  for (let parent = tree.parent[node] ?? -1; parent >= 0; parent = tree.parent[parent] ?? -1) {
    const binding = nameNode < 0 ? bindingOf(tree, grammar, parent, top) : undefined;
    const bound = binding === undefined ? -1 : childBy(tree, grammar, parent, binding);
    if (bound >= 0 && bound !== top) nameNode = bound;
    const role = grammar.roles[tree.type[parent] ?? 0] ?? 0;
    if ((role & Role.wrapper) === 0 || hasTwin(tree, parent, top, bound)) break;
    top = parent;
  }
  return { top, nameNode };
}

/** Whether a parent has another child of the same type: several declarators share one declaration. */
function hasTwin(tree: Parsed['tree'], parent: number, child: number, name: number): boolean {
  const end = tree.next[parent] ?? 0;
  for (let other = parent + 1; other < end; other = tree.next[other] ?? end) {
    if (other !== child && other !== name && tree.type[other] === tree.type[child]) return true;
  }
  return false;
}

/** Name as written, with `.` for every separator: what is defined or bound there, with its qualifiers. */
function nameOf({ tree, text, leaves }: Parsed, node: number, own: boolean): string {
  const start = tree.start[node] ?? 0;
  const whole = text.slice(start, tree.end[node]);
  if (PLAIN_NAME.test(whole)) return clean(whole);
  const wanted = own ? Use.defines : Use.binds | Use.defines;
  const to = leaves.at[tree.next[node] ?? tree.size] ?? leaves.count;
  let leaf = -1;
  for (let i = leaves.at[node] ?? 0; i < to; i++) {
    if (((leaves.use[i] ?? 0) & wanted) !== 0) { leaf = i; break; }
    if (!own && NAMING.has(leaves.kind[i] ?? -1)) leaf = i;
  }
  if (leaf < 0) return clean(/^[^({;\n]{0,80}/.exec(whole)?.[0] ?? '');
  let begin = leaves.start[leaf] ?? 0;
  while (begin > start && /[\w$:~.]/.test(text[begin - 1] ?? '')) begin--;
  return clean(text.slice(begin, leaves.end[leaf]));
}

function clean(written: string): string {
  return written.replace(/["'#$]/g, '').replace(/::|->|:/g, '.').replace(/\s+/g, ' ').replace(/^[.&*\s]+|[.\s]+$/g, '');
}

function scopeName({ tree, text }: Parsed, grammar: Grammar, node: number): string {
  const child = childBy(tree, grammar, node, grammar.spec.scopes[typeName(tree, grammar, node)] ?? 'name');
  if (child < 0) return '';
  return /^[\w$.:]+/.exec(text.slice(tree.start[child], tree.end[child]))?.[0].replace(/::/g, '.') ?? '';
}

function receiverOf({ tree, text }: Parsed, grammar: Grammar, node: number, type: string): string {
  const field = grammar.spec.receivers[type];
  const child = field === undefined ? -1 : childBy(tree, grammar, node, field);
  const match = child < 0 ? null : /([A-Za-z_]\w*)(?:\[[^\]]*\])?\s*\)?$/.exec(text.slice(tree.start[child], tree.end[child]));
  return match === null ? '' : `${match[1]}.`;
}

/** Node of the call whose argument a node is, or -1. */
function callAround({ tree }: Parsed, grammar: Grammar, top: number): number {
  let node = tree.parent[top] ?? -1;
  let inside = false;
  while (node >= 0 && ((grammar.roles[tree.type[node] ?? 0] ?? 0) & Role.arguments) !== 0) {
    inside = true;
    if ((tree.start[node] ?? 0) < (tree.start[top] ?? 0) && /call/.test(typeName(tree, grammar, node)) && !/suffix/.test(typeName(tree, grammar, node))) return node;
    node = tree.parent[node] ?? -1;
  }
  return inside ? node : -1;
}

/** Callee of a call as dotted names, e.g. `it.skip`. */
function calleeOf({ tree, text }: Parsed, call: number, argument: number): string {
  const start = tree.start[call] ?? 0;
  const before = text.slice(start, Math.min(tree.start[argument] ?? start, start + 400)).replace(/^(?:(?:[\w<>?,\s]+=|return\b|new\b|await\b)\s*)+/, '');
  const callee = /^[^([{]*/.exec(before)?.[0].replace(/<[^<>]*>/g, '').replace(/::|->|\?\./g, '.').replace(/\s+/g, '') ?? '';
  const names = callee.match(/[\p{L}_$][\p{L}\p{N}_$]*/gu) ?? [];
  return names.slice(-2).join('.');
}

function kindOf({ tree, text }: Parsed, grammar: Grammar, node: number, kind: ChunkKind, name: string, scope: Scope | undefined): ChunkKind {
  if (kind === 'arrow' || kind === 'lambda') return kind;
  if (grammar.spec.constructors.includes(name) || (scope?.isClass === true && name !== '' && scope.name === name && kind === 'function')) return 'constructor';
  const end = tree.next[node] ?? 0;
  for (let child = node + 1; child < end; child = tree.next[child] ?? end) {
    if ((tree.end[child] ?? 0) - (tree.start[child] ?? 0) !== 3 || tree.ordinal[child] !== -1) continue;
    const word = text.slice(tree.start[child], tree.end[child]);
    if (word === 'get') return 'getter';
    if (word === 'set') return 'setter';
  }
  return kind === 'function' && scope?.isClass === true && name !== '' ? 'method' : kind;
}

/** Decorators and attributes written as siblings before the unit belong to it. */
function withDecorators({ tree }: Parsed, grammar: Grammar, top: number): number {
  let start = tree.start[top] ?? 0;
  const parent = tree.parent[top] ?? -1;
  if (parent < 0 || grammar.spec.decorators.length === 0) return start;
  const run: number[] = [];
  for (let child = parent + 1; child < top; child = tree.next[child] ?? top) {
    const role = grammar.roles[tree.type[child] ?? 0] ?? 0;
    if ((role & Role.decorator) !== 0) run.push(child);
    else if ((role & Role.comment) === 0) run.length = 0;
  }
  if (run.length > 0) start = tree.start[run[0] ?? 0] ?? start;
  return start;
}

function trimEnd(text: string, start: number, end: number): number {
  let trimmed = end;
  while (trimmed > start && /\s/.test(text[trimmed - 1] ?? '')) trimmed--;
  return trimmed;
}
