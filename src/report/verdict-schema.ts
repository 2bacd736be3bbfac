import { z } from 'zod';

const line = z.int().min(1);
const place = z.object({ path: z.string(), startLine: line, endLine: line.describe('Inclusive'), name: z.string() });

const finding = z.object({
  rule: z.enum(['new-clone', 'drift']),
  level: z.enum(['error', 'warning']),
  class: z.string().describe('Id of a cluster; for drift it may be one that is no more'),
  member: place.describe('What is new or was changed'),
  twin: place.describe('What it is like'),
  similarity: z.number().min(0).max(1),
  type: z.int().min(1).max(4),
  message: z.string().describe('What is the matter, in one line'),
  advice: z.string().describe('What to do about it, in one line'),
  lines: z.object({ startLine: line, endLine: line }).optional().describe('The lines of the member inside the change'),
});

/** What the gate concluded, in the JSON report. */
export const verdictSchema = z.object({
  new: z.array(z.string()).describe('Ids of clusters'),
  known: z.array(z.string()).describe('Ids of clusters'),
  gone: z.array(z.string()).describe('Ids of baseline entries that are clones no more'),
  exitCode: z.union([z.literal(0), z.literal(1)]),
  against: z.object({ kind: z.enum(['baseline', 'commit', 'changes']), name: z.string() }).optional().describe('What counted as old'),
  findings: z.array(finding).optional().describe('One a new function, most alike first'),
  drift: z.array(finding).optional().describe('Copies of which only one side was changed'),
  accepted: z.array(z.object({ class: z.string(), reason: z.string() })).optional(),
  suppressed: z.array(z.object({ class: z.string(), member: z.string(), line, reason: z.string() })).optional().describe('Would be new but for a comment'),
  unused: z.array(z.object({ path: z.string(), line, reason: z.string() })).optional().describe('Suppression comments that suppress nothing'),
});

export type JsonVerdict = z.output<typeof verdictSchema>;
