import { count, percent, typeWords } from '../messages.ts';
import type { Chunk, ScanResult } from '../types.ts';
import { titleOf } from '../util/finding.ts';
import { escapeText } from './escape.ts';
import { findingsOf, type LocatedFinding } from './findings.ts';
import type { ReportOptions } from './options.ts';

/** A comment on GitHub holds 65,536 characters. */
const MAX_LENGTH = 65_536;
/** Findings shown open; the rest is folded. */
const SHOWN_OPEN = 5;
const RESERVED = 400;

/** Markdown for a pull request: the verdict, the worst findings open, the rest folded, never longer than a comment may be. */
export function markdown(result: ScanResult, _options: ReportOptions): string {
  const findings = findingsOf(result);
  let text = `${heading(result, findings)}\n`;
  let folded = false;
  let written = 0;
  for (const [at, finding] of findings.entries()) {
    const entry = item(finding);
    const opening = at === SHOWN_OPEN ? `\n<details><summary>${count(findings.length - at, 'more finding')}</summary>\n` : '';
    if (text.length + opening.length + entry.length > MAX_LENGTH - RESERVED) break;
    text += opening + entry;
    folded ||= opening !== '';
    written++;
  }
  if (folded) text += '\n</details>\n';
  if (written < findings.length) text += `\n${count(findings.length - written, 'finding')} left out for length; see the other reports.\n`;
  return `${text}${footer(result)}`;
}

function heading({ verdict, classes }: ScanResult, findings: readonly LocatedFinding[]): string {
  if (verdict === undefined) return `### simcode: ${count(classes.length, 'clone class', 'clone classes')}`;
  const drift = findings.filter(({ rule }) => rule === 'drift').length;
  const parts = [verdict.new.length === 0 ? 'no new clones' : count(verdict.new.length, 'new clone class', 'new clone classes')];
  if (drift > 0) parts.push(`${drift} drifted`);
  return `### ${verdict.exitCode === 0 ? '✅' : '❌'} simcode: ${parts.join(', ')}`;
}

function item({ rule, level, type, similarity, memberChunk, twinChunk, message, advice, others }: LocatedFinding): string {
  const label = rule === 'drift' ? 'drift' : `${typeWords[type]}, ${percent(similarity)}`;
  const also = others.length === 0 ? '' : ` Also: ${others.slice(0, 5).map(place).join(', ')}${others.length > 5 ? ', …' : ''}.`;
  const mark = level === 'error' ? '**' : '';
  return `\n- ${mark}${place(memberChunk)}${mark} ↔ ${place(twinChunk)} (${label})  \n  ${inline(message)}${also}  \n  *Fix:* ${inline(advice)}\n`;
}

function place(chunk: Chunk): string {
  return code(`${titleOf(chunk)} ${chunk.path}:${chunk.range.startLine}`);
}

function footer({ verdict, counts }: ScanResult): string {
  const known = verdict === undefined ? '' : `${count(verdict.known.length, 'known class', 'known classes')}, `;
  return `\n<sub>${known}${count(counts.chunks, 'function')} in ${count(counts.files, 'file')}</sub>\n`;
}

/** A code span that holds any text: longer fences than any run of backticks inside (CommonMark 6.1). */
function code(text: string): string {
  const safe = escapeText(text).slice(0, 300);
  const fence = '`'.repeat(1 + Math.max(0, ...(safe.match(/`+/g) ?? []).map((run) => run.length)));
  return `${fence} ${safe} ${fence}`;
}

/** Text without Markdown, HTML, mentions or issue links. */
function inline(text: string): string {
  return escapeText(text).slice(0, 1500).replace(/[\\`*_{}[\]<>()#+!|~&@$]/g, (char) => (char === '@' || char === '#' ? `${char}\u200b` : `\\${char}`));
}
