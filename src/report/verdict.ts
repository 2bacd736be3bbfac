import type { Chunk, GateFinding, ScanResult, Verdict } from '../types.ts';
import { titleOf } from '../util/finding.ts';
import type { JsonVerdict } from './verdict-schema.ts';

/** The gate's part of the JSON report, functions looked up. */
export function verdictJson(verdict: Verdict, { chunks }: Pick<ScanResult, 'chunks'>): JsonVerdict {
  const byId = new Map(chunks.map((chunk) => [chunk.id, chunk] as const));
  const list = (findings: readonly GateFinding[]): JsonVerdict['findings'] => findings.flatMap((finding) => {
    const [member, twin] = [byId.get(finding.member), byId.get(finding.twin)];
    return member === undefined || twin === undefined ? [] : [findingJson(finding, member, twin)];
  });
  const { findings, drift, accepted, suppressed, unused, against } = verdict;
  return {
    new: [...verdict.new], known: [...verdict.known], gone: [...verdict.gone], exitCode: verdict.exitCode,
    ...(against === undefined ? {} : { against: { ...against } }),
    ...(findings === undefined ? {} : { findings: list(findings) }),
    ...(drift === undefined ? {} : { drift: list(drift) }),
    ...(accepted === undefined ? {} : { accepted: [...accepted] }),
    ...(suppressed === undefined ? {} : { suppressed: [...suppressed] }),
    ...(unused === undefined ? {} : { unused: [...unused] }),
  };
}

function findingJson(finding: GateFinding, member: Chunk, twin: Chunk): NonNullable<JsonVerdict['findings']>[number] {
  const { rule, level, similarity, type, message, advice, lines } = finding;
  return {
    rule, level, class: finding.class, member: place(member), twin: place(twin), similarity: Number(similarity.toFixed(6)), type, message, advice,
    ...(lines === undefined ? {} : { lines: { startLine: lines.startLine, endLine: lines.endLine } }),
  };
}

function place(chunk: Chunk) {
  const { path, range: { startLine, endLine } } = chunk;
  return { path, startLine, endLine, name: titleOf(chunk) };
}
