import type { Chunk } from '../types.ts';
import { TokenKind } from '../types.ts';
import { splitWords } from '../util/words.ts';
import { COMMON_WORDS, CONTROL_CLASSES, languageFamily, OPPOSITES } from './words.ts';
import { wordWeight } from './word-ranks.ts';
import { hashOf, tokenHash, kindOf } from '../util/tokens.ts';

/** What pair scoring needs of a chunk, made once. Symbols lie in [0, `Profiles.alphabet`). */
export interface Profile {
  readonly chunk: Chunk;
  readonly family: string;
  /** Tokens that carry meaning (punctuation left out), names as written. */
  readonly exact: Int32Array;
  /** The same tokens with names, callees, properties, numbers and strings each abstracted to their kind. */
  readonly blind: Int32Array;
  /** Ascending bags of symbols. */
  readonly exactBag: Int32Array;
  readonly blindBag: Int32Array;
  /** Called names, without those that the function binds or passes on (its parameters, local functions). */
  readonly callees: Int32Array;
  readonly properties: Int32Array;
  readonly numbers: Int32Array;
  readonly strings: Int32Array;
  readonly operators: Int32Array;
  /** Ascending set of words (lexemes less the words every program has). */
  readonly words: Int32Array;
  readonly nameWords: Int32Array;
  /** Counts per control-flow class. */
  readonly control: Int32Array;
}

export interface Profiles {
  readonly all: readonly Profile[];
  /** Symbols are smaller than this; those below `FIRST_WRITTEN` stand for kinds. */
  readonly alphabet: number;
  /** Word ids that are opposites of a word id. */
  readonly opposites: ReadonlyMap<number, readonly number[]>;
  /** What each word id weighs. */
  readonly weights: readonly number[];
}

/** Numbers of a shared block. */
const BLOCK = 1 << 16;
/** Symbols below this are kinds (blind tokens). */
export const FIRST_WRITTEN = 8;

const CONTROL_BY_HASH: ReadonlyMap<number, number> = new Map(
  Object.values(CONTROL_CLASSES).flatMap((words, at) => words.map((word) => [tokenHash(word), at] as const)));
const CONTROL_COUNT = Object.keys(CONTROL_CLASSES).length;
const WORD = /^[\p{L}\p{N}_]{2,}$/u;

type Bag = 'callees' | 'properties' | 'numbers' | 'strings' | 'operators';
const BAG_OF: Partial<Record<TokenKind, Bag>> = {
  [TokenKind.callee]: 'callees', [TokenKind.property]: 'properties', [TokenKind.number]: 'numbers',
  [TokenKind.string]: 'strings', [TokenKind.operator]: 'operators',
};

/** Whether tokens of this kind are abstracted to the kind in `blind`. */
export function isAbstracted(kind: TokenKind): boolean {
  return kind >= TokenKind.identifier;
}

/** Makes profiles one by one, over one shared alphabet. */
export class Profiler {
  private readonly symbols = new Map<number, number>();
  private readonly words = new Map<string, number>();
  /** Word ids of lexemes, -1 for those that are no words. */
  private readonly lexemes = new Map<string, number>();
  private readonly blocks = new Blocks();
  /** Word ids that are opposites of a word id. */
  readonly opposites: Profiles['opposites'];
  /** What each word id weighs; grows with every profile. */
  readonly weights: number[] = [];

  constructor() {
    this.opposites = oppositeIds((word) => this.idOf(word));
  }

  profile(chunk: Chunk): Profile {
    const exact: number[] = [];
    const blind: number[] = [];
    const bags: Record<Bag, number[]> = { callees: [], properties: [], numbers: [], strings: [], operators: [] };
    const plain = new Set<number>();
    // a method that calls the one of its name elsewhere (`dispose`) does not bind that one
    const own = tokenHash(chunk.name);
    const control = Array.from({ length: CONTROL_COUNT }, () => 0);
    for (const token of chunk.tokens) {
      const kind = kindOf(token);
      if (kind === TokenKind.punctuation) continue;
      const abstracted = isAbstracted(kind);
      // one symbol per text whatever the kind of name, so that a field and a local of one name can match
      const symbol = intern(this.symbols, (abstracted ? (hashOf(token) << 3) | literalClass(kind) : token) | 0) + FIRST_WRITTEN;
      exact.push(symbol);
      blind.push(abstracted ? kind : symbol);
      const bag = BAG_OF[kind];
      if (bag !== undefined) bags[bag].push(symbol);
      if (kind === TokenKind.identifier && hashOf(token) !== own) plain.add(symbol);
      const flow = abstracted ? undefined : CONTROL_BY_HASH.get(hashOf(token));
      if (flow !== undefined) control[flow] = (control[flow] ?? 0) + 1;
    }
    const { blocks } = this;
    return {
      chunk, family: languageFamily(chunk.language), exact: blocks.keep(exact), blind: blocks.keep(blind),
      exactBag: blocks.ascending(exact), blindBag: blocks.ascending(blind),
      callees: blocks.ascending(bags.callees.filter((symbol) => !plain.has(symbol))), properties: blocks.ascending(bags.properties),
      numbers: blocks.ascending(bags.numbers), strings: blocks.ascending(bags.strings), operators: blocks.ascending(bags.operators),
      words: blocks.ascending([...new Set(chunk.lexemes.map((text) => this.wordOf(text)))].filter((id) => id >= 0)),
      nameWords: blocks.ascending([...new Set(splitWords(chunk.name).map((word) => this.idOf(word)))]),
      control: blocks.keep(control),
    };
  }

  /** Symbols are smaller than this. */
  alphabet(): number {
    return this.symbols.size + FIRST_WRITTEN;
  }

  private idOf(word: string): number {
    const id = intern(this.words, word);
    this.weights[id] ??= wordWeight(word);
    return id;
  }

  private wordOf(lexeme: string): number {
    const known = this.lexemes.get(lexeme);
    if (known !== undefined) return known;
    const id = WORD.test(lexeme) && !COMMON_WORDS.has(lexeme) ? this.idOf(lexeme) : -1;
    this.lexemes.set(lexeme, id);
    return id;
  }
}

/** Arrays cut from shared blocks: one with a buffer of its own costs 200 bytes more. */
class Blocks {
  private block = new Int32Array(0);
  private used = 0;

  keep(values: readonly number[]): Int32Array {
    if (this.used + values.length > this.block.length) {
      this.block = new Int32Array(Math.max(BLOCK, values.length));
      this.used = 0;
    }
    const own = this.block.subarray(this.used, (this.used += values.length));
    for (let i = 0; i < values.length; i++) own[i] = values[i] as number;
    return own;
  }

  ascending(values: readonly number[]): Int32Array {
    // oxlint-disable-next-line unicorn/no-array-sort -- in its block
    return this.keep(values).sort();
  }
}

/** Profiles of chunks, in order, over one shared alphabet. */
export function profileChunks(chunks: readonly Chunk[]): Profiles {
  const profiler = new Profiler();
  return { all: chunks.map((chunk) => profiler.profile(chunk)), alphabet: profiler.alphabet(), opposites: profiler.opposites, weights: profiler.weights };
}

function literalClass(kind: TokenKind): number {
  return kind === TokenKind.number || kind === TokenKind.string ? kind : TokenKind.identifier;
}

function intern<K>(ids: Map<K, number>, key: K): number {
  const known = ids.get(key);
  if (known !== undefined) return known;
  ids.set(key, ids.size);
  return ids.size - 1;
}

function oppositeIds(idOf: (word: string) => number): Map<number, number[]> {
  const opposites = new Map<number, number[]>();
  for (const [one, other] of [...OPPOSITES, ...OPPOSITES.map(([a, b]) => [b, a] as const)]) {
    const from = idOf(one);
    opposites.set(from, [...(opposites.get(from) ?? []), idOf(other)]);
  }
  return opposites;
}
