import { createHash } from 'node:crypto';
import type { Chunk } from '../types.ts';

/**
 * SHA-256 (hex) of where a chunk is and what it says: path, qualified name and token sequence. Line numbers, layout
 * and comments do not count; a rename, a move or an edit of the code changes it.
 */
export function memberFingerprint(chunk: Chunk): string {
  const { tokens } = chunk;
  return createHash('sha256')
    .update(`${chunk.path}\0${chunk.qualifiedName}\0`)
    .update(new Uint8Array(tokens.buffer, tokens.byteOffset, tokens.byteLength))
    .digest('hex');
}

/** SHA-256 (hex) over the sorted member fingerprints. */
export function classFingerprint(members: readonly string[]): string {
  return createHash('sha256').update(members.toSorted().join('\n')).digest('hex');
}
