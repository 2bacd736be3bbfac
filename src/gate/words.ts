import type { Chunk, GateFinding, Verdict } from '../types.ts';
import { describeFinding } from '../util/finding.ts';

/** Whether the words of a finding say more when both texts are there. */
export function needsText({ rule, type }: GateFinding): boolean {
  return rule === 'new-clone' && (type === 2 || type === 3);
}

/** The same verdict in the words that the texts of functions (by chunk id) give, for a result that did not keep them. */
export function withTexts(verdict: Verdict, chunks: readonly Chunk[], texts: ReadonlyMap<string, string>): Verdict {
  const byId = new Map(chunks.map((chunk) => [chunk.id, chunk] as const));
  const withText = (id: string): Chunk | undefined => {
    const [chunk, text] = [byId.get(id), texts.get(id)];
    return chunk === undefined || text === undefined ? undefined : { ...chunk, text };
  };
  return {
    ...verdict,
    findings: (verdict.findings ?? []).map((finding) => {
      const [member, twin] = [withText(finding.member), withText(finding.twin)];
      return needsText(finding) && member !== undefined && twin !== undefined ? describeFinding({ ...finding, member, twin }) : finding;
    }),
  };
}
