import { z } from 'zod';
import { SimcodeError } from '../errors.ts';

const label = z.union([z.boolean(), z.literal(0), z.literal(1)]).transform(Number);
const retrievalRow = z.object({
  id: z.string().min(1),
  task: z.string().min(1),
  lang: z.string().min(1),
  code: z.string(),
  source: z.string().optional(),
  family: z.string().optional(),
});
const pairRow = z
  .object({
    a: z.string(),
    b: z.string(),
    label,
    lang: z.string().min(1).optional(),
    lang_a: z.string().min(1).optional(),
    lang_b: z.string().min(1).optional(),
    weight: z.number().positive().optional(),
  })
  .refine((row) => row.lang !== undefined || (row.lang_a !== undefined && row.lang_b !== undefined), {
    message: 'a pair needs "lang", or "lang_a" and "lang_b"',
  });

const tripleRow = z.object({ anchor: z.string(), positive: z.string(), negative: z.string(), lang: z.string().min(1) });

/** One solution of a task; rows of one task are clones of each other, rows of one family are neither right nor wrong. */
export type RetrievalRow = z.infer<typeof retrievalRow>;
export interface PairRow {
  readonly a: string;
  readonly b: string;
  readonly label: number;
  readonly langA: string;
  readonly langB: string;
  /** How much the pair counts when a calibration is fitted (default 1). */
  readonly weight?: number;
}
/** A function, the same one otherwise written, and one that only looks like it. */
export type TripleRow = z.infer<typeof tripleRow>;
export type Dataset =
  | { readonly kind: 'retrieval'; readonly name: string; readonly rows: readonly RetrievalRow[] }
  | { readonly kind: 'pairs'; readonly name: string; readonly rows: readonly PairRow[] }
  | { readonly kind: 'triples'; readonly name: string; readonly rows: readonly TripleRow[] };

interface Rows { readonly retrieval: RetrievalRow[]; readonly pairs: PairRow[]; readonly triples: TripleRow[] }

/**
 * Parses a JSONL dataset: rows `{id, task, lang, code, source?, family?}`, `{a, b, label, lang | lang_a, lang_b}` or
 * `{anchor, positive, negative, lang}`.
 * @throws SimcodeError `bad-input` that names up to five bad lines; a file never mixes kinds.
 */
export function parseDataset(name: string, text: string): Dataset {
  const problems: string[] = [];
  const rows: Rows = { retrieval: [], pairs: [], triples: [] };
  const ids = new Set<string>();
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const problem = readRow(line, rows, ids);
    if (problem !== undefined) problems.push(`line ${index + 1}: ${problem}`);
  }
  if (Object.values(rows).filter(({ length }) => length > 0).length > 1) problems.push('rows of several kinds are mixed in one file');
  if (problems.length > 0) {
    const more = problems.length > 5 ? `\n  … ${problems.length - 5} more` : '';
    throw new SimcodeError('bad-input', `${name} is not a dataset:\n  ${problems.slice(0, 5).join('\n  ')}${more}`, {
      hint: 'rows are {id, task, lang, code, source?, family?}, {a, b, label, lang | lang_a, lang_b} or {anchor, positive, negative, lang}',
    });
  }
  if (rows.pairs.length > 0) return { kind: 'pairs', name, rows: rows.pairs };
  if (rows.triples.length > 0) return { kind: 'triples', name, rows: rows.triples };
  if (rows.retrieval.length > 0) return { kind: 'retrieval', name, rows: rows.retrieval };
  throw new SimcodeError('bad-input', `${name} has no rows`);
}

function readRow(line: string, { retrieval, pairs, triples }: Rows, ids: Set<string>): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    return error instanceof Error ? error.message : 'not JSON';
  }
  const has = (field: string): boolean => typeof value === 'object' && value !== null && Object.hasOwn(value, field);
  if (has('anchor')) {
    const row = tripleRow.safeParse(value);
    if (!row.success) return firstIssue(row.error);
    triples.push(row.data);
    return undefined;
  }
  if (has('label')) {
    const row = pairRow.safeParse(value);
    if (!row.success) return firstIssue(row.error);
    const { a, b, lang = '', lang_a: langA = lang, lang_b: langB = lang, weight } = row.data;
    pairs.push({ a, b, label: row.data.label, langA, langB, ...(weight !== undefined && { weight }) });
    return undefined;
  }
  const row = retrievalRow.safeParse(value);
  if (!row.success) return firstIssue(row.error);
  if (ids.has(row.data.id)) return `id "${row.data.id}" is used twice`;
  ids.add(row.data.id);
  retrieval.push(row.data);
  return undefined;
}

function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  return issue === undefined ? 'not a row' : `${issue.path.join('.') || 'row'}: ${issue.message}`;
}
