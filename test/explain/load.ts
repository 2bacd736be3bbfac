import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chunkFile } from '../../src/chunk/chunk.ts';
import { readPieces } from '../../src/chunk/pieces.ts';
import type { Code } from '../../src/explain/code.ts';
import { readCode } from '../../src/explain/code.ts';
import { openGrammars } from '../../src/io/grammars.ts';
import type { Chunk } from '../../src/types.ts';

const grammars = await openGrammars();

export const fixtures = join(import.meta.dirname, '../../fixtures/explain');

/** Functions of a text by name, with their code. */
export async function functionsOf(text: string, language: string): Promise<ReadonlyMap<string, { readonly chunk: Chunk; readonly code: Code }>> {
  const file = { path: `file.${language}`, language, text, sha256: '' };
  const { chunks } = await chunkFile(file, grammars, { minLines: 1, minTokens: 1 });
  const pieces = await readPieces(file, grammars);
  const found = new Map<string, { readonly chunk: Chunk; readonly code: Code }>();
  for (const chunk of chunks) found.set(chunk.qualifiedName, { chunk, code: readCode(pieces, chunk) });
  return found;
}

/** One function of a text. */
export async function functionOf(text: string, language: string, name: string): Promise<{ readonly chunk: Chunk; readonly code: Code }> {
  const found = (await functionsOf(text, language)).get(name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}

export function fixture(name: string): string {
  return readFileSync(join(fixtures, name), 'utf8');
}
