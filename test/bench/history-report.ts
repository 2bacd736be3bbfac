import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import type { CommitRow, FailureRow, HistoryResult } from './history.ts';

const verdicts = ['real', 'arguable', 'false'] as const;

const line = z.strictObject({
  commit: z.string().regex(/^[0-9a-f]{10}$/), member: z.string(), twin: z.string(), verdict: z.enum(verdicts), why: z.string(),
});

/** What a person who read it says of a pair that failed a commit; one JSON object a line. */
export type Reading = z.infer<typeof line>;
type Judgement = Reading['verdict'] | 'unread';

/** Readings of earlier replays: `{"commit": "<10 digits>", "member": "path#name", "twin": "path#name", "verdict": …, "why": …}`. */
export function loadReadings(path: string | undefined): readonly Reading[] {
  if (path === undefined || !existsSync(path)) return [];
  return readFileSync(path, 'utf8').split('\n').filter((text) => text !== '').map((text) => line.parse(JSON.parse(text)));
}

/** A commit is as real as the most real of its pairs, and false only when every pair of it was read. */
export function judgementOf(row: CommitRow, readings: readonly Reading[]): Judgement {
  const all = row.failures.map((failure) => readingOf(row, failure, readings)?.verdict ?? 'unread');
  return all.includes('real') ? 'real' : (['unread', 'arguable', 'false'] as const).find((one) => all.includes(one)) ?? 'false';
}

function readingOf({ commit }: CommitRow, { member, twin }: FailureRow, readings: readonly Reading[]): Reading | undefined {
  return readings.find((one) => one.commit === commit.slice(0, 10) && one.member === member && one.twin === twin);
}

/** The figures of a replay as Markdown. */
export function historyTable({ files, functions, rows, plants }: HistoryResult, readings: readonly Reading[]): string {
  const failed = rows.filter(({ failures }) => failures.length > 0);
  const count = (wanted: Judgement): number => failed.filter((row) => judgementOf(row, readings) === wanted).length;
  const caught = plants.filter((one) => one.caught).length;
  return [
    '| commits | touch code | files | functions | fail | real | arguable | false | unread | with drift | check disagrees with a full scan | planted copies caught |',
    '|---|---|---|---|---|---|---|---|---|---|---|---|',
    `| ${[rows.length, rows.filter(({ touched }) => touched).length, files, functions, failed.length, ...[...verdicts, 'unread' as const].map(count),
      rows.filter(({ drift }) => drift > 0).length, rows.filter(({ agrees }) => !agrees).length, `${caught} of ${plants.length}`].join(' | ')} |`,
    ...plants.filter((one) => !one.caught).map(({ commit, of }) => `missed: ${of} at ${commit.slice(0, 10)}`), '',
  ].join('\n');
}

/** The commits that fail, to be read: unread pairs with their code, a line for a reading below each. */
export function historyReport({ rows, plants }: HistoryResult, readings: readonly Reading[]): string {
  const parts = rows.filter(({ failures }) => failures.length > 0).map((row) => {
    const pairs = row.failures.map((failure) => pairText(row, failure, readingOf(row, failure, readings)));
    return `## ${row.commit.slice(0, 10)} ${row.subject} (${judgementOf(row, readings)})\n\n${pairs.join('\n')}`;
  });
  const missed = plants.filter((one) => !one.caught).map(({ of, commit, text }) => `## missed copy of ${of} at ${commit.slice(0, 10)}\n\n${fenced(text)}`);
  return `${[...parts, ...missed].join('\n')}\n`;
}

function pairText({ commit }: CommitRow, failure: FailureRow, reading: Reading | undefined): string {
  const { member, twin, type, similarity, memberText, twinText, before } = failure;
  const title = `type ${type}, ${similarity.toFixed(3)}: ${member} ~ ${twin}${before === undefined ? '' : ' (was there before)'}`;
  if (reading !== undefined) return `- ${reading.verdict}: ${title}: ${reading.why}\n`;
  const form = JSON.stringify({ commit: commit.slice(0, 10), member, twin, verdict: '', why: '' });
  return [`### ${title}`, form, fenced(memberText), fenced(twinText), ...(before === undefined ? [] : ['before:', fenced(before)]), ''].join('\n');
}

function fenced(text: string): string {
  return `\`\`\`\`\n${text.split('\n').slice(0, 60).join('\n')}\n\`\`\`\``;
}
