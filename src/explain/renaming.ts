import { createLcs, MAX_ALIGNED_TOKENS } from '../score/lcs.ts';
import { TokenKind } from '../types.ts';
import type { Code, CodeToken } from './code.ts';
import type { Rename } from './schema.ts';

/** Names of b by the names of a that they stand for: one to one. */
export interface Renaming {
  readonly toA: ReadonlyMap<string, string>;
  readonly renames: readonly Rename[];
}

const NAMES: ReadonlySet<TokenKind> = new Set([TokenKind.identifier, TokenKind.callee, TokenKind.property]);

/** Whether a token is a name that a renaming may change. */
export function isName(token: CodeToken): boolean {
  return NAMES.has(token.kind);
}

/**
 * The one-to-one renaming that most aligned names agree with. Tokens are aligned with new names and literals blind; then
 * a second time with the names that the first round matched, so that a shifted first guess corrects itself.
 */
export function findRenaming(a: Code, b: Code): Renaming {
  const namesA = namesOf(a.tokens);
  // names that both have hold the first alignment fast; the second lets go of those that found no counterpart
  const first = vote(a, b, new Map([...namesOf(b.tokens)].filter((name) => namesA.has(name)).map((name) => [name, name] as const)));
  const second = vote(a, b, first);
  const toA = new Map([...second].filter(([from, to]) => from !== to));
  return { toA, renames: describe(a, b, second) };
}

/** @param known names of b → names of a from an earlier round */
function vote(a: Code, b: Code, known: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const tokensA = content(a.tokens);
  const tokensB = content(b.tokens);
  const ids = new Map<string, number>();
  const matched = new Set(known.values());
  const symbol = (text: string): number => {
    const id = ids.get(text) ?? ids.size;
    ids.set(text, id);
    return id;
  };
  const symbols = (tokens: readonly CodeToken[], nameOf: (text: string) => string | undefined): Int32Array =>
    Int32Array.from(tokens, (token) => {
      if (isName(token)) return symbol(`n${nameOf(token.text) ?? ''}`);
      return symbol(token.kind === TokenKind.number || token.kind === TokenKind.string ? 'l' : `k${token.text}`);
    });
  const seqA = symbols(tokensA, (text) => (matched.has(text) ? text : undefined));
  const seqB = symbols(tokensB, (text) => known.get(text));
  const { inA, inB, length } = createLcs(ids.size).align(seqA, seqB);
  const votes = new Map<string, { x: string; y: string; count: number }>();
  for (let i = 0; i < length; i++) {
    const [x, y] = [tokensA[inA[i] ?? -1], tokensB[inB[i] ?? -1]];
    if (x === undefined || y === undefined || !isName(x)) continue;
    const key = `${x.text}\0${y.text}`;
    const entry = votes.get(key) ?? { x: x.text, y: y.text, count: 0 };
    entry.count++;
    votes.set(key, entry);
  }
  const [allA, allB] = [namesOf(tokensA), namesOf(tokensB)];
  // a name that both have is seldom renamed into another that both have: one vote is an accident of alignment
  return elect([...votes.values()].filter(({ x, y, count }) => x === y || count > 1 || !(allB.has(x) || allA.has(y))));
}

function namesOf(tokens: readonly CodeToken[]): ReadonlySet<string> {
  return new Set(tokens.filter(isName).map(({ text }) => text));
}

/** Greedy by number of votes; an unchanged name wins a tie. Insertion order decides among the rest. */
function elect(votes: readonly { readonly x: string; readonly y: string; readonly count: number }[]): ReadonlyMap<string, string> {
  const toA = new Map<string, string>();
  const taken = new Set<string>();
  const weight = ({ x, y, count }: { x: string; y: string; count: number }): number => count + (x === y ? 0.5 : 0);
  for (const { x, y } of votes.toSorted((p, q) => weight(q) - weight(p))) {
    if (toA.has(y) || taken.has(x)) continue;
    toA.set(y, x);
    taken.add(x);
  }
  return toA;
}

function content(tokens: readonly CodeToken[]): readonly CodeToken[] {
  return tokens.filter(({ kind }) => kind !== TokenKind.punctuation).slice(0, MAX_ALIGNED_TOKENS);
}

function describe(a: Code, b: Code, toA: ReadonlyMap<string, string>): Rename[] {
  const kinds = new Map<string, { count: number; kind: Rename['kind'] }>();
  for (const token of b.tokens) {
    if (!isName(token)) continue;
    const entry = kinds.get(token.text) ?? { count: 0, kind: kindWord(token.kind) };
    kinds.set(token.text, { count: entry.count + 1, kind: entry.kind === 'name' ? kindWord(token.kind) : entry.kind });
  }
  return [...kinds].flatMap(([to, { count, kind }]) => {
    const from = toA.get(to);
    return from === undefined || from === to ? [] : [{ a: from, b: to, count, kind, local: a.own.has(from) && b.own.has(to) }];
  });
}

function kindWord(kind: TokenKind): Rename['kind'] {
  return kind === TokenKind.callee ? 'function' : kind === TokenKind.property ? 'property' : 'name';
}
