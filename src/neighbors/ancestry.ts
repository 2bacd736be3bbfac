import type { Chunk } from '../types.ts';

/** Tells whether one of two chunks, by id, encloses the other: such a pair shares its text and is no clone. */
export function createAncestry(chunks: readonly Pick<Chunk, 'id' | 'parentId'>[]): (a: string, b: string) => boolean {
  const parents = new Map<string, string>();
  for (const { id, parentId } of chunks) if (parentId !== undefined) parents.set(id, parentId);
  const encloses = (outer: string, inner: string): boolean => {
    const seen = new Set<string>();
    for (let id = parents.get(inner); id !== undefined && !seen.has(id); id = parents.get(id)) {
      if (id === outer) return true;
      seen.add(id);
    }
    return false;
  };
  return (a, b) => encloses(a, b) || encloses(b, a);
}
