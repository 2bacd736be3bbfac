import { createHash } from 'node:crypto';
import type { LocatedFinding } from './findings.ts';

/**
 * Key of each finding, unique in the report and the same after edits: SHA-256 over rule, path and name of both sides,
 * and the how-manieth of that kind it is. No line numbers, no code.
 */
export function findingKeys(findings: readonly LocatedFinding[]): readonly string[] {
  const seen = new Map<string, number>();
  return findings.map(({ rule, memberChunk, twinChunk }) => {
    const text = [rule, memberChunk.path, memberChunk.qualifiedName, twinChunk.path, twinChunk.qualifiedName].join('\0');
    const nth = seen.get(text) ?? 0;
    seen.set(text, nth + 1);
    return createHash('sha256').update(nth === 0 ? text : `${text}\0${nth}`).digest('hex');
  });
}

/** First and last line to point at: the lines inside the change where they are known, else the whole function. */
export function linesOf({ lines, memberChunk }: LocatedFinding): { readonly startLine: number; readonly endLine: number } {
  return lines ?? { startLine: memberChunk.range.startLine, endLine: memberChunk.range.endLine };
}
