import type { Baseline, BaselineEntry } from './baseline.ts';
import type { Identity } from './identity.ts';
import { matchIdentities } from './match.ts';

/** Which current functions a baseline holds. Indices are those of the functions. */
export interface Recognised {
  readonly known: ReadonlySet<number>;
  /** Reason by function, for members of accepted entries. */
  readonly accepted: ReadonlyMap<number, string>;
  /** Per known entry, the functions its members are now; undefined where a member is gone. */
  readonly found: ReadonlyMap<BaselineEntry, readonly (number | undefined)[]>;
}

/** Looks up all current functions of a tree in a baseline. */
export function recognise(current: readonly Identity[], { known, accepted }: Baseline): Recognised {
  const old = lookUp(current, known);
  const kept = lookUp(current, accepted);
  const reasons = new Map<number, string>();
  for (const [entry, indices] of kept) {
    for (const index of indices) if (index !== undefined) reasons.set(index, entry.reason ?? '');
  }
  const indices = [...old.values()].flat().filter((index) => index !== undefined);
  return { known: new Set(indices), accepted: reasons, found: old };
}

/** A function may be in several entries; within one, equal members are distinct functions. */
function lookUp(current: readonly Identity[], entries: readonly BaselineEntry[]): ReadonlyMap<BaselineEntry, readonly (number | undefined)[]> {
  const places = new Map<string, number>();
  const old: Identity[] = [];
  const placed = entries.map((entry) => {
    const nth = new Map<string, number>();
    return entry.members.map((member) => {
      const text = JSON.stringify([member.path, member.name, member.hash]);
      nth.set(text, (nth.get(text) ?? 0) + 1);
      const key = `${text}${nth.get(text)}`;
      const at = places.get(key) ?? old.push(member) - 1;
      places.set(key, at);
      return at;
    });
  });
  const matches = matchIdentities(current, old);
  const now = new Map<number, number>();
  for (const [index, match] of matches.entries()) if (match !== undefined) now.set(match.old, index);
  return new Map(entries.map((entry, i) => [entry, (placed[i] ?? []).map((at) => now.get(at))] as const));
}
