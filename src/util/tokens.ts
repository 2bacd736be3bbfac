import { TokenKind } from '../types.ts';

/** 29-bit hash of a text: FNV-1a over UTF-16 units with Murmur3's finalizer (both public domain). */
export function tokenHash(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 3;
}

/** Entry of `Chunk.tokens`: 29 bits of hash, 3 of kind. */
export function packToken(hash: number, kind: TokenKind): number {
  return ((hash << 3) | kind) >>> 0;
}

/** Kind of an entry. */
export function kindOf(token: number): TokenKind {
  return (token & 7) as TokenKind;
}

/** Hash of an entry, in [0, 2^29). */
export function hashOf(token: number): number {
  return token >>> 3;
}
