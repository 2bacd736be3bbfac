import type { ScanResult } from '../types.ts';
import { escapeJson, escapeText } from './escape.ts';
import { findingKeys, linesOf } from './fingerprints.ts';
import { findingsOf } from './findings.ts';
import type { ReportOptions } from './options.ts';

/** GitLab Code Quality (a subset of the Code Climate form): new clones are major, drift is minor. */
export function gitlab(result: ScanResult, _options: ReportOptions): string {
  const findings = findingsOf(result);
  const keys = findingKeys(findings);
  const issues = findings.map((finding, at) => {
    const { startLine, endLine } = linesOf(finding);
    return {
      description: escapeText(`${finding.message} ${finding.advice}`),
      check_name: `simcode/${finding.rule}`,
      fingerprint: keys[at],
      severity: finding.level === 'error' ? 'major' : 'minor',
      location: { path: finding.memberChunk.path, lines: { begin: startLine, end: endLine } },
    };
  });
  return `${escapeJson(JSON.stringify(issues, null, 2))}\n`;
}
