import { diffArrays } from 'diff';
import { TokenKind } from '../types.ts';
import type { Code, CodeToken } from './code.ts';
import type { Renaming } from './renaming.ts';
import { isName } from './renaming.ts';

/** Ranges of tokens that differ: [fromA, toA) against [fromB, toB); one of them may be empty. */
export interface Hunk {
  readonly fromA: number;
  readonly toA: number;
  readonly fromB: number;
  readonly toB: number;
}

/** Insertions and deletions up to which sequences are aligned in full; beyond, the middle counts as one difference. */
const MAX_EDITS = 4000;
/** Equal punctuation this short between two differences joins them, unless each replaces one thing by another. */
const MAX_BRIDGE = 2;

/** Where the tokens of two functions differ once b's names are given a's: by Myers' difference algorithm. */
export function findHunks(a: Code, b: Code, renaming: Renaming): readonly Hunk[] {
  const [keepA, keepB] = [withoutLayout(a.tokens), withoutLayout(b.tokens)];
  const textsA = keepA.map((at) => keyOf(a.tokens[at]));
  const textsB = keepB.map((at) => keyOf(b.tokens[at], renaming.toA));
  const changes = diffArrays(textsA, textsB, { maxEditLength: MAX_EDITS });
  const hunks: Hunk[] = [];
  const push = (fromA: number, toA: number, fromB: number, toB: number): void => {
    const last = hunks.at(-1);
    const bridge = textsA.slice(last?.toA ?? 0, fromA);
    const replacements = last !== undefined && last.toA - last.fromA === last.toB - last.fromB && toA - fromA === toB - fromB;
    if (last !== undefined && !replacements && bridge.length <= MAX_BRIDGE && bridge.every((text) => text.startsWith(`${TokenKind.punctuation}`))) {
      hunks[hunks.length - 1] = { ...last, toA, toB };
    } else hunks.push({ fromA, toA, fromB, toB });
  };
  if (changes === undefined) push(0, textsA.length, 0, textsB.length);
  let [atA, atB] = [0, 0];
  for (const [i, { added, removed, count }] of (changes ?? []).entries()) {
    if (!added && !removed) {
      atA += count;
      atB += count;
    } else if (removed) {
      const next = changes?.[i + 1];
      const insert = next?.added === true ? next.count : 0;
      push(atA, atA + count, atB, atB + insert);
      atA += count;
      atB += insert;
    } else if (changes?.[i - 1]?.removed !== true) {
      push(atA, atA, atB, atB + count);
      atB += count;
    }
  }
  return hunks.map((hunk) => ({
    fromA: index(keepA, hunk.fromA, a), toA: end(keepA, hunk.fromA, hunk.toA, a),
    fromB: index(keepB, hunk.fromB, b), toB: end(keepB, hunk.fromB, hunk.toB, b),
  }));
}

/** What stands for a token when two are compared: its kind of text and its text, renamed. */
export function keyOf(token: CodeToken | undefined, toA?: ReadonlyMap<string, string>): string {
  if (token === undefined) return '';
  const { kind, text } = token;
  if (isName(token)) return `n${toA?.get(text) ?? text}`;
  return `${kind}${kind === TokenKind.string ? text.replace(/^["'`]|["'`]$/g, '"') : text}`;
}

/** Indices of tokens but for semicolons and commas before a closing bracket. */
function withoutLayout(tokens: readonly CodeToken[]): number[] {
  return [...tokens.keys()].filter((at) => {
    const text = tokens[at]?.text;
    return text !== ';' && !(text === ',' && /^[)\]}]$/.test(tokens[at + 1]?.text ?? ''));
  });
}

function index(keep: readonly number[], at: number, code: Code): number {
  return keep[at] ?? code.tokens.length;
}

function end(keep: readonly number[], from: number, to: number, code: Code): number {
  return to > from ? (keep[to - 1] ?? code.tokens.length - 1) + 1 : index(keep, from, code);
}
