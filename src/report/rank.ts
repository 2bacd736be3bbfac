import type { Chunk, CloneClass, ScanResult } from '../types.ts';

/** A class with its members looked up, as reports want it. */
export interface RankedClass {
  readonly class: CloneClass;
  readonly members: readonly Chunk[];
  /** Position in `members` of the most central one. */
  readonly representative: number;
  /** Position of the one to keep: the oldest where known, else the most central. */
  readonly canonical: number;
  /** Languages of the members, sorted, each once. */
  readonly languages: readonly string[];
}

/** Classes by what removing them would save: most lines first, then most alike, then by first member and id. */
export function rankClasses(result: Pick<ScanResult, 'classes' | 'chunks'>): readonly RankedClass[] {
  const byId = new Map(result.chunks.map((chunk) => [chunk.id, chunk]));
  const ranked = result.classes.map((clones): RankedClass => {
    const members = clones.members.map((id) => lookUp(byId, id, clones));
    return {
      class: clones,
      members,
      representative: clones.members.indexOf(clones.representative),
      canonical: clones.members.indexOf(clones.oldest?.member ?? clones.representative),
      languages: [...new Set(members.map((member) => member.language))].toSorted(),
    };
  });
  return ranked.toSorted(
    (x, y) =>
      y.class.duplicatedLines - x.class.duplicatedLines ||
      y.class.cohesion - x.class.cohesion ||
      compare(x.class.members[0] ?? '', y.class.members[0] ?? '') ||
      compare(x.class.id, y.class.id),
  );
}

function lookUp(byId: ReadonlyMap<string, Chunk>, id: string, clones: CloneClass): Chunk {
  const chunk = byId.get(id);
  if (chunk === undefined) throw new Error(`class ${clones.id} has a member that is no chunk of the run: ${id}`);
  return chunk;
}

/** Order by UTF-16 code units: the same on every machine, unlike a locale's. */
function compare(x: string, y: string): number {
  return x < y ? -1 : x > y ? 1 : 0;
}
