import type { Chunk } from '../types.ts';

/** Tells whether one of two chunks, by id, encloses the other: such a pair shares its text and is no clone. */
export function createAncestry(chunks: readonly Pick<Chunk, 'id' | 'parentId'>[]): (a: string, b: string) => boolean {
  const parents = new Map<string, string>();
  for (const { id, parentId } of chunks) if (parentId !== undefined) parents.set(id, parentId);
  const ancestors = new Map<string, ReadonlySet<string>>();
  for (const inner of parents.keys()) {
    const outer = new Set<string>();
    for (let id = parents.get(inner); id !== undefined && !outer.has(id); id = parents.get(id)) outer.add(id);
    ancestors.set(inner, outer);
  }
  return (a, b) => ancestors.get(b)?.has(a) === true || ancestors.get(a)?.has(b) === true;
}
