import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bootstrapMean } from '../../src/eval/bootstrap.ts';
import type { RetrievalRow } from '../../src/eval/dataset.ts';
import { scoreRetrieval, viewsOf, type View } from '../../src/eval/retrieval.ts';
import { denseSimilarity, type Similarity } from '../../src/eval/similarity.ts';
import { sparseDot, sparseSimilarity, tfidfVectors } from '../../src/eval/tfidf.ts';
import type { Matrix } from '../../src/types.ts';

const row = (id: string, task: string, rest: Partial<RetrievalRow> = {}): RetrievalRow => ({ id, task, lang: 'python', code: '', ...rest });
const circle = (degrees: readonly number[]): Matrix => ({
  dims: 2,
  rows: Float32Array.from(degrees.flatMap((d) => [Math.cos((d * Math.PI) / 180), Math.sin((d * Math.PI) / 180)])),
  chunkIds: degrees.map(String),
});

const scoresOf = (matrix: Matrix, rows: RetrievalRow[], view = 'all') => {
  const views = viewsOf(rows).filter(({ name }) => name === view);
  return scoreRetrieval(denseSimilarity(matrix), rows, views)[0] ?? [];
};

/** MAP@R by sorting, as it is defined. */
function sorted(similarity: Similarity, rows: readonly RetrievalRow[], view: View): [number, string][] {
  return rows.flatMap((query, q): [number, string][] => {
    const scores = similarity([q])[0] ?? new Float64Array();
    const hits = [...rows.keys()].filter((i) => i !== q && (rows[i]?.task === query.task || query.family === undefined || rows[i]?.family !== query.family))
      .filter((i) => view.accepts(query, rows[i] ?? query)).toSorted((x, y) => (scores[y] ?? 0) - (scores[x] ?? 0) || x - y).map((i) => rows[i]?.task === query.task);
    const relevant = hits.filter(Boolean).length;
    const sum = hits.slice(0, relevant).reduce((total, hit, i) => total + (hit ? hits.slice(0, i + 1).filter(Boolean).length / (i + 1) : 0), 0);
    return relevant === 0 ? [] : [[q, (sum / relevant).toFixed(9)]];
  });
}

describe('scoreRetrieval', () => {
  it('computes MAP@R, MRR and P@1 by hand', () => {
    // query at 0°: order by angle is b(other) a1 a2; R = 2 → AP@2 = (0 + 1/2) / 2
    const rows = [row('q', 'a'), row('b', 'b'), row('a1', 'a'), row('a2', 'a')];
    const [query] = scoresOf(circle([0, 5, 10, 20]), rows);
    expect(query).toEqual({ row: 0, apAtR: 0.25, reciprocalRank: 0.5, precisionAt1: 0 });
  });

  it('leaves the family of the query out of the ranking unless the task is the same', () => {
    const rows = [row('q', 'a', { family: 'f' }), row('b', 'b', { family: 'f' }), row('a1', 'a', { family: 'f' })];
    expect(scoresOf(circle([0, 5, 10]), rows)[0]?.apAtR).toBe(1);
  });

  it('separates languages and sources; JavaScript and TypeScript are one', () => {
    const rows = [
      row('q', 'a', { lang: 'javascript', source: 's' }), row('ts', 'a', { lang: 'typescript', source: 't' }),
      row('py', 'a', { source: 's' }), row('x', 'x', { source: 't' }),
    ];
    const matrix = circle([0, 30, 5, 10]);
    const of = (view: string) => scoresOf(matrix, rows, view).find((score) => score.row === 0);
    expect(of('same-language')?.apAtR).toBe(1);
    expect(of('cross-language')?.apAtR).toBe(1);
    expect(of('other-source')?.apAtR).toBe(0);
    expect(scoresOf(matrix, rows, 'js/ts → python').map((score) => score.row)).toEqual([0, 1]);
  });

  it('counts to what sorting gives, in every view, with ties, families and sources', () => {
    const part = fc.record({ task: fc.constantFrom('a', 'b', 'c'), lang: fc.constantFrom('python', 'go', 'typescript'), source: fc.constantFrom('s', 't'), family: fc.option(fc.constantFrom('f', 'g'), { nil: undefined }), angle: fc.integer({ min: 0, max: 12 }) });
    fc.assert(fc.property(fc.array(part, { minLength: 2, maxLength: 14 }), (parts) => {
      const rows = parts.map(({ task, lang, source, family }, i) => row(`${i}`, task, { lang, source, ...(family !== undefined && { family }) }));
      const similarity = denseSimilarity(circle(parts.map(({ angle }) => angle * 5)));
      const views = viewsOf(rows);
      const scores = scoreRetrieval(similarity, rows, views);
      for (const [v, view] of views.entries()) expect(scores[v]?.map(({ row: q, apAtR }) => [q, apAtR.toFixed(9)])).toEqual(sorted(similarity, rows, view));
    }));
  });

  it('gives a perfect score exactly when every positive comes before every other', () => {
    fc.assert(fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 90 }), { minLength: 3, maxLength: 12 }), fc.integer({ min: 1, max: 11 }), (angles, cut) => {
      const sorted = angles.toSorted((x, y) => x - y);
      const positives = Math.min(cut, sorted.length - 1);
      const rows = [row('q', 'a'), ...sorted.map((angle, i) => row(String(angle), i < positives ? 'a' : `other${i}`))];
      const [query] = scoresOf(circle([0, ...sorted]), rows);
      expect(query?.apAtR).toBeCloseTo(1, 12);
      expect(query?.precisionAt1).toBe(1);
    }));
  });
});

describe('tfidfVectors', () => {
  it('weighs shared rare words over shared common ones and ignores words of one document', () => {
    const vectors = tfidfVectors([['a', 'rare', 'x1'], ['a', 'rare'], ['a', 'b'], ['a', 'b', 'x2']]);
    const row = [...sparseSimilarity(vectors)([0])[0] ?? []];
    for (const [at, vector] of vectors.entries()) expect(sparseDot(vectors[0] ?? vector, vector)).toBeCloseTo(row[at] ?? Number.NaN, 12);
    expect(row[0]).toBeCloseTo(1, 12);
    expect(row[1]).toBeCloseTo(1, 12);
    expect(row[2]).toBeLessThan(0.5);
    expect(row[2]).toBeCloseTo(row[3] ?? 0, 12);
  });
});

describe('bootstrapMean', () => {
  it('is deterministic and brackets the mean', () => {
    const values = Array.from({ length: 200 }, (_, i) => (i * 37) % 101 / 100);
    const once = bootstrapMean(values);
    expect(bootstrapMean(values)).toEqual(once);
    expect(once.low).toBeLessThan(once.mean);
    expect(once.high).toBeGreaterThan(once.mean);
    expect(once.high - once.low).toBeLessThan(0.12);
  });
});
