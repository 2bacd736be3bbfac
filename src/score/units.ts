import type { Chunk } from '../types.ts';
import { compareChunks } from '../util/order.ts';
import type { Profile, Profiles } from './profile.ts';
import { profileChunks } from './profile.ts';
import type { SequenceKeys } from './sequence.ts';
import { sequenceKeys } from './sequence.ts';

/** Chunks in canonical order, gathered by identical token sequence: pairs are scored between units, not chunks. */
export interface Units {
  readonly chunks: readonly Chunk[];
  /** Chunk indices of each unit, ascending. */
  readonly members: readonly (readonly number[])[];
  readonly unitOf: Int32Array;
  readonly keys: readonly SequenceKeys[];
  readonly profiles: readonly Profile[];
  readonly alphabet: number;
  readonly opposites: Profiles['opposites'];
}

/** Gathers chunks that are the same but for layout and comments. */
export function gatherUnits(unordered: readonly Chunk[]): Units {
  const chunks = unordered.toSorted(compareChunks);
  const profiles = profileChunks(chunks);
  const byKey = new Map<string, number>();
  const members: number[][] = [];
  const keys: SequenceKeys[] = [];
  const first: Profile[] = [];
  const unitOf = new Int32Array(chunks.length);
  for (const [i, profile] of profiles.all.entries()) {
    const key = sequenceKeys(profile.chunk, profile.family);
    let unit = byKey.get(key.exact);
    if (unit === undefined) {
      unit = members.length;
      byKey.set(key.exact, unit);
      members.push([]);
      keys.push(key);
      first.push(profile);
    }
    members[unit]?.push(i);
    unitOf[i] = unit;
  }
  return { chunks, members, unitOf, keys, profiles: first, alphabet: profiles.alphabet, opposites: profiles.opposites };
}
