import { count } from '../messages.ts';
import type { CloneType } from '../types.ts';
import type { Code } from './code.ts';
import type { Difference, Merge, Parameter, Rename } from './schema.ts';

/** Share of tokens that agree after renaming, below which there is no common helper to cut out. */
const LEAST_COMMON = 0.5;

interface MergeInput {
  readonly type: CloneType;
  readonly sameLanguage: boolean;
  readonly renamed: number;
  readonly a: Code;
  readonly b: Code;
  readonly renames: readonly Rename[];
  readonly differences: readonly Difference[];
}

/** What it would take to have one function instead of two. */
export function planMerge(input: MergeInput): Merge {
  const { sameLanguage, renamed, type } = input;
  if (!sameLanguage) {
    return { verdict: 'port', parameters: [], remaining: 0, advice: 'They are in two languages: keep one as the reference, and run the same test cases against both.' };
  }
  if (type === 1) return { verdict: 'keep-one', parameters: [], remaining: 0, advice: 'Keep one and call it from the other place.' };
  if (renamed < LEAST_COMMON) {
    return {
      verdict: 'extract', parameters: [], remaining: input.differences.length,
      advice: 'The text has too little in common for a shared helper: keep the better one, run the tests of both against it, and call it from the other place.',
    };
  }
  const parameters = [...fromDifferences(input.differences), ...fromRenames(input)];
  const remaining = input.differences.filter((difference) => parameterKind(difference) === undefined).length;
  return { verdict: verdictOf(parameters, remaining), parameters, remaining, advice: adviceOf(parameters, remaining) };
}

function verdictOf(parameters: readonly Parameter[], remaining: number): Merge['verdict'] {
  if (remaining > 0) return 'extract';
  return parameters.length > 0 ? 'parametrise' : 'keep-one';
}

function adviceOf(parameters: readonly Parameter[], remaining: number): string {
  const told = count(parameters.length, 'parameter');
  if (remaining === 0 && parameters.length === 0) return 'Only local names differ: keep one and call it from the other place.';
  if (remaining === 0) return `One function with ${told} does for both.`;
  const rest = `${count(remaining, 'stretch', 'stretches')} of code ${remaining === 1 ? 'differs' : 'differ'} by more`;
  return parameters.length === 0
    ? `Move what they share into one function; ${rest} and stay${remaining === 1 ? 's' : ''} with the callers, or become a function that is passed in.`
    : `Move what they share into one function with ${told}; ${rest} and stay${remaining === 1 ? 's' : ''} with the callers, or become a function that is passed in.`;
}

function parameterKind({ kind, a, b }: Difference): Parameter['kind'] | undefined {
  if (a === '' || b === '') return undefined;
  if (kind === 'constant') return 'value';
  if (kind === 'operator') return 'operator';
  if (kind === 'name') return 'name';
  return kind === 'call' && /^[\p{L}\p{N}_$.]+$/u.test(a + b) ? 'function' : undefined;
}

/** One parameter for every distinct replacement, with all its places. */
function fromDifferences(differences: readonly Difference[]): Parameter[] {
  const found = new Map<string, Parameter>();
  for (const difference of differences) {
    const kind = parameterKind(difference);
    if (kind === undefined) continue;
    const { a, b, lineA, lineB } = difference;
    const key = `${kind}\0${a}\0${b}`;
    const known = found.get(key) ?? { kind, a, b, linesA: [], linesB: [] };
    found.set(key, { ...known, linesA: [...new Set([...known.linesA, lineA])], linesB: [...new Set([...known.linesB, lineB])] });
  }
  return [...found.values()];
}

/** Names from outside of the functions cannot be renamed away: each is a parameter. */
function fromRenames({ a, b, renames }: MergeInput): Parameter[] {
  return renames.filter(({ local }) => !local).map((rename) => ({
    kind: rename.kind, a: rename.a, b: rename.b, linesA: linesOf(a, rename.a), linesB: linesOf(b, rename.b),
  }));
}

function linesOf({ tokens }: Code, name: string): number[] {
  return [...new Set(tokens.filter(({ text }) => text === name).map(({ line }) => line))];
}
