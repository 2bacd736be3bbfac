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

/** Tags of the noise rules that hold for a unit: `test`, `accessor`, `delegation`. Test files are told by path, by the discover stage. */
export function tagsOf({ unit, tokens, tests, text }: Subject): readonly string[] {
  const tags: string[] = [];
  const isTest = TEST_NAME.test(unit.name) || tests.includes(unit.name)
    || (unit.calledBy?.split('.').some((part) => tests.includes(part)) ?? false) || /^(?:#\[(?:\w+::)?test|test\s+")/.test(text.slice(unit.startIndex, unit.startIndex + 20));
  if (isTest) tags.push('test');
  const { calls, work, assignments } = shape(tokens);
  if (tokens.length <= SMALL && work === 0 && assignments <= 1) {
    const named = unit.kind === 'getter' || unit.kind === 'setter' || /^(get|set|is|has)([A-Z_]|$)/.test(unit.name);
    if (calls === 0 && named) tags.push('accessor');
    else if (calls === 1) tags.push('delegation');
  }
  return tags;
}

/** Calls, assignments, and tokens that do more than pass values on: branches and arithmetic. */
function shape(tokens: Uint32Array): { calls: number; work: number; assignments: number } {
  let calls = 0;
  let work = 0;
  let assignments = 0;
  for (const token of tokens) {
    if (kindOf(token) === TokenKind.callee) calls++;
    else if (WORK.has(token)) work++;
    else if (ASSIGNMENTS.has(token)) assignments++;
  }
  return { calls, work, assignments };
}
