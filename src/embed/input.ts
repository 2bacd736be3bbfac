import { hash } from 'node:crypto';
import type { Chunk, Embedder } from '../types.ts';

/** What the model reads of a chunk: its lexemes joined by single spaces, or its source text. */
export function modelInput(chunk: Chunk, input: Embedder['input']): string {
  return input === 'lexemes' ? chunk.joined ?? chunk.lexemes.join(' ') : chunk.text;
}

/**
 * Cache key of one input: hex SHA-256 over everything its vector depends on. The JSON array keeps the parts apart
 * whatever they hold.
 */
export function vectorKey({ id, revision, instruction, dims, input }: Omit<Embedder, 'embed' | 'close'>, text: string): string {
  return hash('sha256', JSON.stringify([id, revision, instruction, dims, input, text]));
}
