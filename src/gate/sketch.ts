import type { Chunk } from '../types.ts';
import { tokenHash } from '../util/tokens.ts';

/** Minima kept, a byte each: an estimate of Jaccard similarity with a standard error of at most 0.1. */
const HASHES = 24;

/**
 * Fingerprint of a chunk's words that changes little under small edits: the minima of 24 hash functions over the
 * multiset of lexemes (n-th occurrences are distinct), eight bits of each, base64url (32 characters). Order, layout and
 * comments do not count. Broder, "On the resemblance and containment of documents" (1997); b-bit minima: Li and König,
 * "b-Bit Minwise Hashing" (2010).
 */
export function lexemeSketch(chunk: Pick<Chunk, 'lexemes'>): string {
  const minima = new Uint32Array(HASHES).fill(0xffffffff);
  const seen = new Map<string, number>();
  for (const lexeme of chunk.lexemes) {
    const nth = (seen.get(lexeme) ?? 0) + 1;
    seen.set(lexeme, nth);
    const element = (tokenHash(lexeme) + Math.imul(nth, 0x9e3779b1)) | 0;
    for (let i = 0; i < HASHES; i++) {
      const value = mix(element ^ Math.imul(i + 1, 0x85ebca6b));
      if (value < (minima[i] ?? 0)) minima[i] = value;
    }
  }
  return Buffer.from(Uint8Array.from(minima, (value) => value & 0xff)).toString('base64url');
}

/** Estimated Jaccard similarity of the word multisets behind two sketches, in [0, 1]; chance agreement taken out. */
export function sketchSimilarity(a: string, b: string): number {
  if (a === b) return 1;
  const [x, y] = [Buffer.from(a, 'base64url'), Buffer.from(b, 'base64url')];
  let same = 0;
  for (let i = 0; i < HASHES; i++) if (x[i] === y[i]) same++;
  return Math.max(0, (same / HASHES - 1 / 256) / (1 - 1 / 256));
}

/** Murmur3's finalizer (public domain). */
function mix(seed: number): number {
  let hash = seed;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
