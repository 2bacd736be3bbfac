import type { Chunk, CloneClass, GateFinding } from '../types.ts';
import { describeFinding, pairOf } from '../util/finding.ts';
import { createUnionFind } from '../util/union-find.ts';
import type { Origin } from './origin.ts';

/**
 * Functions that were copies (Type 1 or 2) of each other at the base and of which some were changed and others not, so
 * that they are copies no more: "you changed one of two copies". One finding a changed function.
 */
export function findDrift(current: readonly Chunk[], classes: readonly CloneClass[], origin: Origin): readonly GateFinding[] {
  const now = new Map<string, { readonly chunk: Chunk; readonly same: boolean }>();
  for (const chunk of current) {
    const was = origin.before.get(chunk.id);
    if (was !== undefined) now.set(was.chunk.id, { chunk, same: was.match.same });
  }
  const stillAlike = new Map(classes.flatMap((one) => copies(one).flatMap((group) => group.map((id) => [id, group] as const))));
  const found: GateFinding[] = [];
  for (const old of origin.classes) {
    for (const group of copies(old)) {
      const left = group.map((id) => now.get(id)).filter((one) => one !== undefined);
      const kept = left.filter(({ same }) => same).map(({ chunk }) => chunk);
      for (const { chunk, same } of left) {
        if (same || chunk.suppression !== undefined) continue;
        const twin = kept.find((other) => other.suppression === undefined && stillAlike.get(chunk.id)?.includes(other.id) !== true);
        if (twin !== undefined) found.push(drifted(old, chunk, twin, classes, origin));
      }
    }
  }
  return found;
}

function drifted(old: CloneClass, member: Chunk, twin: Chunk, classes: readonly CloneClass[], origin: Origin): GateFinding {
  const together = classes.find((one) => one.members.includes(member.id) && one.members.includes(twin.id));
  const pair = together === undefined ? undefined : pairOf(together, member.id, twin.id);
  const before = origin.before.get(member.id)?.chunk.id ?? '';
  return describeFinding({
    rule: 'drift', level: 'warning', class: together?.id ?? old.id, member, twin,
    similarity: pair?.similarity ?? 0, type: pair?.type ?? pairOf(old, before)?.type ?? 2,
  });
}

/** Members of a class gathered by pairs of Type 1 and 2, which are equivalences. */
function copies({ members, pairs }: CloneClass): readonly (readonly string[])[] {
  const at = new Map(members.map((id, i) => [id, i] as const));
  const sets = createUnionFind(members.length);
  for (const { a, b, type } of pairs) {
    const [x, y] = [at.get(a), at.get(b)];
    if (type <= 2 && x !== undefined && y !== undefined) sets.union(x, y);
  }
  return sets.groups().filter(({ length }) => length > 1).map((group) => group.map((i) => members[i] ?? ''));
}
