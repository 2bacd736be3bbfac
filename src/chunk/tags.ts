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
const CONTROL = packed(TokenKind.keyword, 'if else for while do switch match case try catch throw raise with when loop select unless until elif except rescue');
const OPERATORS = new Set([
  ...packed(TokenKind.keyword, 'and or not in'),
  ...packed(TokenKind.operator, '+ - * / % ** << >> && || ! == != === !== <= >= ?? += -= *= /= ++ --'),
]);
const CONDITIONAL = packToken(tokenHash('?'), TokenKind.operator);
const ASSIGNMENTS = packed(TokenKind.operator, '= :=');
/** Python's `super()`, which is called and gives what is called. */
const SUPER = packToken(tokenHash('super'), TokenKind.callee);
/** A wrapper's or accessor's most tokens: its signature and one statement. */
const SMALL = 60;

/** Least literals of a table, and their least share of names, keywords and literals. */
const TABLE_LITERALS = 8;
const TABLE_SHARE = 0.3;
/** Most calls, assignments and operators of a table, per literal: a sign before a number, a path joined. It branches nowhere. */
const TABLE_WORK = 0.25;

/** Tags of the noise rules that hold for a unit: `test`, `accessor`, `delegation`, `initializer`, `declarative`. Test files are told by path, by the discover stage. */
export function tagsOf({ unit, tokens, tests, text }: Subject): readonly string[] {
  const tags: string[] = [];
  const isTest = TEST_NAME.test(unit.name) || tests.includes(unit.name)
    || (unit.calledBy?.split('.').some((part) => tests.includes(part)) ?? false) || /^(?:#\[(?:\w+::)?test|test\s+")/.test(text.slice(unit.startIndex, unit.startIndex + 20));
  if (isTest) tags.push('test');
  const { calls, control, operators, conditionals, assignments, literals, words } = shape(tokens);
  if (tokens.length <= SMALL && control + operators === 0 && assignments <= 1) {
    const named = unit.kind === 'getter' || unit.kind === 'setter' || /^(get|set|is|has)([A-Z_]|$)/.test(unit.name);
    if (calls === 0 && named) tags.push('accessor');
    else if (calls === 1) tags.push('delegation');
  }
  // the one call is that of the base class
  if (unit.kind === 'constructor' && control + operators + conditionals === 0 && calls - tokens.filter((token) => token === SUPER).length <= 1) tags.push('initializer');
  // one question mark may be an optional parameter's
  const isStraight = control === 0 && conditionals <= 1;
  const isTable = literals >= TABLE_LITERALS && literals >= TABLE_SHARE * words && calls + operators + Math.max(0, assignments - 1) <= TABLE_WORK * literals;
  if (isStraight && isTable) tags.push('declarative');
  return tags;
}

type Shape = Readonly<Record<'calls' | 'control' | 'operators' | 'conditionals' | 'assignments' | 'literals' | 'words', number>>;

/**
 * How often a unit calls, branches, computes and assigns anything but a literal (`title="Name"` in markup and named
 * arguments assign nothing that is worked out), its literals, and its names, keywords and literals together.
 */
function shape(tokens: Uint32Array): Shape {
  const found = { calls: 0, control: 0, operators: 0, conditionals: 0, assignments: 0, literals: 0, words: 0 };
  for (const [at, token] of tokens.entries()) {
    const kind = kindOf(token);
    if (kind !== TokenKind.punctuation && kind !== TokenKind.operator) found.words++;
    if (isLiteral(token)) found.literals++;
    else if (kind === TokenKind.callee) found.calls++;
    else if (CONTROL.has(token)) found.control++;
    else if (OPERATORS.has(token)) found.operators++;
    else if (token === CONDITIONAL) found.conditionals++;
    else if (ASSIGNMENTS.has(token) && !isLiteral(tokens[at + 1] ?? 0)) found.assignments++;
  }
  return found;
}

function isLiteral(token: number): boolean {
  const kind = kindOf(token);
  return kind === TokenKind.number || kind === TokenKind.string;
}
