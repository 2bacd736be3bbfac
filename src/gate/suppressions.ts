import type { ScanResult, Verdict } from '../types.ts';

/** Suppression comments none of whose functions is in a class, each once. */
export function unusedSuppressions({ chunks, classes }: Pick<ScanResult, 'chunks' | 'classes'>): NonNullable<Verdict['unused']> {
  const used = new Set(classes.flatMap(({ members }) => members));
  const comments = new Map<string, { path: string; line: number; reason: string; used: boolean }>();
  for (const { id, path, suppression } of chunks) {
    if (suppression === undefined) continue;
    const { line, reason } = suppression;
    const key = `${path}:${line}`;
    comments.set(key, { path, line, reason, used: (comments.get(key)?.used ?? false) || used.has(id) });
  }
  return [...comments.values()].filter((comment) => !comment.used).map(({ path, line, reason }) => ({ path, line, reason }));
}
