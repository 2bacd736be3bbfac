import { createHash } from 'node:crypto';
import type { Chunk } from '../types.ts';
import { TokenKind } from '../types.ts';
import { isAbstracted } from './profile.ts';
import { hashOf, hashText, kindOf } from './tokens.ts';

const SEMICOLON = hashText(';');
const COMMA = hashText(',');
const CLOSERS: ReadonlySet<number> = new Set([')', ']', '}'].map(hashText));

/** Code tokens without what a formatter adds or drops: semicolons, and commas before a closing bracket. */
export function layoutFree(tokens: Uint32Array): Uint32Array {
  return tokens.filter((token, i) => {
    if (kindOf(token) !== TokenKind.punctuation) return true;
    const hash = hashOf(token);
    if (hash === SEMICOLON) return false;
    return !(hash === COMMA && CLOSERS.has(hashOf(tokens[i + 1] ?? 0)));
  });
}

/**
 * Names replaced by the rank of their first occurrence and literals by their kind, so that two sequences are equal
 * exactly when one is the other after a consistent (bijective) renaming and free change of literals.
 */
export function alphaRenamed(tokens: Uint32Array): Uint32Array {
  const ranks = new Map<number, number>();
  return tokens.map((token) => {
    const kind = kindOf(token);
    if (!isAbstracted(kind)) return token;
    if (kind === TokenKind.number || kind === TokenKind.string) return TokenKind.number;
    const hash = hashOf(token);
    const rank = ranks.get(hash) ?? ranks.size;
    ranks.set(hash, rank);
    return rank * 8 + kind;
  });
}

/** Keys that are equal for chunks of Type 1 (`exact`) and of Type 2 (`alpha`), within one language family. */
export interface SequenceKeys {
  readonly exact: string;
  readonly alpha: string;
}

/** SHA-256 keys of a chunk's token sequence as written and after renaming. */
export function sequenceKeys(chunk: Chunk, family: string): SequenceKeys {
  const tokens = layoutFree(chunk.tokens);
  return { exact: digest(family, tokens), alpha: digest(family, alphaRenamed(tokens)) };
}

function digest(family: string, sequence: Uint32Array): string {
  const bytes = new Uint8Array(sequence.buffer, sequence.byteOffset, sequence.byteLength);
  return createHash('sha256').update(family).update('\0').update(bytes).digest('base64');
}
