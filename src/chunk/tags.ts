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
const BRANCHES = packed(TokenKind.keyword, 'if else for while do switch match case try catch throw raise with when loop select unless until elif except rescue');
const ASSIGNMENTS = packed(TokenKind.operator, '= := += -= *= /=');
/** A wrapper's or accessor's most tokens: its signature and one statement. */
const SMALL = 60;

/** Tags of the noise rules that hold for a unit: `test`, `accessor`, `delegation`. Test files are told by path, by the discover stage. */
export function tagsOf({ unit, tokens, tests, text }: Subject): readonly string[] {
  const tags: string[] = [];
  const isTest = TEST_NAME.test(unit.name) || tests.includes(unit.name)
    || (unit.calledBy !== undefined && tests.includes(unit.calledBy)) || /^#\[(?:\w+::)?test/.test(text.slice(unit.startIndex, unit.startIndex + 20));
  if (isTest) tags.push('test');
  const { calls, branches, statements } = shape(tokens);
  if (tokens.length <= SMALL && branches === 0 && statements <= 1) {
    const named = unit.kind === 'getter' || unit.kind === 'setter' || /^(get|set|is|has)([A-Z_]|$)/.test(unit.name);
    if (calls === 0 && named) tags.push('accessor');
    else if (calls === 1) tags.push('delegation');
  }
  return tags;
}

/** Calls, keywords besides those of a plain signature, and assignments. */
function shape(tokens: Uint32Array): { calls: number; branches: number; statements: number } {
  let calls = 0;
  let branches = 0;
  let statements = 0;
  for (const token of tokens) {
    const kind = kindOf(token);
    if (kind === TokenKind.callee) calls++;
    else if (BRANCHES.has(token)) branches++;
    else if (ASSIGNMENTS.has(token)) statements++;
  }
  return { calls, branches, statements };
}
