import { parse, type ParseError, printParseErrorCode } from 'jsonc-parser';
import { z } from 'zod';
import { SimcodeError } from '../errors.ts';
import type { ScanResult } from '../types.ts';
import { compareText } from '../util/order.ts';
import type { Identity } from './identity.ts';

/** Version of the file's form. */
export const BASELINE_VERSION = 1;

/** What wrote a baseline: entries of one model mean nothing to another. */
export interface BaselineHeader {
  readonly schemaVersion: number;
  readonly tool: string;
  readonly model: string;
  readonly revision: string;
  readonly threshold: number;
}

/** A clone class that was there when the baseline was written. */
export interface BaselineEntry {
  readonly id: string;
  readonly type?: number | undefined;
  readonly members: readonly Identity[];
  /** Why it may stay; only of accepted entries. */
  readonly reason?: string | undefined;
}

export interface Baseline {
  readonly header: BaselineHeader;
  /** Put there by a person, with a reason; kept when the rest is written anew. */
  readonly accepted: readonly BaselineEntry[];
  readonly known: readonly BaselineEntry[];
}

const place = z.string().min(1).max(4096);
const member = z.union([
  z.string().max(8192).regex(/^[^#]+#[^#]*$/, 'must read "path#name"'),
  z.tuple([place, z.string().max(4096)]),
  z.tuple([place, z.string().max(4096), z.string().regex(/^[0-9a-f]{16}$/), z.string().regex(/^[\w-]{32}$/)]),
]);
const members = z.array(member).min(2).max(100_000);
const id = z.string().regex(/^[\w-]{1,64}$/);
const known = z.strictObject({ id, type: z.int().min(1).max(4).optional(), members });
const accepted = known.extend({ id: id.optional(), reason: z.string().trim().min(1, 'needs a reason').max(4096) });
const document = z.strictObject({
  $schema: z.string().optional(),
  baseline: z.strictObject({
    schemaVersion: z.int().min(1), tool: z.string(), model: z.string(), revision: z.string(), threshold: z.number().min(0).max(1),
  }),
  accepted: z.array(accepted),
  known: z.array(known),
});

/** The header that a result calls for. */
export function headerOf({ tool, model, config }: Pick<ScanResult, 'tool' | 'model' | 'config'>): BaselineHeader {
  const threshold = typeof config['threshold'] === 'number' ? config['threshold'] : 0;
  return { schemaVersion: BASELINE_VERSION, tool: `${tool.name} ${tool.version}`, model: model.id, revision: model.revision, threshold };
}

/**
 * Reads a baseline. Trailing and missing commas are forgiven and double lines are one, so that a merge conflict is
 * resolved by keeping the lines of both sides.
 * @param name how the file is called in errors
 * @throws SimcodeError `baseline` with what is wrong and where
 */
export function parseBaseline(text: string, name: string): Baseline {
  const marker = text.split('\n').findIndex((line) => /^(<{7}|={7}|>{7})(\s|$)/.test(line));
  if (marker >= 0) {
    throw new SimcodeError('baseline', `${name}:${marker + 1}: an unresolved merge conflict`, { hint: 'Keep the lines of both sides and take the markers out; simcode baseline --prune then drops what is gone.' });
  }
  const errors: ParseError[] = [];
  const value: unknown = parse(text.replace(/^\ufeff/, ''), errors, { allowTrailingComma: true, disallowComments: false });
  const fatal = errors.find(({ error }) => printParseErrorCode(error) !== 'CommaExpected');
  if (fatal !== undefined) {
    const line = text.slice(0, fatal.offset).split('\n').length;
    throw new SimcodeError('baseline', `${name}:${line}: not valid JSON (${printParseErrorCode(fatal.error)})`, { hint: 'Mend the line, or write the file anew with simcode baseline.' });
  }
  refuseNewer(value, name);
  const read = document.safeParse(value);
  if (!read.success) {
    const [issue] = read.error.issues;
    throw new SimcodeError('baseline', `${name}: ${issue?.path.join('.') || 'the file'}: ${issue?.message ?? 'not a baseline'}`, {
      hint: issue?.path.includes('reason') ? 'Every accepted entry says why: "reason": "…".' : 'Write it anew with simcode baseline.',
    });
  }
  return {
    header: read.data.baseline,
    accepted: distinct(read.data.accepted.map((entry) => ({ ...entry, id: entry.id ?? '', members: entry.members.map(identity) }))),
    known: distinct(read.data.known.map((entry) => ({ ...entry, members: entry.members.map(identity) }))),
  };
}

function refuseNewer(value: unknown, name: string): void {
  const header = z.object({ baseline: z.object({ schemaVersion: z.number() }) }).safeParse(value);
  if (!header.success || header.data.baseline.schemaVersion <= BASELINE_VERSION) return;
  throw new SimcodeError('baseline', `${name} is of form ${header.data.baseline.schemaVersion}; this simcode reads ${BASELINE_VERSION}`, {
    hint: 'Update simcode, or write it anew with simcode baseline --migrate (accepted entries of a newer form are lost).',
  });
}

/** Text of a baseline: one entry a line, sorted, so that versions differ and merge by lines. Ends in a newline. */
export function formatBaseline({ header, accepted, known }: Baseline): string {
  const { schemaVersion, tool, model, revision, threshold } = header;
  const block = (entries: readonly BaselineEntry[]): string => {
    const lines = distinct(entries).map((entry) => JSON.stringify(entryJson(entry))).toSorted(compareText);
    return lines.length === 0 ? '[]' : `[\n${lines.join(',\n')}\n]`;
  };
  const first = JSON.stringify({ schemaVersion, tool, model, revision, threshold });
  return `{\n"baseline": ${first},\n"accepted": ${block(accepted)},\n"known": ${block(known)}\n}\n`;
}

/** Members lead, so that sorted lines keep the order of paths. */
function entryJson({ id, type, members, reason }: BaselineEntry): object {
  const listed = members.map((one) => (one.hash === '' ? `${one.path}#${one.name}` : [one.path, one.name, one.hash, one.sketch]));
  return { members: listed, ...(type === undefined ? {} : { type }), ...(id === '' ? {} : { id }), ...(reason === undefined ? {} : { reason }) };
}

function distinct<E extends BaselineEntry>(entries: readonly E[]): readonly E[] {
  const seen = new Map(entries.map((entry) => [JSON.stringify([entry.members.map((one) => [one.path, one.name, one.hash]), entry.reason]), entry] as const));
  return [...seen.values()];
}

function identity(value: z.infer<typeof member>): Identity {
  if (typeof value === 'string') {
    const at = value.indexOf('#');
    return { path: posix(value.slice(0, at)), name: value.slice(at + 1), hash: '', sketch: '' };
  }
  const [path, name, hash = '', sketch = ''] = value;
  return { path: posix(path), name, hash, sketch };
}

/** Paths written on Windows by hand. */
function posix(path: string): string {
  return path.replaceAll('\\', '/').replace(/^\.\//, '');
}
