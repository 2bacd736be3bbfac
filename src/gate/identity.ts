import { hash as digest } from 'node:crypto';
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

/** Identity of a chunk; hash and sketch are made when they are first asked for. */
export function identify(chunk: Chunk): Identity {
  let [hash, sketch]: (string | undefined)[] = [];
  return {
    path: chunk.path, name: chunk.qualifiedName,
    get hash() { return (hash ??= contentHash(chunk)); },
    get sketch() { return (sketch ??= lexemeSketch(chunk)); },
  };
}

/** Hash of what a function says, whatever it is called and however it is laid out. */
function contentHash({ tokens, name }: Chunk): string {
  const own = tokenHash(name);
  const kept = new Uint32Array(tokens.length);
  let length = 0;
  for (const token of tokens) {
    if (kindOf(token) !== TokenKind.punctuation) kept[length++] = name !== '' && hashOf(token) === own ? 0 : token;
  }
  return digest('sha256', new Uint8Array(kept.buffer, 0, length * kept.BYTES_PER_ELEMENT)).slice(0, 16);
}
