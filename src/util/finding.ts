import { percent, typeWords } from '../messages.ts';
import type { Chunk, CloneClass, CloneType, GateFinding } from '../types.ts';
import { differenceWords } from './difference.ts';

/** What a finding is about, before it is put into words. */
export interface FindingFacts {
  readonly rule: GateFinding['rule'];
  readonly level: GateFinding['level'];
  readonly class: string;
  readonly member: Chunk;
  readonly twin: Chunk;
  readonly similarity: number;
  readonly type: CloneType;
  readonly lines?: GateFinding['lines'] | undefined;
}

/** `path:line` of a chunk. */
export function placeOf(chunk: Chunk): string {
  return `${chunk.path}:${chunk.range.startLine}`;
}

/** Name of a chunk for people: `Cart.total`, or its kind when it has none. */
export function titleOf(chunk: Chunk): string {
  return chunk.qualifiedName || chunk.name || `(${chunk.kind})`;
}

/** A finding in words for people and agents: what, where the twin is, what differs, what to do. */
export function describeFinding(facts: FindingFacts): GateFinding {
  const { rule, level, member, twin, similarity, type, lines } = facts;
  const words = rule === 'drift' ? driftWords(facts) : cloneWords(facts);
  return { rule, level, class: facts.class, member: member.id, twin: twin.id, similarity, type, ...words, ...(lines === undefined ? {} : { lines }) };
}

function cloneWords({ class: id, member, twin, similarity, type }: FindingFacts): Pick<GateFinding, 'message' | 'advice'> {
  const there = `${titleOf(twin)} in ${placeOf(twin)}`;
  return {
    message: `${titleOf(member)} is ${article(type)} of ${there} (${percent(similarity)} alike; ${differenceWords(twin, member, type)}).`,
    advice: `Call ${there} instead, or move what they share into one function; to keep both: simcode baseline --accept ${id} --reason "why".`,
  };
}

function driftWords({ member, twin }: FindingFacts): Pick<GateFinding, 'message' | 'advice'> {
  const there = `${titleOf(twin)} in ${placeOf(twin)}`;
  return {
    message: `${titleOf(member)} and ${there} were copies; only ${titleOf(member)} in ${placeOf(member)} was changed.`,
    advice: `Make the same change in ${placeOf(twin)}, or let one call the other; if they may part: put "simcode-ignore: why" in a comment above one of them.`,
  };
}

function article(type: CloneType): string {
  const words = typeWords[type];
  return type === 4 ? 'a rewrite' : `${/^[aeiou]/.test(words) ? 'an' : 'a'} ${words}`;
}

/** The strongest pair of a class between two chunks, or the strongest of one of them with any other. */
export function pairOf(clones: CloneClass, a: string, b?: string): CloneClass['pairs'][number] | undefined {
  let best: CloneClass['pairs'][number] | undefined;
  for (const pair of clones.pairs) {
    const isIts = b === undefined ? pair.a === a || pair.b === a : (pair.a === a && pair.b === b) || (pair.a === b && pair.b === a);
    if (isIts && (best === undefined || pair.similarity > best.similarity)) best = pair;
  }
  return best;
}
