import type { ScanResult } from '../types.ts';
import { compareText } from '../util/order.ts';
import { linesOf } from './fingerprints.ts';
import { findingsOf, type LocatedFinding } from './findings.ts';
import type { ReportOptions } from './options.ts';
import { attributes } from './xml.ts';

/** Checkstyle's XML report: one `error` a finding, by file. */
export function checkstyle(result: ScanResult, _options: ReportOptions): string {
  const byPath = new Map<string, LocatedFinding[]>();
  for (const finding of findingsOf(result)) {
    const { path } = finding.memberChunk;
    byPath.set(path, [...(byPath.get(path) ?? []), finding]);
  }
  const files = [...byPath].toSorted(([x], [y]) => compareText(x, y)).map(([name, findings]) => {
    const errors = findings.map((finding) => ({ finding, line: linesOf(finding).startLine })).toSorted((x, y) => x.line - y.line)
      .map(({ finding: { level, rule, message, advice }, line }) =>
        `    <error${attributes({ line, column: 1, severity: level, message: `${message} ${advice}`, source: `simcode.${rule}` })}/>\n`);
    return `  <file${attributes({ name })}>\n${errors.join('')}  </file>\n`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<checkstyle version="4.3">\n${files.join('')}</checkstyle>\n`;
}
