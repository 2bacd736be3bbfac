import type { Chunk } from '../types.ts';

/** The chunk with the fewest lines between it and a line; the outermost of several. */
export function nearestOf(chunks: readonly Chunk[], line: number): Chunk | undefined {
  let best: Chunk | undefined;
  const away = ({ range }: Chunk): number => Math.max(range.startLine - line, line - range.endLine, 0);
  for (const chunk of chunks) if (best === undefined || away(chunk) < away(best)) best = chunk;
  return best;
}
