import { createHash } from 'node:crypto';
import type { Chunk } from '../types.ts';
import { TokenKind } from '../types.ts';
import { hashOf, kindOf, tokenHash } from '../util/tokens.ts';
import { lexemeSketch } from './sketch.ts';

/** By what a function is known again later. A hand-written one may have neither hash nor sketch. */
export interface Identity {
  /** POSIX path relative to the root. */
  readonly path: string;
  /** Qualified name. */
  readonly name: string;
  /** First 16 hex digits of SHA-256 over the code tokens without punctuation and without its own name; `''` unknown. */
  readonly hash: string;
  /** `lexemeSketch`, or `''` unknown. */
  readonly sketch: string;
}

/** Identity of a chunk; the sketch is made when it is first asked for. */
export function identify(chunk: Chunk): Identity {
  let sketch: string | undefined;
  return {
    path: chunk.path, name: chunk.qualifiedName, hash: contentHash(chunk),
    get sketch() { return (sketch ??= lexemeSketch(chunk)); },
  };
}

/** Hash of what a function says, whatever it is called and however it is laid out. */
function contentHash({ tokens, name }: Chunk): string {
  const own = tokenHash(name);
  const kept = tokens.filter((token) => kindOf(token) !== TokenKind.punctuation)
    .map((token) => (name !== '' && hashOf(token) === own ? 0 : token));
  return createHash('sha256').update(new Uint8Array(kept.buffer, kept.byteOffset, kept.byteLength)).digest('hex').slice(0, 16);
}
