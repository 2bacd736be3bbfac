import type { Chunk } from '../types.ts';
import { compareChunks } from '../util/order.ts';
import type { Profile, Profiles } from './profile.ts';
import { Profiler } from './profile.ts';
import type { SequenceKeys } from './sequence.ts';
import { alphaKey, exactKey } from './sequence.ts';
import { languageFamily } from './words.ts';

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
  readonly weights: Profiles['weights'];
}

/** Gathers chunks that are the same but for layout and comments; the first of each unit is profiled. */
export function gatherUnits(unordered: readonly Chunk[]): Units {
  const chunks = unordered.toSorted(compareChunks);
  const profiler = new Profiler();
  const byKey = new Map<string, number>();
  const members: number[][] = [];
  const keys: SequenceKeys[] = [];
  const profiles: Profile[] = [];
  const unitOf = new Int32Array(chunks.length);
  for (const [i, chunk] of chunks.entries()) {
    const family = languageFamily(chunk.language);
    const exact = exactKey(chunk, family);
    const unit = byKey.get(exact) ?? members.length;
    if (unit === members.length) {
      byKey.set(exact, unit);
      members.push([]);
      keys.push({ exact, alpha: alphaKey(chunk, family) });
      profiles.push(profiler.profile(chunk));
    }
    members[unit]?.push(i);
    unitOf[i] = unit;
  }
  return { chunks, members, unitOf, keys, profiles, alphabet: profiler.alphabet(), opposites: profiler.opposites(), weights: profiler.weights() };
}
