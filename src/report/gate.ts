import { count, duration, typeWords } from '../messages.ts';
import type { ScanResult } from '../types.ts';
import { escapeText } from './escape.ts';
import { findingsOf, type LocatedFinding } from './findings.ts';
import type { Painter, ReportOptions } from './options.ts';
import { plain } from './options.ts';

const defaultTop = 20;

/** The gate for people and agents: one block a finding, what to do about it, and the verdict in the last lines. */
export function gate(result: ScanResult, options: ReportOptions): string {
  const paint = options.paint ?? plain;
  const all = findingsOf(result);
  const top = options.top ?? defaultTop;
  const shown = top === 0 ? all : all.slice(0, top);
  const blocks = shown.map((finding) => block(finding, paint));
  if (shown.length < all.length) blocks.push(`${count(all.length - shown.length, 'more finding')}: --top 0`);
  if (options.verbose === true) blocks.push(...sidelined(result));
  blocks.push(closing(result, paint));
  return `${blocks.join('\n\n')}\n`;
}

function block(finding: LocatedFinding, paint: Painter): string {
  const { rule, level, type, memberChunk, message, advice, others } = finding;
  const { path, range } = memberChunk;
  const label = rule === 'drift' ? 'drift' : `new ${typeWords[type]}`;
  const lines = [
    `${paint('bold', `${escapeText(path)}:${range.startLine}`)}: ${paint(level === 'error' ? 'red' : 'yellow', label)} ${paint('dim', `[${finding.class}]`)}`,
    `  ${escapeText(message)}`,
  ];
  if (others.length > 0) {
    const places = others.slice(0, 3).map((chunk) => `${escapeText(chunk.path)}:${chunk.range.startLine}`);
    lines.push(`  Also in ${places.join(', ')}${others.length > 3 ? ` and ${count(others.length - 3, 'more place')}` : ''}.`);
  }
  lines.push(`  ${paint('cyan', 'fix:')} ${escapeText(advice)}`);
  return lines.join('\n');
}

/** What was found and does not count, with --verbose. */
function sidelined({ verdict }: ScanResult): readonly string[] {
  const lines = [
    ...(verdict?.accepted ?? []).map((one) => `accepted: class ${one.class} (${escapeText(one.reason)})`),
    ...(verdict?.suppressed ?? []).map((one) => `suppressed: ${escapeText(one.member)} (${escapeText(one.reason)})`),
  ];
  return lines.length === 0 ? [] : [lines.join('\n')];
}

function closing(result: ScanResult, paint: Painter): string {
  const { verdict, counts, seconds } = result;
  const looked = `${count(counts.chunks, 'function')} in ${count(counts.files, 'file')}`;
  if (verdict === undefined) return `${count(result.classes.length, 'clone class', 'clone classes')} among ${looked}.`;
  const parts = [`${count(verdict.known.length, 'known class', 'known classes')}`];
  if (verdict.accepted?.length) parts.push(`${verdict.accepted.length} accepted`);
  if (verdict.suppressed?.length) parts.push(`${verdict.suppressed.length} suppressed`);
  if (verdict.drift?.length) parts.push(`${verdict.drift.length} drifted`);
  if (verdict.gone.length > 0) parts.push(`${verdict.gone.length} gone (simcode baseline --prune)`);
  if (verdict.unused?.length) parts.push(`${count(verdict.unused.length, 'unused suppression')}`);
  const found = verdict.new.length === 0 ? 'No new clones' : count(verdict.new.length, 'new clone class', 'new clone classes');
  const { against } = verdict;
  const since = against === undefined ? '' : ` against ${against.kind === 'baseline' ? 'the baseline ' : ''}${escapeText(against.name)}`;
  const style = verdict.exitCode === 0 ? 'green' : 'red';
  return `${paint(style, `${found}${since}.`)} ${parts.join(', ')}. Looked at ${looked}${seconds.total === undefined ? '' : ` in ${duration(seconds.total)}`}.`;
}
