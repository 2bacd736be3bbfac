import { TokenKind, type ChunkKind } from '../types.ts';
import { Role, type Grammar } from './grammar.ts';
import { Use } from './leaves.ts';
import { bindingOf, childBy, typeName } from './lookup.ts';
import type { Parsed } from './parse.ts';

/** A function-like piece of a file, before the size floor. */
export interface Unit {
  readonly node: number;
  /** Outermost node that belongs to it: its declaration, export, decorators. */
  readonly top: number;
  readonly startIndex: number;
  readonly endIndex: number;
  readonly kind: ChunkKind;
  readonly name: string;
  readonly qualifiedName: string;
  /** Name of the function it is passed to, when it is an argument. */
  readonly calledBy?: string;
  /** Index of the innermost enclosing unit, -1 for none. */
  readonly parent: number;
}

interface Scope { readonly end: number; readonly name: string; readonly unit: number; readonly isClass: boolean }

/** Every function of a parsed file in order of appearance, enclosing ones first. */
export function findUnits(parsed: Parsed, grammar: Grammar): readonly Unit[] {
  const { tree } = parsed;
  const units: Unit[] = [];
  const scopes: Scope[] = [];
  for (let node = 0; node < tree.size; node++) {
    while (scopes.length > 0 && (scopes.at(-1)?.end ?? 0) <= node) scopes.pop();
    const role = grammar.roles[tree.type[node] ?? 0] ?? 0;
    const end = tree.next[node] ?? node + 1;
    if ((role & Role.function) !== 0 && end > node + 1 && !isAccessorList(parsed, grammar, node)) {
      const unit = unitAt(parsed, grammar, node, scopes);
      scopes.push({ end, name: unit.name, unit: units.length, isClass: false });
      units.push(unit);
    } else if ((role & Role.scope) !== 0) {
      const name = scopeName(parsed, grammar, node);
      scopes.push({ end, name, unit: scopes.at(-1)?.unit ?? -1, isClass: !/namespace|module|^mod_/.test(typeName(tree, grammar, node)) });
    }
  }
  return units;
}

/** A property whose getter and setter are units themselves. */
function isAccessorList({ tree }: Parsed, grammar: Grammar, node: number): boolean {
  const child = childBy(tree, grammar, node, '#0');
  const kind = grammar.spec.functions[typeName(tree, grammar, child)]?.kind;
  return grammar.spec.functions[typeName(tree, grammar, node)]?.kind === 'getter' && (kind === 'getter' || kind === 'setter');
}

function unitAt(parsed: Parsed, grammar: Grammar, node: number, scopes: readonly Scope[]): Unit {
  const { tree, text } = parsed;
  const type = typeName(tree, grammar, node);
  const form = grammar.spec.functions[type] ?? { kind: 'function' as const };
  const place = climb(parsed, grammar, node);
  const own = form.name === undefined ? -1 : childBy(tree, grammar, node, form.name);
  const nameNode = own >= 0 ? own : place.nameNode;
  const written = nameNode < 0 ? '' : nameOf(parsed, grammar, nameNode);
  const name = written.slice(written.lastIndexOf('.') + 1);
  const calledBy = written === '' ? callerOf(parsed, grammar, place.top) : undefined;
  const receiver = receiverOf(parsed, grammar, node, type);
  const label = written !== '' ? receiver + written : calledBy === undefined ? `<${form.kind}>` : `${calledBy}(${form.kind})`;
  return {
    node, top: place.top, kind: kindOf(parsed, grammar, node, form.kind, name, scopes.at(-1)), name,
    qualifiedName: [...scopes.map((scope) => scope.name).filter((part) => part !== ''), label].join('.'),
    startIndex: withDecorators(parsed, grammar, place.top), endIndex: trimEnd(text, tree.start[place.top] ?? 0, tree.end[place.top] ?? 0),
    parent: scopes.at(-1)?.unit ?? -1,
    ...(calledBy === undefined ? {} : { calledBy }),
  };
}

/** Goes up while the parent holds nothing but this function and its name. */
function climb({ tree }: Parsed, grammar: Grammar, node: number): { top: number; nameNode: number } {
  let top = node;
  let nameNode = -1;
  for (let parent = tree.parent[node] ?? -1; parent >= 0; parent = tree.parent[parent] ?? -1) {
    const binding = nameNode < 0 ? bindingOf(tree, grammar, parent, top) : undefined;
    const bound = binding === undefined ? -1 : childBy(tree, grammar, parent, binding);
    if (bound >= 0 && bound !== top) nameNode = bound;
    const role = grammar.roles[tree.type[parent] ?? 0] ?? 0;
    if ((role & Role.wrapper) === 0 || hasTwin(tree, parent, top)) break;
    top = parent;
  }
  return { top, nameNode };
}

/** Whether a parent has another child of the same type: several declarators share one declaration. */
function hasTwin(tree: Parsed['tree'], parent: number, child: number): boolean {
  const end = tree.next[parent] ?? 0;
  for (let other = parent + 1; other < end; other = tree.next[other] ?? end) {
    if (other !== child && tree.type[other] === tree.type[child]) return true;
  }
  return false;
}

/** Name as written, with `.` for every separator: the leaf that is defined or bound there, with its qualifiers. */
function nameOf({ tree, text, leaves }: Parsed, _grammar: Grammar, node: number): string {
  const from = leaves.at[node] ?? 0;
  const to = leaves.at[tree.next[node] ?? tree.size] ?? leaves.count;
  let leaf = -1;
  for (let i = from; i < to; i++) {
    const bound = ((leaves.use[i] ?? 0) & (Use.binds | Use.defines)) !== 0;
    if (bound) { leaf = i; break; }
    const kind = leaves.kind[i];
    if (kind === TokenKind.identifier || kind === TokenKind.callee || kind === TokenKind.property || kind === TokenKind.string || kind === TokenKind.keyword) leaf = i;
  }
  const start = tree.start[node] ?? 0;
  const whole = text.slice(start, tree.end[node]);
  if (/^[\w$.:#@~?!"'-]{1,200}$/.test(whole)) return clean(whole);
  if (leaf < 0) return clean(whole.slice(0, 80).split('(')[0] ?? '');
  let begin = leaves.start[leaf] ?? 0;
  while (begin > start && /[\w$:~.]/.test(text[begin - 1] ?? '')) begin--;
  return clean(text.slice(begin, leaves.end[leaf]));
}

function clean(written: string): string {
  return written.replace(/["'#$]/g, '').replace(/::|->|:/g, '.').replace(/\s+/g, ' ').replace(/^\.+|\.+$/g, '').trim();
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

/** Last name of the callee when the unit is an argument. */
function callerOf({ tree, text }: Parsed, grammar: Grammar, top: number): string | undefined {
  let node = top;
  for (let up = 0; up < 4; up++) {
    const parent = tree.parent[node] ?? -1;
    if (parent < 0) return undefined;
    const isArguments = ((grammar.roles[tree.type[parent] ?? 0] ?? 0) & Role.arguments) !== 0;
    node = parent;
    if (!isArguments) { if (up === 0) return undefined; break; }
  }
  const before = text.slice(Math.max(tree.start[node] ?? 0, (tree.start[top] ?? 0) - 400), tree.start[top]);
  return /([A-Za-z_$][\w$]*)/.exec(before.slice(lastCallee(before)))?.[1];
}

/** Where the callee's last name begins in the text before an argument. */
function lastCallee(before: string): number {
  const head = before.search(/[([{]/);
  const callee = head < 0 ? before : before.slice(0, head);
  return Math.max(0, callee.search(/[A-Za-z_$][\w$]*\s*(?:<[^<>]*>)?\s*$/));
}

function kindOf({ tree, text }: Parsed, grammar: Grammar, node: number, kind: ChunkKind, name: string, scope: Scope | undefined): ChunkKind {
  if (kind === 'arrow' || kind === 'lambda') return kind;
  if (grammar.spec.constructors.includes(name)) return 'constructor';
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
