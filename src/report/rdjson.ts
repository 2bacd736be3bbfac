import type { Chunk, ScanResult } from '../types.ts';
import { titleOf } from '../util/finding.ts';
import { escapeJson, escapeText } from './escape.ts';
import { linesOf } from './fingerprints.ts';
import { findingsOf } from './findings.ts';
import type { ReportOptions } from './options.ts';

/** Reviewdog Diagnostic Format (reviewdog, `proto/rdf/jsonschema/DiagnosticResult.json`). */
export function rdjson(result: ScanResult, _options: ReportOptions): string {
  const document = {
    source: { name: 'simcode' },
    severity: 'WARNING',
    diagnostics: findingsOf(result).map((finding) => {
      const { startLine, endLine } = linesOf(finding);
      return {
        message: escapeText(`${finding.message} ${finding.advice}`),
        location: { path: finding.memberChunk.path, range: { start: { line: startLine }, end: { line: endLine } } },
        severity: finding.level === 'error' ? 'ERROR' : 'WARNING',
        code: { value: finding.rule },
        relatedLocations: [finding.twinChunk, ...finding.others.slice(0, 20)].map(related),
      };
    }),
  };
  return `${escapeJson(JSON.stringify(document, null, 2))}\n`;
}

function related(chunk: Chunk): object {
  return {
    message: escapeText(titleOf(chunk)),
    location: { path: chunk.path, range: { start: { line: chunk.range.startLine }, end: { line: chunk.range.endLine } } },
  };
}
