import { count, skipWords } from '../messages.ts';
import { escapeText } from '../report/escape.ts';
import type { Painter } from '../report/options.ts';
import type { ScanResult } from '../types.ts';

/** Warnings shown of one code unless verbose. */
const shownPerCode = 3;

/** What a run noticed, for stderr: warnings, a few of each kind; with verbose all of them and every file left out. */
export function notices(result: Pick<ScanResult, 'warnings' | 'skips'>, verbose: boolean, paint: Painter): string {
  const lines: string[] = [];
  const seen = new Map<string, number>();
  for (const { code, path, message } of result.warnings) {
    const nth = (seen.get(code) ?? 0) + 1;
    seen.set(code, nth);
    if (!verbose && nth > shownPerCode) continue;
    const where = path === undefined ? '' : `${escapeText(path)}: `;
    lines.push(`${paint('yellow', 'warning:')} ${where}${escapeText(message)} ${paint('dim', `[${escapeText(code)}]`)}`);
  }
  for (const [code, n] of seen) {
    if (verbose || n <= shownPerCode) continue;
    lines.push(`${paint('yellow', 'warning:')} ${count(n - shownPerCode, `more ${escapeText(code)} warning`)}: --verbose`);
  }
  if (verbose) {
    for (const { path, reason } of result.skips) lines.push(`${paint('dim', 'left out:')} ${escapeText(path)} (${skipWords[reason]})`);
  }
  return lines.map((line) => `${line}\n`).join('');
}
