import { Language, Parser } from 'web-tree-sitter';

import { startRuntime } from './cursor.ts';
import type { GrammarSource, Grammars, LanguageId, LanguageSpec } from '../types.ts';

/** Roles of a node by its type. */
export const Role = {
  named: 1, comment: 2, string: 4, interpolation: 8, number: 16, keyword: 32, function: 64, scope: 128, block: 256,
  docstring: 512, decorator: 1024, wrapper: 2048, arguments: 4096, skip: 8192, atom: 16384, application: 32768,
} as const;

/** Roles of a child by its place in its parent. */
export const Edge = { property: 1, call: 2, definition: 4, binder: 8, unbinder: 16, binding: 32 } as const;

/** A selector tail made fast: a field id, an ordinal among named children, a child type, or any child. */
export interface Tail { readonly mask: number; readonly field?: number; readonly ordinal?: number; readonly child?: string; readonly name?: string }

/** A language compiled against its grammar: roles by symbol id, and a parser. */
export interface Grammar {
  readonly spec: LanguageSpec;
  readonly parser: Parser;
  readonly typeNames: readonly string[];
  readonly roles: Uint16Array;
  readonly fieldIds: ReadonlyMap<string, number>;
  readonly fieldCount: number;
  /** Edge masks by `parentType * fieldCount + field`. */
  readonly edges: Uint8Array;
  /** Selectors that are no plain field, by parent type. */
  readonly tails: ReadonlyMap<number, readonly Tail[]>;
  /** All binding selectors by parent type. */
  readonly bindings: ReadonlyMap<number, readonly Tail[]>;
  readonly reserved: ReadonlySet<string>;
}

/** Symbol id that Tree-sitter gives to error nodes. */
export const ERROR_TYPE = 0xffff;

const compiled = new WeakMap<Grammars, Map<LanguageId, Promise<Grammar>>>();

/** Grammar of a language, compiled once. */
export function grammarOf(grammars: Grammars, language: LanguageId): Promise<Grammar> {
  const known = compiled.get(grammars) ?? new Map<LanguageId, Promise<Grammar>>();
  compiled.set(grammars, known);
  const found = known.get(language) ?? grammars.load(language).then(compileGrammar);
  known.set(language, found);
  return found;
}

/** Compiles a grammar for this process; the parser lives as long as the process. */
export async function compileGrammar(source: GrammarSource): Promise<Grammar> {
  await startRuntime();
  const language = await Language.load(source.wasm);
  const parser = new Parser();
  parser.setLanguage(language);
  const typeNames = Array.from({ length: language.nodeTypeCount }, (_, id) => language.nodeTypeForId(id) ?? '');
  const named = typeNames.map((_, id) => language.nodeTypeIsNamed(id));
  const fieldIds = new Map(language.fields.flatMap((name, id) => (name === null ? [] : [[name, id] as const])));
  const idsOf = new Map<string, number[]>();
  for (const [id, name] of typeNames.entries()) if (named[id] === true) idsOf.set(name, [...(idsOf.get(name) ?? []), id]);
  const fieldCount = language.fields.length + 1;
  const { edges, tails } = compileEdges(source.spec, idsOf, fieldIds, typeNames.length, fieldCount);
  return {
    spec: source.spec, parser, typeNames, fieldIds, fieldCount, edges, tails,
    roles: compileRoles(source.spec, typeNames, named),
    bindings: compileBindings(source.spec, idsOf, fieldIds),
    reserved: new Set(source.spec.reserved),
  };
}

function compileRoles(spec: LanguageSpec, typeNames: readonly string[], named: readonly boolean[]): Uint16Array {
  const groups: readonly (readonly [number, readonly string[]])[] = [
    [Role.comment, spec.comments], [Role.string, spec.strings], [Role.interpolation, spec.interpolations],
    [Role.number, spec.numbers], [Role.keyword, spec.keywords], [Role.function, Object.keys(spec.functions)],
    [Role.scope, Object.keys(spec.scopes)], [Role.block, spec.blocks], [Role.docstring, spec.docstrings],
    [Role.decorator, spec.decorators], [Role.wrapper, spec.wrappers], [Role.arguments, spec.argumentLists], [Role.atom, spec.atoms],
    [Role.application, spec.applications],
  ];
  const byName = new Map<string, number>();
  for (const [role, names] of groups) for (const name of names) byName.set(name, (byName.get(name) ?? 0) | role);
  const skip = new Set(spec.skip);
  return Uint16Array.from(typeNames, (name, id) =>
    (named[id] === true ? Role.named | (byName.get(name) ?? 0) : 0) | (skip.has(name) ? Role.skip : 0));
}

function compileEdges(spec: LanguageSpec, idsOf: ReadonlyMap<string, number[]>, fieldIds: ReadonlyMap<string, number>, typeCount: number, fieldCount: number): {
  edges: Uint8Array; tails: Map<number, Tail[]>;
} {
  const edges = new Uint8Array(typeCount * fieldCount);
  const tails = new Map<number, Tail[]>();
  const groups: readonly (readonly [number, readonly string[]])[] = [
    [Edge.property, spec.properties], [Edge.call, spec.calls], [Edge.definition, spec.definitions],
    [Edge.binder, spec.binders], [Edge.unbinder, spec.unbinders],
  ];
  for (const [mask, selectors] of groups) {
    for (const selector of selectors) {
      const { type, tail } = parseSelector(selector, mask, fieldIds);
      for (const id of idsOf.get(type) ?? []) {
        if (tail === undefined) continue;
        if (tail.field !== undefined) edges[id * fieldCount + tail.field] = (edges[id * fieldCount + tail.field] ?? 0) | mask;
        else if (tail.ordinal === undefined && tail.child === undefined) {
          for (let field = 0; field < fieldCount; field++) edges[id * fieldCount + field] = (edges[id * fieldCount + field] ?? 0) | mask;
        } else tails.set(id, [...(tails.get(id) ?? []), tail]);
      }
    }
  }
  return { edges, tails };
}

function compileBindings(spec: LanguageSpec, idsOf: ReadonlyMap<string, number[]>, fieldIds: ReadonlyMap<string, number>): Map<number, Tail[]> {
  const bindings = new Map<number, Tail[]>();
  for (const [selector, name] of Object.entries(spec.bindings)) {
    const { type, tail } = parseSelector(selector, Edge.binding, fieldIds);
    if (tail === undefined) continue;
    for (const id of idsOf.get(type) ?? []) bindings.set(id, [...(bindings.get(id) ?? []), { ...tail, name }]);
  }
  return bindings;
}

/** The tail is undefined when the grammar has no such field: parents' selectors are inherited by related grammars. */
function parseSelector(selector: string, mask: number, fieldIds: ReadonlyMap<string, number>): { type: string; tail: Tail | undefined } {
  const dot = selector.indexOf('.');
  const type = selector.slice(0, dot);
  const rest = selector.slice(dot + 1);
  if (rest === '*') return { type, tail: { mask } };
  if (/^#\d+$/.test(rest)) return { type, tail: { mask, ordinal: Number(rest.slice(1)) } };
  if (rest.startsWith('#')) return { type, tail: { mask, child: rest.slice(1) } };
  const field = fieldIds.get(rest);
  return { type, tail: field === undefined ? undefined : { mask, field } };
}
