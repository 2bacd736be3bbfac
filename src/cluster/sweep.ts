import type { Chunk } from '../types.ts';

/**
 * Calls `visit` with the indices of every two chunks that share text, the one that starts first (or is larger) first.
 *
 * @param ordered chunks in canonical order (`compareChunks`)
 */
export function sweepOverlaps(ordered: readonly Chunk[], visit: (outer: number, inner: number) => void): void {
  let open: number[] = [];
  let path: string | undefined;
  for (const [i, chunk] of ordered.entries()) {
    if (chunk.path !== path) open = [];
    path = chunk.path;
    open = open.filter((j) => (ordered[j]?.range.endIndex ?? 0) > chunk.range.startIndex);
    for (const j of open) visit(j, i);
    open.push(i);
  }
}
