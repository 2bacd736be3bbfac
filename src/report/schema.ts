import { z } from 'zod';
import { verdictSchema } from './verdict-schema.ts';

/*
 * The shape of the JSON report, schemaVersion 1 (additions keep the version; anything else raises it).
 * The published `report.schema.json` is made from it: `npx vitest run test/report/schema -u`.
 */

const count = z.int().nonnegative();
const share = z.number().min(0).max(1);
const line = z.int().min(1);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const cloneType = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)])
  .describe('1 identical but for layout and comments, 2 consistently renamed, 3 edited, 4 same behaviour in other words');

const member = z.object({
  path: z.string().describe('POSIX path relative to the root of the scan'),
  startLine: line,
  endLine: line.describe('Inclusive'),
  name: z.string().describe('Qualified name, e.g. `Cart.total`'),
  kind: z.string().describe('function, method, constructor, arrow, …'),
  language: z.string(),
  lines: count,
  tokens: count,
  fingerprint: sha256.describe('SHA-256 over path, qualified name and code tokens: survives layout, comments and line shifts'),
});

const pair = z.object({
  a: count.describe('Position in `members`'),
  b: count.describe('Position in `members`'),
  similarity: share.describe('Calibrated probability that a reviewer calls the pair a clone: what --threshold is compared with'),
  cosine: z.number().min(-1).max(1).describe("The model's own measure"),
  lexical: share.describe('Token similarity with names as written'),
  structural: share.describe('Token similarity with names and literals abstracted'),
  type: cloneType,
});

const cluster = z.object({
  id: z.string().describe('First 12 hex digits of `fingerprint`'),
  fingerprint: sha256,
  kind: z.enum(['clone', 'parallel']).describe('`parallel`: methods of one name in several classes, only weakly alike; reported when the rule `parallel` is off'),
  type: cloneType.describe('The loosest type among its pairs'),
  similarity: share.describe('Mean similarity over the pairs of members'),
  minSimilarity: share.describe('Smallest similarity of a member to the representative'),
  duplicatedLines: count.describe('Lines that would go if all but one member went'),
  representative: count.describe('Position in `members` of the most central one'),
  oldest: z.object({
    member: count.describe('Position in `members`'),
    commit: z.string().describe('Commit that most of its code goes back to'),
    since: z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/).describe('Author date of that commit, UTC'),
  }).optional().describe('The member whose code is oldest; only with --blame, and where git knows'),
  members: z.array(member).min(2),
  pairs: z.array(pair).describe('Pairs that passed the threshold'),
});

const flow = z.object({
  count: count.describe('Files, texts or tiles'),
  busySeconds: z.number().nonnegative().describe('Time in which some of it was under way'),
  waitSeconds: z.number().nonnegative().describe('Mean from a request to its answer'),
});

const profile = z.object({
  cpuSeconds: z.number().nonnegative(),
  peakMegabytes: z.number().nonnegative(),
  lag: z.object({ p50: z.number(), p99: z.number(), most: z.number() }).describe('How late the main thread came to what waited for it, in milliseconds'),
  read: flow.extend({ bytes: count }),
  parse: flow.extend({ skipped: count.describe('Files known from the last run') }),
  embed: flow.extend({ cached: count, identical: count.describe('Functions with the text of another one') }),
  compare: flow,
});

const summary = z.object({
  files: count,
  lines: count,
  chunks: count.describe('Functions looked at'),
  embedded: count.describe('Texts the model was run on'),
  cached: count.describe('Texts whose vector the cache held'),
  index: z.enum(['exact', 'hnsw']),
  candidates: count.describe('Pairs that were compared in full'),
  pairs: count,
  classes: count,
  duplicatedLines: count,
  filtered: z.record(z.string(), count).describe('Findings left out, by noise rule'),
  skipped: z.record(z.string(), count).describe('Files left out, by reason'),
  seconds: z.record(z.string(), z.number().nonnegative()).describe('By stage, and `total`'),
  profile: profile.optional().describe('Where the time went, with --profile'),
});

/** The JSON report; objects refuse keys they do not know. */
export const jsonReportSchema = z.object({
  schemaVersion: z.literal(1),
  tool: z.object({ name: z.literal('simcode'), version: z.string() }),
  model: z.object({
    id: z.string(),
    revision: z.string(),
    device: z.string().describe('Execution provider that really ran'),
    dims: z.int().positive(),
    instruction: z.string(),
    calibrated: z.boolean().describe('Whether `similarity` is calibrated for this model'),
  }),
  config: z.record(z.string(), z.unknown()).describe('Options in force that change results'),
  summary,
  clusters: z.array(cluster).describe('Most lines to save first'),
  verdict: verdictSchema.optional().describe('What the gate concluded; only from `simcode check`'),
  warnings: z.array(z.object({ code: z.string(), path: z.string().optional(), message: z.string() })),
  skips: z.array(z.object({ path: z.string(), reason: z.string() })).optional().describe('Files left out, with --verbose'),
});

export type JsonReport = z.output<typeof jsonReportSchema>;

/** JSON Schema (draft 2020-12) of the report. */
export function reportJsonSchema(): object {
  return { title: 'simcode report', ...z.toJSONSchema(jsonReportSchema, { io: 'output' }) };
}
