import type { Chunk } from '../types.ts';

/** Lines that would go if all members but the representative went; a line shared by members of a file counts once. */
export function duplicatedLines(members: readonly Chunk[], representative: Chunk): number {
  let lines = 0;
  let path: string | undefined;
  let covered = 0;
  for (const { path: at, range } of members) {
    if (at !== path) covered = 0;
    path = at;
    lines += Math.max(0, range.endLine - Math.max(covered, range.startLine - 1));
    covered = Math.max(covered, range.endLine);
  }
  const { startLine, endLine } = representative.range;
  return Math.max(0, lines - (endLine - startLine + 1));
}
