import type { Matrix } from '../types.ts';

/** Similarity of row q to every row; the array is reused by the next call. */
export type RowSimilarity = (q: number) => Float64Array;

/** Cosine of L2-normalised rows. */
export function denseSimilarity({ rows, dims, chunkIds }: Matrix): RowSimilarity {
  const out = new Float64Array(chunkIds.length);
  return (q) => {
    const from = q * dims;
    for (let i = 0, at = 0; i < out.length; i++) {
      let sum = 0;
      for (let d = 0; d < dims; d++) sum += (rows[from + d] as number) * (rows[at++] as number);
      out[i] = sum;
    }
    return out;
  };
}

/**
 * TF-IDF over lexemes, the baseline every model must beat: sublinear term frequency 1 + ln tf, smoothed inverse
 * document frequency ln((1 + n) / (1 + df)) + 1, terms of a single document dropped, L2-normalised (scikit-learn's).
 */
export function tfidfSimilarity(documents: readonly (readonly string[])[]): RowSimilarity {
  const counts = documents.map(countTerms);
  const frequency = new Map<string, number>();
  for (const terms of counts) for (const term of terms.keys()) frequency.set(term, (frequency.get(term) ?? 0) + 1);
  const postings = new Map<string, { doc: number; weight: number }[]>();
  const vectors = counts.map((terms, doc) => {
    const weights = [...terms].filter(([term]) => (frequency.get(term) ?? 0) > 1).map(([term, tf]) => {
      const idf = Math.log((1 + documents.length) / (1 + (frequency.get(term) ?? 0))) + 1;
      return [term, (1 + Math.log(tf)) * idf] as const;
    });
    const norm = Math.hypot(...weights.map(([, weight]) => weight)) || 1;
    const unit = weights.map(([term, weight]) => [term, weight / norm] as const);
    for (const [term, weight] of unit) {
      const list = postings.get(term);
      if (list === undefined) postings.set(term, [{ doc, weight }]);
      else list.push({ doc, weight });
    }
    return unit;
  });
  const out = new Float64Array(documents.length);
  return (q) => {
    out.fill(0);
    for (const [term, weight] of vectors[q] ?? []) {
      for (const posting of postings.get(term) ?? []) out[posting.doc] = (out[posting.doc] ?? 0) + weight * posting.weight;
    }
    return out;
  };
}

function countTerms(document: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const term of document) counts.set(term, (counts.get(term) ?? 0) + 1);
  return counts;
}
