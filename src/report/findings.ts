import type { Chunk, GateFinding, ScanResult } from '../types.ts';
import { describeFinding, pairOf } from '../util/finding.ts';
import { rankClasses } from './rank.ts';

/** A finding with its chunks looked up. */
export interface LocatedFinding extends GateFinding {
  readonly memberChunk: Chunk;
  readonly twinChunk: Chunk;
  /** Everything else in the class. */
  readonly others: readonly Chunk[];
}

/**
 * What a result has to say, chunk by chunk: the gate's findings and drift, worst first; without a verdict, every member
 * of every class but the most central one, as warnings.
 */
export function findingsOf(result: ScanResult): readonly LocatedFinding[] {
  const byId = new Map(result.chunks.map((chunk) => [chunk.id, chunk] as const));
  const classes = new Map(result.classes.map((one) => [one.id, one] as const));
  const { verdict } = result;
  const all = verdict === undefined ? scanFindings(result) : [...(verdict.findings ?? []), ...(verdict.drift ?? [])];
  return all.flatMap((finding): LocatedFinding[] => {
    const [memberChunk, twinChunk] = [byId.get(finding.member), byId.get(finding.twin)];
    if (memberChunk === undefined || twinChunk === undefined) return [];
    const others = (classes.get(finding.class)?.members ?? []).filter((id) => id !== finding.member && id !== finding.twin)
      .map((id) => byId.get(id)).filter((chunk) => chunk !== undefined);
    return [{ ...finding, memberChunk, twinChunk, others }];
  });
}

function scanFindings(result: ScanResult): readonly GateFinding[] {
  return rankClasses(result).flatMap(({ class: clones, members, representative }) => members.flatMap((member, at) => {
    const twin = members[representative];
    if (at === representative || twin === undefined) return [];
    const pair = pairOf(clones, member.id, twin.id);
    const { similarity, type } = pair ?? { similarity: clones.minSimilarity, type: clones.type };
    return [describeFinding({ rule: 'new-clone', level: 'warning', class: clones.id, member, twin, similarity, type })];
  }));
}
