import type { Chunk } from '../types.ts';
import { TokenKind } from '../types.ts';
import { splitWords } from '../util/words.ts';
import { COMMON_WORDS, CONTROL_CLASSES, languageFamily, OPPOSITES } from './words.ts';
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
}

/** Symbols below this are kinds (blind tokens). */
export const FIRST_WRITTEN = 8;

const CONTROL_BY_HASH: ReadonlyMap<number, number> = new Map(
  Object.values(CONTROL_CLASSES).flatMap((words, at) => words.map((word) => [tokenHash(word), at] as const)));
const CONTROL_COUNT = Object.keys(CONTROL_CLASSES).length;
const WORD = /^[\p{L}_][\p{L}\p{N}_]+$/u;

type Bag = 'callees' | 'properties' | 'numbers' | 'strings' | 'operators';
const BAG_OF: Partial<Record<TokenKind, Bag>> = {
  [TokenKind.callee]: 'callees', [TokenKind.property]: 'properties', [TokenKind.number]: 'numbers',
  [TokenKind.string]: 'strings', [TokenKind.operator]: 'operators',
};

/** Whether tokens of this kind are abstracted to the kind in `blind`. */
export function isAbstracted(kind: TokenKind): boolean {
  return kind >= TokenKind.identifier;
}

/** Profiles of chunks, in order, over one shared alphabet. */
export function profileChunks(chunks: readonly Chunk[]): Profiles {
  const symbols = new Map<number, number>();
  const words = new Map<string, number>();
  const all = chunks.map((chunk) => profile(chunk, symbols, words));
  return { all, alphabet: symbols.size + FIRST_WRITTEN, opposites: oppositeIds(words) };
}

function profile(chunk: Chunk, symbols: Map<number, number>, words: Map<string, number>): Profile {
  const exact: number[] = [];
  const blind: number[] = [];
  const bags: Record<Bag, number[]> = { callees: [], properties: [], numbers: [], strings: [], operators: [] };
  const control = new Int32Array(CONTROL_COUNT);
  for (const token of chunk.tokens) {
    const kind = kindOf(token);
    if (kind === TokenKind.punctuation) continue;
    // one symbol per text whatever the kind of name, so that a field and a local of one name can match
    const symbol = intern(symbols, isAbstracted(kind) ? (hashOf(token) * 8 + literalClass(kind)) : token) + FIRST_WRITTEN;
    exact.push(symbol);
    blind.push(isAbstracted(kind) ? kind : symbol);
    const bag = BAG_OF[kind];
    if (bag !== undefined) bags[bag].push(symbol);
    const flow = isAbstracted(kind) ? undefined : CONTROL_BY_HASH.get(hashOf(token));
    if (flow !== undefined) control[flow] = (control[flow] ?? 0) + 1;
  }
  return {
    chunk, family: languageFamily(chunk.language), exact: Int32Array.from(exact), blind: Int32Array.from(blind),
    exactBag: ascending(exact), blindBag: ascending(blind), callees: ascending(bags.callees), properties: ascending(bags.properties),
    numbers: ascending(bags.numbers), strings: ascending(bags.strings), operators: ascending(bags.operators),
    words: wordSet(chunk.lexemes.filter((text) => WORD.test(text) && !COMMON_WORDS.has(text)), words),
    nameWords: wordSet(splitWords(chunk.name), words), control,
  };
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

function ascending(values: readonly number[]): Int32Array {
  return Int32Array.from(values).toSorted();
}

function wordSet(texts: readonly string[], words: Map<string, number>): Int32Array {
  return ascending([...new Set(texts.map((text) => intern(words, text)))]);
}


function oppositeIds(words: ReadonlyMap<string, number>): Map<number, number[]> {
  const opposites = new Map<number, number[]>();
  for (const [one, other] of [...OPPOSITES, ...OPPOSITES.map(([a, b]) => [b, a] as const)]) {
    const from = words.get(one);
    const to = words.get(other);
    if (from === undefined || to === undefined) continue;
    opposites.set(from, [...(opposites.get(from) ?? []), to]);
  }
  return opposites;
}
