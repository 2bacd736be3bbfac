import { count } from '../messages.ts';
import type { ScanResult } from '../types.ts';
import { escapeText } from './escape.ts';
import { linesOf } from './fingerprints.ts';
import { findingsOf, type LocatedFinding } from './findings.ts';
import type { ReportOptions } from './options.ts';

/** GitHub shows ten errors and ten warnings of a step. */
const MAX_PER_LEVEL = 10;

/** Workflow commands that GitHub Actions turns into annotations, worst first; the last line counts the rest. */
export function github(result: ScanResult, _options: ReportOptions): string {
  const all = findingsOf(result);
  const errors = all.filter(({ level }) => level === 'error');
  const warnings = all.filter(({ level }) => level === 'warning');
  const shown = [...errors.slice(0, MAX_PER_LEVEL), ...warnings.slice(0, MAX_PER_LEVEL)];
  const lines = shown.map(command);
  if (shown.length < all.length) lines.push(`${count(all.length - shown.length, 'more finding')} in the other reports of simcode.`);
  return lines.length === 0 ? 'simcode: nothing to report.\n' : `${lines.join('\n')}\n`;
}

function command(finding: LocatedFinding): string {
  const { level, rule, memberChunk, message, advice } = finding;
  const { startLine, endLine } = linesOf(finding);
  const title = rule === 'drift' ? 'Only one of two copies changed' : 'New clone';
  const properties = { file: memberChunk.path, line: startLine, endLine, title };
  const listed = Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(escapeText(String(value)))}`).join(',');
  return `::${level} ${listed}::${escapeData(`${escapeText(message)}\n${escapeText(advice)}`)}`;
}

/** As `@actions/core` does it (toolkit, `command.ts`). */
function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
