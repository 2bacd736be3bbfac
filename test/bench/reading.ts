import { structuredPatch } from 'diff';
import { rankClasses, type RankedClass } from '../../src/report/rank.ts';
import type { Chunk, ScanResult } from '../../src/types.ts';
import { createRandom } from './random.ts';
import { markdown } from './table.ts';
import { withTree } from './tree.ts';

export interface ReadingOptions {
  /** Classes from the top of the report, and as many drawn from the rest. */
  readonly top: number;
  readonly random: number;
  readonly seed: number;
  /** Repository and revision, for the table. */
  readonly label: string;
  /** Lines of one function shown at most. */
  readonly lines: number;
}

interface Choice { readonly entry: RankedClass; readonly place: number; readonly drawn: 'top' | 'random' }

/**
 * The top classes of a tree and random ones of the rest as Markdown, for reading one by one: the representative's code,
 * and of the member least like it the code (type 4) or the changed lines. Ends with a table for the verdicts.
 */
export async function benchReading(path: string, options: ReadingOptions): Promise<string> {
  return withTree(path, (result) => {
    const chosen = choose(rankClasses(result), options);
    return `${head(result)}\n\n${chosen.map((choice) => section(choice, options.lines)).join('\n\n')}\n\n${verdicts(chosen, options.label)}`;
  });
}

function choose(ranked: readonly RankedClass[], { top, random, seed }: ReadingOptions): readonly Choice[] {
  const all = ranked.map((entry, i): Choice => ({ entry, place: i + 1, drawn: i < top ? 'top' : 'random' }));
  const next = createRandom(seed);
  const rest = all.slice(top).map((choice) => ({ choice, key: next() })).toSorted((x, y) => x.key - y.key).slice(0, random);
  return [...all.slice(0, top), ...rest.map(({ choice }) => choice).toSorted((x, y) => x.place - y.place)];
}

function head({ counts, model, config }: ScanResult): string {
  return `${counts.chunks} functions, ${counts.classes} classes, model ${model.id} ${model.revision.slice(0, 12)}, threshold ${String(config['threshold'])}; left out: ${JSON.stringify(counts.filtered)}`;
}

function section({ entry, place, drawn }: Choice, limit: number): string {
  const { class: found, members, representative } = entry;
  const first = members[representative];
  const farthest = least(entry);
  if (first === undefined || farthest === undefined) throw new RangeError(`class ${found.id} has no members`);
  const { chunk, similarity, cosine } = farthest;
  const others = members.filter((member) => member !== first && member !== chunk).slice(0, 4).map(located).join('; ');
  return [
    `## ${drawn} ${place} · ${found.id} · type ${found.type} · ${found.cohesion.toFixed(2)} · ${members.length} members · ${found.duplicatedLines} lines`,
    `A ${located(first)}\nB ${located(chunk)} (similarity ${similarity.toFixed(2)}, cosine ${cosine.toFixed(2)})${others === '' ? '' : `\n+ ${others}`}`,
    `\`\`\`\n${clipped(dedent(first.text), limit)}\n--- B\n${found.type === 4 ? clipped(dedent(chunk.text), limit) : changes(first, chunk, limit)}\n\`\`\``,
  ].join('\n');
}

/** The member least like the representative. */
function least({ class: found, members, representative }: RankedClass) {
  const center = found.members[representative];
  const toCenter = found.pairs.filter(({ a, b }) => a === center || b === center).toSorted((x, y) => x.similarity - y.similarity);
  const [weakest] = toCenter;
  const chunk = members.find(({ id }) => id === (weakest?.a === center ? weakest?.b : weakest?.a)) ?? members.find((_, i) => i !== representative);
  return chunk === undefined ? undefined : { chunk, similarity: weakest?.similarity ?? 1, cosine: weakest?.cosine ?? 1 };
}

function located({ path, range, qualifiedName }: Chunk): string {
  return `${path}:${range.startLine} ${qualifiedName}`;
}

function changes(a: Chunk, b: Chunk, limit: number): string {
  const { hunks } = structuredPatch('a', 'b', `${dedent(a.text)}\n`, `${dedent(b.text)}\n`, '', '', { context: 0 });
  const lines = hunks.flatMap((hunk) => hunk.lines);
  return lines.length === 0 ? '(the same text)' : clipped(lines.join('\n'), limit);
}

/** Without the indentation that all lines but the first share. */
function dedent(text: string): string {
  const [first = '', ...rest] = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const depth = Math.min(...rest.map((line) => /^\s*/.exec(line)?.[0].length ?? 0));
  return [first, ...rest.map((line) => line.slice(depth))].join('\n');
}

function clipped(text: string, limit: number): string {
  const lines = text.split('\n').map((line) => (line.length > 160 ? `${line.slice(0, 160)}…` : line));
  return lines.length <= limit ? lines.join('\n') : [...lines.slice(0, limit), `… ${lines.length - limit} more lines`].join('\n');
}

function verdicts(chosen: readonly Choice[], label: string): string {
  return markdown(['repository', 'drawn', 'place', 'class', 'type', 'representative', 'verdict', 'reason'], chosen.map(({ entry, place, drawn }) => {
    const first = entry.members[entry.representative];
    return [label, drawn, place, entry.class.id, entry.class.type, first === undefined ? '' : located(first), '', ''];
  }));
}
