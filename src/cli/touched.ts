import type { ChangedLines } from '../gate/newness.ts';
import type { LineRange } from '../io/patch.ts';
import type { Chunk } from '../types.ts';

/** The parts of a chunk that a diff touches, from the changed lines by POSIX path. */
export function touchedBy(lines: ReadonlyMap<string, readonly LineRange[]>): ChangedLines {
  return ({ path, range }: Chunk) => (lines.get(path) ?? []).flatMap((change) => {
    const startLine = Math.max(change.startLine, range.startLine);
    const endLine = Math.min(change.endLine, range.endLine);
    if (change.deletion === true) return change.startLine >= range.startLine && change.endLine <= range.endLine ? [{ startLine, endLine: startLine }] : [];
    return startLine <= endLine ? [{ startLine, endLine }] : [];
  });
}
