import { TokenKind } from '../types.ts';
import { kindOf, packToken, tokenHash } from '../util/tokens.ts';
import type { Unit } from './units.ts';

interface Subject {
  readonly unit: Unit;
  readonly tokens: Uint32Array;
  readonly tests: readonly string[];
  readonly text: string;
}

const TEST_NAME = /^(test(_|[A-Z]|$))/;
const packed = (kind: TokenKind, words: string): ReadonlySet<number> => new Set(words.split(' ').map((word) => packToken(tokenHash(word), kind)));
const WORK = new Set([
  ...packed(TokenKind.keyword, 'if else for while do switch match case try catch throw raise with when loop select unless until elif except rescue and or not in'),
  ...packed(TokenKind.operator, '+ - * / % ** << >> && || ! == != === !== <= >= ?? += -= *= /= ++ --'),
]);
const ASSIGNMENTS = packed(TokenKind.operator, '= :=');
/** A wrapper's or accessor's most tokens: its signature and one statement. */
const SMALL = 60;

/** Least literals of a table, and their least share of the tokens that are no punctuation. */
const TABLE_LITERALS = 8;
const TABLE_SHARE = 0.3;
/** Most calls, assignments and other work of a table, per literal: a sign before a number, a path joined. */
const TABLE_WORK = 0.25;

/** Tags of the noise rules that hold for a unit: `test`, `accessor`, `delegation`, `declarative`. Test files are told by path, by the discover stage. */
export function tagsOf({ unit, tokens, tests, text }: Subject): readonly string[] {
  const tags: string[] = [];
  const isTest = TEST_NAME.test(unit.name) || tests.includes(unit.name)
    || (unit.calledBy?.split('.').some((part) => tests.includes(part)) ?? false) || /^(?:#\[(?:\w+::)?test|test\s+")/.test(text.slice(unit.startIndex, unit.startIndex + 20));
  if (isTest) tags.push('test');
  const { calls, work, assignments, literals, words } = shape(tokens);
  if (tokens.length <= SMALL && work === 0 && assignments <= 1) {
    const named = unit.kind === 'getter' || unit.kind === 'setter' || /^(get|set|is|has)([A-Z_]|$)/.test(unit.name);
    if (calls === 0 && named) tags.push('accessor');
    else if (calls === 1) tags.push('delegation');
  }
  const isTable = literals >= TABLE_LITERALS && literals >= TABLE_SHARE * words && calls + work + Math.max(0, assignments - 1) <= TABLE_WORK * literals;
  if (isTable) tags.push('declarative');
  return tags;
}

interface Shape { readonly calls: number; readonly work: number; readonly assignments: number; readonly literals: number; readonly words: number }

/** Calls, assignments, tokens that do more than pass values on (branches and arithmetic), literals, and all but punctuation. */
function shape(tokens: Uint32Array): Shape {
  let calls = 0;
  let work = 0;
  let assignments = 0;
  let literals = 0;
  let words = 0;
  for (const token of tokens) {
    const kind = kindOf(token);
    if (kind !== TokenKind.punctuation) words++;
    if (kind === TokenKind.number || kind === TokenKind.string) literals++;
    else if (kind === TokenKind.callee) calls++;
    else if (WORK.has(token)) work++;
    else if (ASSIGNMENTS.has(token)) assignments++;
  }
  return { calls, work, assignments, literals, words };
}
