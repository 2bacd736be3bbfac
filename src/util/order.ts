import type { Chunk } from '../types.ts';

/** Order of chunks in results: by path, then position, outer before inner; independent of locale. */
export function compareChunks(a: Chunk, b: Chunk): number {
  return compareText(a.path, b.path) || a.range.startIndex - b.range.startIndex
    || b.range.endIndex - a.range.endIndex || compareText(a.id, b.id);
}

/** Order by UTF-16 code units. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Whether two chunks share text: one holds the other, or blocks overlap. */
export function overlaps(a: Chunk, b: Chunk): boolean {
  return a.path === b.path && a.range.startIndex < b.range.endIndex && b.range.startIndex < a.range.endIndex;
}
