import type { Chunk, CloneClass, ClonePair } from '../types.ts';
import { TokenKind } from '../types.ts';
import { hashOf, kindOf, tokenHash } from '../util/tokens.ts';
import { areOpposite, isObjectMethod, languageFamily } from './words.ts';

/** Methods of one name in two classes, and functions of one name in two files of a folder, are parallel implementations, not copies, below this lexical similarity. */
export const PARALLEL_LEXICAL = 0.6;
/** The same where one of them overrides a method or calls that of its base class: a framework asks for these, in its own words. */
export const OVERRIDE_LEXICAL = 0.8;
/** Functions with opposite names do opposite things below this lexical similarity; above it a flag could make them one. */
export const INVERSE_LEXICAL = 0.7;

/** Least tokens, punctuation aside, of functions that are alike by behaviour alone (type 4): fewer say too little to tell. */
export const TYPE_4_TOKENS = 32;

/** The one of several folders that are parallel by design which holds a path. */
export interface IsolatedFolder {
  /** Number of the group in the configuration. */
  readonly group: number;
  readonly folder: string;
}

interface PairContext {
  readonly a: Chunk;
  readonly b: Chunk;
  readonly pair: ClonePair;
  readonly isolate: (path: string) => IsolatedFolder | undefined;
}

interface NoiseRule {
  readonly on: boolean;
  readonly about: string;
  readonly drops: (context: PairContext) => boolean;
}

/** Folders of schema migrations (Rails, Django, Alembic, Laravel, Sequelize, Knex, TypeORM, Flyway …) with files that start with a number, a date or Alembic's hash. */
const MIGRATION = /(?:^|\/)(?:(?:\w+[_-])?migrations?|migrate|versions|changesets)\/(?:[^/]+\/)*(?:[vV]?\d|[\da-f]{12}_)[^/]*$/i;

const METHODS: ReadonlySet<string> = new Set(['method', 'class-method', 'constructor', 'getter', 'setter']);

const RULES = {
  test: {
    on: true, about: 'a side is test code, a fixture, an example or a story',
    drops: ({ a, b }) => a.tags.includes('test') || b.tags.includes('test'),
  },
  production: {
    on: false, about: 'a side is not test code',
    drops: ({ a, b }) => !a.tags.includes('test') || !b.tags.includes('test'),
  },
  accessor: {
    on: true, about: 'both only read or write a field',
    drops: ({ a, b }) => a.tags.includes('accessor') && b.tags.includes('accessor'),
  },
  delegation: {
    on: true, about: 'both only pass their arguments on to one call',
    drops: ({ a, b }) => a.tags.includes('delegation') && b.tags.includes('delegation'),
  },
  initializer: {
    on: true, about: 'both are constructors that only store what they are given, or pass it on to the base class',
    drops: ({ a, b }) => a.tags.includes('initializer') && b.tags.includes('initializer'),
  },
  declarative: {
    on: true, about: 'both are tables of literals',
    drops: ({ a, b }) => a.tags.includes('declarative') && b.tags.includes('declarative'),
  },
  parallel: {
    on: true, about: 'methods of one name in two classes, or functions of one name in two files of a folder, that an interface asks for: only weakly alike, or what every class has (equals, __repr__)',
    drops: ({ a, b, pair }) => shareName(a, b) && (areSiblings(a, b) && isWeak(pair, PARALLEL_LEXICAL) || areMethods(a, b)
      && (isObjectMethod(languageFamily(a.language), a.name) ? pair.type >= 2 : isWeak(pair, overrides(a) || overrides(b) ? OVERRIDE_LEXICAL : PARALLEL_LEXICAL))),
  },
  short: {
    on: true, about: `alike by behaviour alone (type 4), and a side has fewer than ${TYPE_4_TOKENS} tokens but for punctuation: too little to tell`,
    drops: ({ a, b, pair }) => pair.type === 4 && [a, b].some(({ tokens }) => wordsOf(tokens) < TYPE_4_TOKENS),
  },
  caller: {
    on: true, about: 'alike by behaviour alone (type 4), and one calls the other: it uses what it could have repeated',
    drops: ({ a, b, pair }) => pair.type === 4 && languageFamily(a.language) === languageFamily(b.language) && (calls(a, b) || calls(b, a)),
  },
  migration: {
    on: true, about: 'both are schema migrations: history that stays as it is',
    drops: ({ a, b }) => MIGRATION.test(a.path) && MIGRATION.test(b.path),
  },
  inverse: {
    on: true, about: 'their names say opposite things (push and pop, up and down) and they are only weakly alike',
    drops: ({ a, b, pair }) => pair.type >= 3 && (pair.type === 4 || pair.lexical < INVERSE_LEXICAL) && areOpposite(a.name, b.name),
  },
  isolate: {
    on: true, about: 'the sides lie in two folders that the configuration declares parallel by design',
    drops: ({ a, b, isolate }) => {
      const [one, other] = [isolate(a.path), isolate(b.path)];
      return one !== undefined && one.group === other?.group && one.folder !== other.folder;
    },
  },
} as const satisfies Readonly<Record<string, NoiseRule>>;

export type RuleName = keyof typeof RULES;

/** The rules by name, with what each is about and whether it is on by default. */
export const NOISE_RULES: Readonly<Record<RuleName, NoiseRule>> = RULES;

export interface RuleOptions {
  /** Rules switched on or off; the others keep their default. */
  readonly switches?: { readonly [K in RuleName]?: boolean | undefined };
  /** Folder of a group of folders that are parallel by design; undefined for paths in none. */
  readonly isolate?: (path: string) => IsolatedFolder | undefined;
}

export interface RuleResult {
  readonly kept: readonly ClonePair[];
  /** Pairs left out, by the first rule that held; only rules that left something out. */
  readonly filtered: Readonly<Partial<Record<RuleName, number>>>;
}

/** Leaves out pairs that nobody would act on, and says how many by which rule. */
export function applyRules(chunks: readonly Chunk[], pairs: readonly ClonePair[], options: RuleOptions = {}): RuleResult {
  const byId = new Map(chunks.map((chunk) => [chunk.id, chunk] as const));
  const active = (Object.keys(RULES) as RuleName[]).filter((name) => options.switches?.[name] ?? RULES[name].on);
  const filtered: Partial<Record<RuleName, number>> = {};
  const kept = pairs.filter((pair) => {
    const a = byId.get(pair.a);
    const b = byId.get(pair.b);
    if (a === undefined || b === undefined) return false;
    const context = { a, b, pair, isolate: options.isolate ?? (() => undefined) };
    const rule = active.find((name) => NOISE_RULES[name].drops(context));
    if (rule !== undefined) filtered[rule] = (filtered[rule] ?? 0) + 1;
    return rule === undefined;
  });
  return { kept, filtered };
}

/** The classes, with those marked that hold parallel implementations only; there are none unless that rule is switched off. */
export function markParallel(chunks: readonly Chunk[], classes: readonly CloneClass[]): CloneClass[] {
  const byId = new Map(chunks.map((chunk) => [chunk.id, chunk] as const));
  const isolate = (): undefined => undefined;
  const holds = (pair: ClonePair): boolean => {
    const [a, b] = [byId.get(pair.a), byId.get(pair.b)];
    return a !== undefined && b !== undefined && RULES.parallel.drops({ a, b, pair, isolate });
  };
  return classes.map((one) => (one.pairs.length > 0 && one.pairs.every(holds) ? { ...one, parallel: true } : one));
}

/** Tokens that are no punctuation. */
function wordsOf(tokens: Uint32Array): number {
  let count = 0;
  for (const token of tokens) if (kindOf(token) !== TokenKind.punctuation) count++;
  return count;
}

function shareName(a: Chunk, b: Chunk): boolean {
  return a.name === b.name && a.name !== '' && languageFamily(a.language) === languageFamily(b.language);
}

function isWeak({ type, lexical }: ClonePair, bound: number): boolean {
  return type >= 3 && lexical < bound;
}

/** Functions of two files of one folder, in no class: of one name, plug-ins of a kind. */
function areSiblings(a: Chunk, b: Chunk): boolean {
  return a.path !== b.path && folderOf(a.path) === folderOf(b.path) && [a, b].every(({ name, qualifiedName }) => qualifiedName === name);
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

/** Methods of two classes. */
function areMethods(a: Chunk, b: Chunk): boolean {
  return METHODS.has(a.kind) && METHODS.has(b.kind) && (a.path !== b.path || a.qualifiedName !== b.qualifiedName);
}

/** Whether a function calls one of the other's name, which is not its own. */
function calls({ tokens, name }: Chunk, other: Chunk): boolean {
  if (other.name === '' || other.name === name) return false;
  const callee = tokenHash(other.name);
  return tokens.some((token) => kindOf(token) === TokenKind.callee && hashOf(token) === callee);
}

const BASE: ReadonlySet<number> = new Set(['super', 'base', 'parent'].map(tokenHash));

const DECLARED = tokenHash('override');
const ANNOTATED = tokenHash('Override');
/** Where modifiers stand. */
const HEAD = 12;

/** Whether a method says that it overrides one (`@Override`, `override`), or calls it: `super.dispose()`, `super().setup()`, `base.Close()`, `parent::run()`. */
function overrides({ tokens, name }: Chunk): boolean {
  if (tokens.subarray(0, HEAD).some((token) => hashOf(token) === ANNOTATED || hashOf(token) === DECLARED)) return true;
  const own = tokenHash(name);
  return tokens.some((token, i) => BASE.has(hashOf(token)) && tokens.subarray(i + 1, i + 5).some((after) => hashOf(after) === own));
}
