import { extname } from 'node:path/posix';
import type { Chunk } from '../../src/types.ts';

/** A copy to paste: a file of its own with one function in it. */
export interface Copy {
  readonly path: string;
  readonly text: string;
  /** Id of the function copied. */
  readonly of: string;
}

export interface Planted extends Copy {
  readonly commit: string;
  readonly caught: boolean;
}

/**
 * Copies of random functions and methods, each with a new name, up to three of its own names changed and one or two
 * small edits. What the noise rules leave out (tags: accessors, delegations, tables, tests) is not copied.
 */
export function plantCopies(chunks: readonly Chunk[], count: number, random: () => number): readonly Copy[] {
  const whole = chunks.filter((chunk) => pasteable(chunk) !== undefined);
  const chosen = whole.map((chunk) => ({ chunk, order: random() })).toSorted((x, y) => x.order - y.order).slice(0, count);
  return chosen.map(({ chunk }, i) => ({ of: chunk.id, path: `pasted/copy${i}${extname(chunk.path)}`, text: copyOf(chunk, random) }));
}

/** A chunk's code as it may stand in a file of its own, or undefined for what cannot be told from its text alone. */
function pasteable({ text, kind, parentId, language, tags }: Chunk): string | undefined {
  if (parentId !== undefined || tags.length > 0) return undefined;
  if (kind === 'function' && /^(export |async |def |function )/.test(text)) return text;
  if (kind !== 'method') return undefined;
  if (language === 'python') return /^(async )?def /.test(text) ? `class Pasted:\n    ${text}` : undefined;
  return ['typescript', 'tsx', 'javascript'].includes(language) && !text.startsWith('@') ? `class Pasted {\n  ${text}\n}` : undefined;
}

function copyOf(chunk: Chunk, random: () => number): string {
  let text = pasteable(chunk) ?? chunk.text;
  const own = shuffled([...new Set([...chunk.text.matchAll(/(?:\b(?:const|let|var)\s+|^\s+)([a-z_]\w{2,})\s*(?::[^=\n]+)?=(?!=)/gm)].map((match) => match[1] ?? ''))], random);
  for (const name of [chunk.name, ...own.slice(0, 3)]) {
    if (/^\w+$/.test(name)) text = text.replace(new RegExp(`(?<![\\w.])${name}\\b`, 'g'), `${name}Other`);
  }
  text = insertLine(text, chunk.language === 'python', random);
  return `${random() < 0.5 ? text.replace(/\b\d+\b/, (digits) => String(Number(digits) + 1)) : text}\n`;
}

/** Adds a statement before one of those that are there. */
function insertLine(text: string, python: boolean, random: () => number): string {
  const lines = text.split('\n');
  const places = lines.flatMap((line, i) => (i > 0 && /^\s+(return|if|for|const|let|raise|throw)\b/.test(line) && /[;{}:)]\s*$/.test(lines[i - 1] ?? '') ? [i] : []));
  const at = places[Math.floor(random() * places.length)];
  if (at === undefined) return text;
  const indent = /^\s*/.exec(lines[at] ?? '')?.[0] ?? '';
  lines.splice(at, 0, python ? `${indent}print("here")` : `${indent}console.log("here");`);
  return lines.join('\n');
}

function shuffled<T>(items: readonly T[], random: () => number): readonly T[] {
  return items.map((item) => ({ item, order: random() })).toSorted((x, y) => x.order - y.order).map(({ item }) => item);
}
