import type { Chunk } from '../types.ts';
import { compareChunks } from '../util/order.ts';
import type { Profile, Profiles } from './profile.ts';
import { Profiler } from './profile.ts';
import type { SequenceKeys } from './sequence.ts';
import { exactKey, sequenceKeys } from './sequence.ts';
import { languageFamily } from './words.ts';

/** Chunks in canonical order, gathered by identical token sequence: pairs are scored between units, not chunks. */
export interface Units {
  readonly chunks: readonly Chunk[];
  /** Chunk indices of each unit, ascending. */
  readonly members: readonly (readonly number[])[];
  readonly unitOf: Int32Array;
  readonly keys: readonly SequenceKeys[];
  /** Made when it is first asked for. */
  profileOf(unit: number): Profile;
  /** Symbols of all profiles made so far are smaller than this. */
  alphabet(): number;
  readonly opposites: Profiles['opposites'];
  readonly weights: Profiles['weights'];
}

/** Gathers chunks that are the same but for layout and comments; the first of each stands for its unit. */
export function gatherUnits(unordered: readonly Chunk[]): Units {
  const chunks = unordered.toSorted(compareChunks);
  const profiler = new Profiler();
  const byKey = new Map<string, number>();
  const members: number[][] = [];
  const keys: SequenceKeys[] = [];
  const profiles: (Profile | undefined)[] = [];
  const unitOf = new Int32Array(chunks.length);
  for (const [i, chunk] of chunks.entries()) {
    const family = languageFamily(chunk.language);
    const exact = exactKey(chunk, family);
    const unit = byKey.get(exact) ?? members.length;
    if (unit === members.length) {
      byKey.set(exact, unit);
      members.push([]);
      keys.push(sequenceKeys(chunk, family, exact));
    }
    members[unit]?.push(i);
    unitOf[i] = unit;
  }
  const profileOf = (unit: number): Profile => {
    const chunk = chunks[members[unit]?.[0] ?? -1];
    if (chunk === undefined) throw new RangeError(`no unit ${unit}`);
    return (profiles[unit] ??= profiler.profile(chunk));
  };
  return { chunks, members, unitOf, keys, profileOf, alphabet: () => profiler.alphabet(), opposites: profiler.opposites, weights: profiler.weights };
}
