import { hash } from 'node:crypto';
import type { Chunk } from '../types.ts';
import { TokenKind } from '../types.ts';
import { isAbstracted } from './profile.ts';
import { hashOf, tokenHash, kindOf } from '../util/tokens.ts';

const SEMICOLON = tokenHash(';');
const COMMA = tokenHash(',');
const ACCESSORS: ReadonlySet<number> = new Set(['.', '?.', '->', '::'].map(tokenHash));
const CLOSERS: ReadonlySet<number> = new Set([')', ']', '}'].map(tokenHash));

/** Code tokens without what a formatter adds or drops: semicolons, and commas before a closing bracket. */
export function layoutFree(tokens: Uint32Array): Uint32Array {
  // the chunker leaves layout out already: there is seldom anything to copy
  for (let i = 0; i < tokens.length; i++) if (isLayout(tokens, i)) return tokens.filter((_, at) => !isLayout(tokens, at));
  return tokens;
}

function isLayout(tokens: Uint32Array, i: number): boolean {
  const token = tokens[i] as number;
  if (kindOf(token) !== TokenKind.punctuation) return false;
  const hash = hashOf(token);
  return hash === SEMICOLON || (hash === COMMA && CLOSERS.has(hashOf(tokens[i + 1] ?? 0)));
}

/**
 * Names replaced by the rank of their first occurrence and literals by their kind, so that two sequences are equal
 * exactly when one is the other after a consistent (bijective) renaming and free change of literals.
 */
export function alphaRenamed(tokens: Uint32Array): Uint32Array {
  const ranks = new Map<number, number>();
  return tokens.map((token, i) => {
    const kind = kindOf(token);
    if (!isAbstracted(kind)) return token;
    if (kind === TokenKind.number || kind === TokenKind.string) return TokenKind.number;
    const name = hashOf(token) * 2 + Number(isMember(tokens, i));
    const rank = ranks.get(name) ?? ranks.size;
    ranks.set(name, rank);
    return rank * 8 + kind;
  });
}

/** Whether a name is looked up in an object: `path` of `os.path` is not the variable `path`. */
function isMember(tokens: Uint32Array, i: number): boolean {
  return kindOf(tokens[i] ?? 0) === TokenKind.property || (i > 0 && ACCESSORS.has(hashOf(tokens[i - 1] ?? 0)));
}

/** Keys that are equal for chunks of Type 1 (`exact`) and of Type 2 (`alpha`), within one language family. */
export interface SequenceKeys {
  readonly exact: string;
  readonly alpha: string;
}

/** SHA-256 key of a chunk's token sequence as written. */
export function exactKey(chunk: Chunk, family: string): string {
  return digest(family, layoutFree(chunk.tokens));
}

/** Both keys; the second is made when it is first asked for. */
export function sequenceKeys(chunk: Chunk, family: string, exact = exactKey(chunk, family)): SequenceKeys {
  let alpha: string | undefined;
  return { exact, get alpha() { return (alpha ??= alphaKey(chunk, family)); } };
}

/** SHA-256 key of a chunk's token sequence after renaming. */
export function alphaKey(chunk: Chunk, family: string): string {
  return digest(family, alphaRenamed(layoutFree(chunk.tokens)));
}

function digest(family: string, sequence: Uint32Array): string {
  const bytes = new Uint8Array(sequence.buffer, sequence.byteOffset, sequence.byteLength);
  return `${family}\0${hash('sha256', bytes, 'base64')}`;
}
