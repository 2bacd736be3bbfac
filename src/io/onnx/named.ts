import { normalizeInto } from './vectors.ts';

/** Unit vectors of texts, `dims` floats each, after `write` has put each as the model wants it; `onDone` gets the number done so far. */
export type EmbedTexts = (texts: readonly string[], write: (text: string) => string, onDone?: (count: number) => void) => Promise<Float32Array>;

/** Names of a scan repeat; some 25 MB. */
const NAMES_KEPT = 16_384;

/**
 * The vectors of named lexemes: of unit length, in the direction of the lexemes' vector plus `share` times the name's.
 * Where a name is short text beside a long one, it would hardly count otherwise.
 */
export function createNamer(embed: EmbedTexts, dims: number, share: number): EmbedTexts {
  const known = new Map<string, Float32Array>();
  return async (texts, write, onDone) => {
    const parts = texts.map(partsOf);
    if (known.size > NAMES_KEPT) known.clear();
    const names = [...new Set(parts.map(({ name }) => name))].filter((name) => name !== '' && !known.has(name));
    const vectors = await embed(names, write);
    for (const [at, name] of names.entries()) known.set(name, vectors.slice(at * dims, (at + 1) * dims));
    const rows = await embed(parts.map(({ lexemes }) => lexemes), write, onDone);
    for (const [at, { name }] of parts.entries()) {
      const vector = known.get(name);
      if (vector !== undefined) add(rows.subarray(at * dims, (at + 1) * dims), vector, share);
    }
    return rows;
  };
}

function partsOf(text: string): { readonly name: string; readonly lexemes: string } {
  const end = text.indexOf('\n');
  return { name: text.slice(0, Math.max(0, end)), lexemes: text.slice(end + 1) };
}

function add(row: Float32Array, name: Float32Array, share: number): void {
  normalizeInto(row, row.map((value, at) => value + share * (name[at] ?? 0)));
}
