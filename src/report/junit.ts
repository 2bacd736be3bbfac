import { typeWords } from '../messages.ts';
import type { ScanResult } from '../types.ts';
import { placeOf, titleOf } from '../util/finding.ts';
import { findingsOf, type LocatedFinding } from './findings.ts';
import type { ReportOptions } from './options.ts';
import type { RankedClass } from './rank.ts';
import { rankClasses } from './rank.ts';
import { attributes, escapeXml } from './xml.ts';

/** JUnit XML: a test case a clone class; those with findings fail, the others pass. */
export function junit(result: ScanResult, _options: ReportOptions): string {
  const byClass = new Map<string, LocatedFinding[]>();
  for (const finding of findingsOf(result)) byClass.set(finding.class, [...(byClass.get(finding.class) ?? []), finding]);
  const ranked = rankClasses(result);
  const cases = ranked.map((entry) => testCase(entry, byClass.get(entry.class.id) ?? []));
  // drift may be of a class that is none any more
  const present = new Set(ranked.map((entry) => entry.class.id));
  for (const [id, findings] of byClass) if (!present.has(id)) cases.push(lone(id, findings));
  const failures = byClass.size;
  const time = (result.seconds.total ?? 0).toFixed(3);
  const totals = attributes({ name: 'simcode', tests: cases.length, failures, errors: 0, time });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${totals}>\n  <testsuite${totals}>\n${cases.join('')}  </testsuite>\n</testsuites>\n`;
}

function testCase({ class: clones, members }: RankedClass, findings: readonly LocatedFinding[]): string {
  const [first] = members;
  const name = `${typeWords[clones.type]} of ${first === undefined ? '' : titleOf(first)} (${members.map(placeOf).slice(0, 5).join(', ')})`;
  return element({ classname: `simcode.${clones.id}`, name, file: first?.path, line: first?.range.startLine }, findings);
}

function lone(id: string, findings: readonly LocatedFinding[]): string {
  const chunk = findings[0]?.memberChunk;
  return element({ classname: `simcode.${id}`, name: chunk === undefined ? id : `drift of ${titleOf(chunk)}`, file: chunk?.path, line: chunk?.range.startLine }, findings);
}

function element(values: Parameters<typeof attributes>[0], findings: readonly LocatedFinding[]): string {
  const [worst] = findings;
  if (worst === undefined) return `    <testcase${attributes({ ...values, time: '0.000' })}/>\n`;
  const text = findings.map(({ memberChunk, message, advice }) => `${escapeXml(`${placeOf(memberChunk)}: ${message}`)}\n${escapeXml(advice)}`);
  return `    <testcase${attributes({ ...values, time: '0.000' })}>\n      <failure${attributes({ type: worst.rule, message: worst.message })}>${text.join('\n\n')}</failure>\n    </testcase>\n`;
}
