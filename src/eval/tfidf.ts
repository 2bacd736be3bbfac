import type { Similarity } from './similarity.ts';

/** A unit vector: term numbers, ascending, with their weights. */
export interface SparseVector {
  readonly terms: Int32Array;
  readonly weights: Float64Array;
}

/**
 * TF-IDF over lexemes, the baseline every model must beat: sublinear term frequency 1 + ln tf, smoothed inverse
 * document frequency ln((1 + n) / (1 + df)) + 1, terms of a single document dropped, L2-normalised (scikit-learn's).
 */
export function tfidfVectors(documents: readonly (readonly string[])[]): readonly SparseVector[] {
  const counts = documents.map(countTerms);
  const frequency = new Map<string, number>();
  for (const terms of counts) for (const term of terms.keys()) frequency.set(term, (frequency.get(term) ?? 0) + 1);
  const numbers = new Map([...frequency].filter(([, count]) => count > 1).map(([term], number) => [term, number] as const));
  return counts.map((terms) => {
    const entries = [...terms].flatMap(([term, tf]) => {
      const number = numbers.get(term);
      if (number === undefined) return [];
      const idf = Math.log((1 + documents.length) / (1 + (frequency.get(term) ?? 0))) + 1;
      return [[number, (1 + Math.log(tf)) * idf] as const];
    }).toSorted(([a], [b]) => a - b);
    const norm = Math.hypot(...entries.map(([, weight]) => weight)) || 1;
    return { terms: Int32Array.from(entries, ([number]) => number), weights: Float64Array.from(entries, ([, weight]) => weight / norm) };
  });
}

/** Similarity by inverted lists. */
export function sparseSimilarity(vectors: readonly SparseVector[]): Similarity {
  const lists = invert(vectors);
  return (queries) => queries.map((q) => {
    const out = new Float64Array(vectors.length);
    const { terms, weights } = vectors[q] ?? { terms: new Int32Array(), weights: new Float64Array() };
    for (const [at, term] of terms.entries()) {
      const list = lists[term];
      const weight = weights[at] ?? 0;
      if (list) for (let i = 0; i < list.terms.length; i++) out[list.terms[i] as number] = (out[list.terms[i] as number] as number) + weight * (list.weights[i] as number);
    }
    return out;
  });
}

/** Dot product of two vectors. */
export function sparseDot(a: SparseVector, b: SparseVector): number {
  let sum = 0;
  for (let i = 0, j = 0; i < a.terms.length && j < b.terms.length;) {
    const order = (a.terms[i] as number) - (b.terms[j] as number);
    if (order === 0) sum += (a.weights[i++] as number) * (b.weights[j++] as number);
    else if (order < 0) i++;
    else j++;
  }
  return sum;
}

/** Documents and weights of each term. */
function invert(vectors: readonly SparseVector[]): readonly SparseVector[] {
  const sizes: number[] = [];
  for (const { terms } of vectors) for (const term of terms) sizes[term] = (sizes[term] ?? 0) + 1;
  const lists = sizes.map((size) => ({ terms: new Int32Array(size), weights: new Float64Array(size) }));
  const ends = new Int32Array(sizes.length);
  for (const [document, { terms, weights }] of vectors.entries()) {
    for (const [at, term] of terms.entries()) {
      const list = lists[term];
      const end = ends[term] ?? 0;
      if (!list) continue;
      list.terms[end] = document;
      list.weights[end] = weights[at] ?? 0;
      ends[term] = end + 1;
    }
  }
  return lists;
}

function countTerms(document: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const term of document) counts.set(term, (counts.get(term) ?? 0) + 1);
  return counts;
}
