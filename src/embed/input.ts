import { hash } from 'node:crypto';
import type { Chunk, Embedder, ModelInput } from '../types.ts';
import { splitWords } from '../util/words.ts';

/** Words that alone say nothing of what a function does: letters, numbers, what is said of any function or demanded of an entry point. */
const SILENT = /^(?:.|\d+|fn|func|function|w?main)$/u;

/** What the model reads of a chunk; `''` where that is nothing. */
export function modelInput(chunk: Chunk, input: ModelInput): string {
  if (input === 'source') return chunk.text;
  const lexemes = chunk.joined ?? chunk.lexemes.join(' ');
  return input === 'lexemes' || lexemes === '' ? lexemes : `${nameOf(chunk)}\n${lexemes}`;
}

function nameOf({ name }: Chunk): string {
  const words = splitWords(name);
  return words.every((word) => SILENT.test(word)) ? '' : words.join(' ');
}

/**
 * Cache key of one input: hex SHA-256 over everything its vector depends on. The JSON array keeps the parts apart
 * whatever they hold.
 */
export function vectorKey({ id, revision, instruction, dims, input }: Omit<Embedder, 'embed' | 'close'>, text: string): string {
  return hash('sha256', JSON.stringify([id, revision, instruction, dims, input, text]));
}
