import { SimcodeError } from '../errors.ts';
import type { Chunk } from '../types.ts';

/** `path:line` as typed. */
export interface TypedPlace {
  readonly path: string;
  readonly line: number;
}

/** Reads `path:line`, `path:line:column` and `path:start-end`; undefined for anything else. */
export function parsePlace(typed: string): TypedPlace | undefined {
  const match = /^(.+?):(\d{1,9})(?::\d+|-\d+)?$/s.exec(typed);
  const line = Number(match?.[2]);
  return match?.[1] === undefined || line < 1 ? undefined : { path: match[1], line };
}

interface Floors { readonly minLines: number; readonly minTokens: number }

/**
 * The function at a line: the innermost that is large enough for a scan, else the outermost.
 * @throws SimcodeError `bad-input` that names the nearest function when none is there
 */
export function functionAt(chunks: readonly Chunk[], { path, line }: TypedPlace, { minLines, minTokens }: Floors): Chunk {
  const around = chunks.filter(({ range }) => range.startLine <= line && line <= range.endLine)
    .toSorted((x, y) => (x.range.endIndex - x.range.startIndex) - (y.range.endIndex - y.range.startIndex));
  const found = around.find(({ metrics }) => metrics.lines >= minLines && metrics.tokens >= minTokens) ?? around.at(-1);
  if (found !== undefined) return found;
  const near = nearestOf(chunks, line);
  if (near === undefined) throw new SimcodeError('bad-input', `There is no function in ${path}.`, { hint: 'Name a line inside of a function.' });
  const { startLine, endLine } = near.range;
  throw new SimcodeError('bad-input', `There is no function at ${path}:${line}; the nearest is ${near.qualifiedName || near.kind} in lines ${startLine} to ${endLine}.`, {
    hint: `Try ${path}:${startLine}`,
  });
}

/** The chunk with the fewest lines between it and a line; the outermost of several. */
function nearestOf(chunks: readonly Chunk[], line: number): Chunk | undefined {
  let best: Chunk | undefined;
  const away = ({ range }: Chunk): number => Math.max(range.startLine - line, line - range.endLine, 0);
  for (const chunk of chunks) if (best === undefined || away(chunk) < away(best)) best = chunk;
  return best;
}
