import type { Chunk, CloneClass } from '../types.ts';
import { compareChunks } from '../util/order.ts';
import { sweepOverlaps } from './sweep.ts';

/** Share of a block's text that must lie in another class's block to be the same finding. */
const BLOCK_SHARE = 0.5;

/**
 * Leaves out classes whose members all lie inside members of one other class: nested functions of copied functions,
 * and blocks that overlap the blocks of a class with more to save.
 *
 * @param classes most lines saved first
 */
export function foldNested(classes: readonly CloneClass[], chunkOf: ReadonlyMap<string, Chunk>): CloneClass[] {
  const owned = classes.flatMap(({ members }, owner) => members.flatMap((id) => {
    const chunk = chunkOf.get(id);
    return chunk === undefined ? [] : [{ owner, chunk }];
  })).toSorted((x, y) => compareChunks(x.chunk, y.chunk));
  const covered = classes.map(() => new Map<number, Set<string>>());
  const cover = (inner: (typeof owned)[number] | undefined, outer: (typeof owned)[number] | undefined): void => {
    if (inner === undefined || outer === undefined || inner.owner === outer.owner || !covers(inner, outer)) return;
    const by = covered[inner.owner];
    by?.set(outer.owner, (by.get(outer.owner) ?? new Set()).add(inner.chunk.id));
  };
  sweepOverlaps(owned.map(({ chunk }) => chunk), (i, j) => {
    cover(owned[j], owned[i]);
    cover(owned[i], owned[j]);
  });
  return classes.filter(({ members }, i) => ![...(covered[i]?.values() ?? [])].some((ids) => ids.size === members.length));
}

function covers(inner: { owner: number; chunk: Chunk }, outer: { owner: number; chunk: Chunk }): boolean {
  const { startIndex, endIndex } = inner.chunk.range;
  const { startIndex: from, endIndex: to } = outer.chunk.range;
  if (from <= startIndex && endIndex <= to) return inner.chunk.id !== outer.chunk.id;
  if (inner.chunk.kind !== 'block' || outer.owner > inner.owner) return false;
  return Math.min(to, endIndex) - Math.max(from, startIndex) >= BLOCK_SHARE * (endIndex - startIndex);
}
