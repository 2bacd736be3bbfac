import type { Chunk } from '../../src/types.ts';
import { TokenKind } from '../../src/types.ts';
import { packToken, tokenHash } from '../../src/util/tokens.ts';

const KEYWORDS = new Set(['function', 'return', 'if', 'else', 'for', 'of', 'while', 'const', 'let', 'new', 'throw', 'def', 'in', 'try', 'catch', 'await', 'async']);
const TOKEN = /(["'`])(.*?)\1|(\d[\w.]*)|([\p{L}_$][\p{L}\p{N}_$]*)|([(){}[\];,:]|=>)|([^\s\w]+?)(?=[\s\w(){}[\];,"'`]|$)/gu;

/** A chunk from a few lines of code, split by a regular expression: enough for tests that need tokens, not a grammar. */
export function toyChunk(code: string, where: { readonly path?: string; readonly at?: number; readonly language?: string; readonly tags?: readonly string[] } = {}): Chunk {
  const { path = 'a.ts', at = 0, language = 'typescript', tags = [] } = where;
  const tokens: number[] = [];
  const lexemes: string[] = [];
  for (const [whole, , text, number, word, , operator] of code.matchAll(TOKEN)) {
    const entry = (kind: number, spelling: string): number => packToken(tokenHash(spelling), kind as TokenKind);
    if (text !== undefined) tokens.push(entry(TokenKind.string, text));
    else if (number !== undefined) tokens.push(entry(TokenKind.number, number));
    else if (word !== undefined) tokens.push(entry(KEYWORDS.has(word) ? TokenKind.keyword : TokenKind.identifier, word));
    else tokens.push(entry(operator === undefined ? TokenKind.punctuation : TokenKind.operator, whole));
    if (word !== undefined) lexemes.push(...word.split(/(?=[A-Z])|_/).map((part) => part.toLowerCase()));
  }
  const name = /(?:function|def)\s+([\w$]+)/.exec(code)?.[1] ?? '';
  const lines = code.split('\n').length;
  return {
    id: `${path}#${name}@${at}`, path, language, kind: 'function', name, qualifiedName: name, text: code, lexemes, tags,
    tokens: Uint32Array.from(tokens),
    range: { startLine: at + 1, endLine: at + lines, startColumn: 1, endColumn: 1, startIndex: at * 100, endIndex: at * 100 + code.length, startByte: 0, endByte: 0 },
    metrics: { lines, codeLines: lines, tokens: tokens.length },
  };
}
