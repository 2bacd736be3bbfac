import type { Chunk, ScanProfile, ScanResult } from '../types.ts';
import { memberFingerprint } from '../util/fingerprint.ts';
import { escapeJson } from './escape.ts';
import type { ReportOptions } from './options.ts';
import type { RankedClass } from './rank.ts';
import { rankClasses } from './rank.ts';
import { verdictJson } from './verdict.ts';
import type { JsonReport } from './schema.ts';

/** The report for programs (`report.schema.json`): the same bytes for the same input, but for `summary.seconds` and `summary.profile`. */
export function json(result: ScanResult, options: ReportOptions): string {
  const { tool, model, config, counts, seconds, skips, warnings, verdict, profile } = result;
  const document: JsonReport = {
    schemaVersion: 1,
    tool: { name: tool.name, version: tool.version },
    model: {
      id: model.id, revision: model.revision, device: model.device, dims: model.dims,
      instruction: model.instruction, calibrated: model.calibrated,
    },
    config: sortKeys(config),
    summary: {
      files: counts.files, lines: counts.lines, chunks: counts.chunks,
      embedded: counts.embedded, cached: counts.cached, index: counts.index,
      candidates: counts.candidates, pairs: counts.pairs, classes: counts.classes,
      duplicatedLines: counts.duplicatedLines,
      filtered: sortKeys(counts.filtered),
      skipped: tally(skips.map((skip) => skip.reason)),
      seconds: Object.fromEntries(Object.entries(seconds).map(([stage, value]) => [stage, round(value, 3)])),
      ...(profile === undefined ? {} : { profile: rounded(profile) }),
    },
    clusters: rankClasses(result).map(cluster),
    ...(verdict === undefined ? {} : { verdict: verdictJson(verdict, result) }),
    warnings: warnings.map(({ code, path, message }) => ({ code, ...(path === undefined ? {} : { path }), message })),
    ...(options.verbose === true ? { skips: skips.map(({ path, reason }) => ({ path, reason })) } : {}),
  };
  return `${escapeJson(JSON.stringify(document, null, 2))}\n`;
}

function cluster(entry: RankedClass): JsonReport['clusters'][number] {
  const { class: clones, members, representative } = entry;
  const position = new Map(clones.members.map((id, at) => [id, at]));
  return {
    id: clones.id,
    fingerprint: clones.fingerprint,
    kind: clones.parallel ? 'parallel' : 'clone',
    type: clones.type,
    similarity: round(clones.cohesion),
    minSimilarity: round(clones.minSimilarity),
    duplicatedLines: clones.duplicatedLines,
    representative,
    ...(clones.oldest === undefined ? {} : {
      oldest: { member: position.get(clones.oldest.member) ?? -1, commit: clones.oldest.commit, since: new Date(clones.oldest.time * 1000).toISOString() },
    }),
    members: members.map(member),
    pairs: clones.pairs.map((pair) => ({
      a: position.get(pair.a) ?? -1,
      b: position.get(pair.b) ?? -1,
      similarity: round(pair.similarity),
      cosine: round(pair.cosine),
      lexical: round(pair.lexical),
      structural: round(pair.structural),
      type: pair.type,
    })),
  };
}

function member(chunk: Chunk): JsonReport['clusters'][number]['members'][number] {
  return {
    path: chunk.path,
    startLine: chunk.range.startLine,
    endLine: chunk.range.endLine,
    name: chunk.qualifiedName || chunk.name,
    kind: chunk.kind,
    language: chunk.language,
    lines: chunk.metrics.lines,
    tokens: chunk.metrics.tokens,
    fingerprint: memberFingerprint(chunk),
  };
}

function tally(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return sortKeys(counts);
}

function sortKeys<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).toSorted(([x], [y]) => (x < y ? -1 : 1)));
}

function rounded(profile: ScanProfile): ScanProfile {
  return JSON.parse(JSON.stringify(profile, (_, value: unknown) => (typeof value === 'number' ? round(value, 4) : value))) as ScanProfile;
}

function round(value: number, digits = 6): number {
  return Number(value.toFixed(digits));
}
