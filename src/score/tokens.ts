import { TokenKind } from '../types.ts';

/** Kind of a token entry (low three bits). */
export function kindOf(token: number): TokenKind {
  return (token & 7) as TokenKind;
}

/** 29-bit hash of a token entry's text. */
export function hashOf(token: number): number {
  return token >>> 3;
}

/** FNV-1a over UTF-16 code units, cut to 29 bits. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 3;
}
