import { sharedItems } from '../util/collections.ts';
import type { Chunk, CloneClass } from '../types.ts';
import { identify, type Identity } from './identity.ts';
import { matchIdentities, type Match } from './match.ts';

/** The tree as it was: what every current function used to be, if anything. */
export interface Origin {
  /** Old chunk by current chunk id, with how much of it is left. */
  readonly before: ReadonlyMap<string, { readonly chunk: Chunk; readonly match: Match }>;
  /** Class by old chunk id. */
  readonly classOf: ReadonlyMap<string, CloneClass>;
  readonly classes: readonly CloneClass[];
  /** Current chunks by id. */
  readonly now: ReadonlyMap<string, Chunk>;
  /** Ids of old chunks that are still there. */
  readonly left: ReadonlySet<string>;
}

/** Share of its words that a function had before, from which it counts as lightly edited: taking code out makes no copy. */
const LIGHT = 0.8;
/** Rise of the share of words that two functions have in common by which an edit made one a copy of the other. */
const RISE = 0.15;

/**
 * Finds the functions of a tree again in an older state of it.
 * @param renames old path by new path
 */
export function traceOrigin(
  current: readonly Chunk[], identities: readonly Identity[],
  old: { readonly chunks: readonly Chunk[]; readonly classes: readonly CloneClass[]; readonly renames: ReadonlyMap<string, string> },
): Origin {
  const before = new Map<string, { chunk: Chunk; match: Match }>();
  // of files that are the same in both trees the chunks are, too
  const at = new Map(old.chunks.map((chunk, i) => [chunk, i] as const));
  const others: Identity[] = [];
  const left: Chunk[] = [];
  for (const [i, chunk] of current.entries()) {
    const index = at.get(chunk);
    if (index === undefined) {
      others.push(moved(identities[i] as Identity, old.renames));
      left.push(chunk);
    } else {
      before.set(chunk.id, { chunk, match: { old: index, same: true, similarity: 1 } });
      at.delete(chunk);
    }
  }
  const gone = [...at];
  for (const [i, match] of matchIdentities(others, gone.map(([chunk]) => identify(chunk))).entries()) {
    const [now, [chunk, index] = []] = [left[i], match === undefined ? undefined : gone[match.old]];
    if (now !== undefined && chunk !== undefined && index !== undefined && match !== undefined) before.set(now.id, { chunk, match: { ...match, old: index } });
  }
  const classOf = new Map(old.classes.flatMap((one) => one.members.map((id) => [id, one] as const)));
  return { before, classOf, classes: old.classes, now: new Map(current.map((chunk) => [chunk.id, chunk] as const)), left: new Set([...before.values()].map(({ chunk }) => chunk.id)) };
}

function moved(identity: Identity, renames: ReadonlyMap<string, string>): Identity {
  const path = renames.get(identity.path);
  return path === undefined ? identity : { path, name: identity.name, get hash() { return identity.hash; }, get sketch() { return identity.sketch; } };
}

/**
 * Members of a class that brought the likeness in: added, or rewritten so much that they were no copy of any of the
 * others before. A member that takes the place of one that went is none: the class has not grown.
 */
export function newcomers({ members }: CloneClass, origin: Origin): readonly string[] {
  const { before, classOf } = origin;
  const homes = new Set(members.map((id) => classOf.get(before.get(id)?.chunk.id ?? '')).filter((home) => home !== undefined));
  const fresh = members.filter((id) => {
    const own = before.get(id);
    if (own === undefined) return true;
    if (own.match.same || own.match.similarity >= LIGHT || shareKept(id, origin) >= LIGHT) return false;
    const home = classOf.get(own.chunk.id);
    if (home !== undefined && members.some((other) => other !== id && classOf.get(before.get(other)?.chunk.id ?? '') === home)) return false;
    return members.some((other) => other !== id && rise(id, other, origin) >= RISE);
  });
  const vacated = [...homes].reduce((sum, home) => sum + home.members.filter((id) => !origin.left.has(id)).length, 0);
  return fresh.length <= vacated ? [] : fresh;
}

/** Share of the words of a function that were in it before. */
function shareKept(id: string, { before, now }: Origin): number {
  const [own, old] = [now.get(id)?.lexemes ?? [], before.get(id)?.chunk.lexemes ?? []];
  return sharedItems(own, old) / Math.max(1, own.length);
}

/** By how much two functions have become more alike in their words. */
function rise(a: string, b: string, { before, now }: Origin): number {
  const [x, y] = [now.get(a), now.get(b)];
  if (x === undefined || y === undefined) return 0;
  return sharedWords(x, y) - sharedWords(before.get(a)?.chunk ?? x, before.get(b)?.chunk ?? y);
}

/** Jaccard similarity of the multisets of lexemes, in [0, 1]. */
function sharedWords(a: Chunk, b: Chunk): number {
  const shared = sharedItems(a.lexemes, b.lexemes);
  return shared / Math.max(1, a.lexemes.length + b.lexemes.length - shared);
}
