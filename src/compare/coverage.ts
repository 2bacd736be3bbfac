import type { Chunk } from '../types.ts';
import type { ComparedFile, Coverage } from './schema.ts';

/** A function that counts, and what it was found to be like. */
export interface Counted {
  readonly chunk: Chunk;
  /** The best counterpart's file (within its tree); undefined when nothing was found. */
  readonly counterpart: string | undefined;
}

/** Shares of functions and of their lines that have a counterpart. A line of two nested functions counts once. */
export function coverageOf(counted: readonly Counted[]): Coverage {
  const found = counted.filter(({ counterpart }) => counterpart !== undefined);
  const [lines, linesFound] = [linesOf(counted), linesOf(found)];
  return {
    functions: counted.length, functionsFound: found.length, functionShare: shareOf(found.length, counted.length),
    lines, linesFound, lineShare: shareOf(linesFound, lines),
  };
}

/** The same file by file, most lines found first. */
export function coverageByFile(counted: readonly Counted[], inside: (path: string) => string): ComparedFile[] {
  const byFile = new Map<string, Counted[]>();
  for (const one of counted) {
    const list = byFile.get(one.chunk.path);
    if (list === undefined) byFile.set(one.chunk.path, [one]);
    else list.push(one);
  }
  return [...byFile].map(([path, own]) => ({ path: inside(path), ...coverageOf(own), counterpart: mainCounterpart(own) }))
    .toSorted((x, y) => y.linesFound - x.linesFound || y.lineShare - x.lineShare || (x.path < y.path ? -1 : 1));
}

function mainCounterpart(counted: readonly Counted[]): string | null {
  const lines = new Map<string, number>();
  for (const { chunk, counterpart } of counted) {
    if (counterpart !== undefined) lines.set(counterpart, (lines.get(counterpart) ?? 0) + chunk.metrics.lines);
  }
  const [best] = [...lines].toSorted(([x, n], [y, m]) => m - n || (x < y ? -1 : 1));
  return best?.[0] ?? null;
}

function linesOf(counted: readonly Counted[]): number {
  const seen = new Map<string, Set<number>>();
  for (const { chunk: { path, range } } of counted) {
    const lines = seen.get(path) ?? new Set<number>();
    seen.set(path, lines);
    for (let line = range.startLine; line <= range.endLine; line++) lines.add(line);
  }
  let total = 0;
  for (const lines of seen.values()) total += lines.size;
  return total;
}

function shareOf(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
