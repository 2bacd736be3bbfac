import type { Chunk } from '../../src/types.ts';

/** A chunk of the given lexemes; all else is filler. */
export function chunkOf(lexemes: readonly string[], row = 0, text = lexemes.join('\n')): Chunk {
  return {
    id: `a.ts#f@${row}:1`, path: 'a.ts', language: 'typescript', kind: 'function', name: 'f', qualifiedName: 'f',
    range: { startLine: row, endLine: row, startColumn: 1, endColumn: 1, startIndex: 0, endIndex: 0, startByte: 0, endByte: 0 },
    text, lexemes, tokens: new Uint32Array(), metrics: { lines: 1, codeLines: 1, tokens: lexemes.length }, tags: [],
  };
}
