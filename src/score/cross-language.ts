import type { Chunk, ClonePair } from '../types.ts';
import { languageFamily } from './words.ts';

/** Whether pairs may, must not or must cross languages; JavaScript and TypeScript are one. */
export type CrossLanguage = 'on' | 'off' | 'only';

/** The pairs that a choice leaves, in order. */
export function chooseLanguages(chunks: readonly Chunk[], pairs: readonly ClonePair[], choice: CrossLanguage): readonly ClonePair[] {
  if (choice === 'on') return pairs;
  const families = new Map(chunks.map(({ id, language }) => [id, languageFamily(language)] as const));
  return pairs.filter(({ a, b }) => (families.get(a) === families.get(b)) === (choice === 'off'));
}
