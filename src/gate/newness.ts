import type { Chunk, CloneClass } from '../types.ts';
import type { Recognised } from './known.ts';
import type { Origin } from './origin.ts';
import { newcomers } from './origin.ts';

/** Lines of a chunk inside the change that is looked at; empty when the change does not reach it. */
export type ChangedLines = (chunk: Chunk) => readonly { readonly startLine: number; readonly endLine: number }[];

/** What is known about the past; what is absent says nothing. */
export interface Past {
  readonly recognised?: Recognised | undefined;
  readonly origin?: Origin | undefined;
  readonly changed?: ChangedLines | undefined;
  /** Only members reached by the change can be new. */
  readonly scoped: boolean;
}

/** What the past says of a class: its new members, and the reason when it was accepted. */
export interface Newness {
  readonly members: readonly Chunk[];
  readonly accepted?: string;
}

/**
 * Which members of a class are new. A class all of whose members the baseline holds is old, whatever edits regrouped
 * them. Otherwise those are new that came in since the base commit, or lie in changed lines, or are in no baseline.
 */
export function newMembers(clones: CloneClass, chunks: readonly Chunk[], indexOf: ReadonlyMap<string, number>, past: Past): Newness {
  const { recognised, origin, changed, scoped } = past;
  const index = (chunk: Chunk): number => indexOf.get(chunk.id) ?? -1;
  const isKnown = (chunk: Chunk): boolean => recognised?.known.has(index(chunk)) ?? false;
  const reason = (chunk: Chunk): string | undefined => recognised?.accepted.get(index(chunk));
  const strangers = chunks.filter((chunk) => !isKnown(chunk) && reason(chunk) === undefined);
  if (strangers.length === 0 && recognised !== undefined) {
    const accepted = chunks.every(isKnown) ? undefined : chunks.map(reason).find((words) => words !== undefined);
    return { members: [], ...(accepted === undefined ? {} : { accepted }) };
  }
  const fresh = origin === undefined ? undefined : new Set(newcomers(clones, origin));
  const candidates = fresh === undefined ? strangers : strangers.filter(({ id }) => fresh.has(id));
  if (changed === undefined) return { members: candidates };
  const reached = candidates.filter((chunk) => changed(chunk).length > 0);
  return { members: scoped || reached.length > 0 ? reached : candidates };
}
