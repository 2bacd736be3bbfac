import { grammarOf } from '../chunk/grammar.ts';
import type { MaskScope } from '../chunk/mask.ts';
import { maskNames } from '../chunk/mask.ts';
import { snippetChunk } from '../chunk/snippet.ts';
import { embedChunks } from '../embed/embed.ts';
import type { Calibration } from '../score/calibration.ts';
import { createDescriber } from '../score/describe.ts';
import { gatherUnits } from '../score/units.ts';
import { createVerifier } from '../score/verifier.ts';
import type { Chunk, Embedder, Grammars, Matrix, OnEvent, VectorCache } from '../types.ts';
import type { Dataset, PairRow, RetrievalRow } from './dataset.ts';
import { denseSimilarity, tfidfSimilarity } from './similarity.ts';
import type { EvalResult } from './summary.ts';
import { summarisePairs, summariseRetrieval } from './summary.ts';

/** A model with what verifies its pairs, or the TF-IDF baseline. */
export type Subject =
  | { readonly kind: 'model'; readonly embedder: Embedder; readonly calibration: Calibration; readonly cache: VectorCache }
  | { readonly kind: 'tfidf' };

export interface EvalOptions {
  readonly grammars: Grammars;
  readonly mask?: MaskScope;
  readonly onEvent: OnEvent;
  readonly clock: () => number;
}

const BASELINE = { id: 'tf-idf', revision: '1', device: 'cpu', dims: 0, instruction: '' };

/** Scores one model on one dataset. Rows that cannot be parsed within bounds are kept, like nothing else. */
export async function evaluate(dataset: Dataset, subject: Subject, options: EvalOptions): Promise<EvalResult> {
  const start = options.clock();
  const chunks = await readUnits(dataset, options);
  const matrix = subject.kind === 'model' ? (await embedChunks(chunks, subject.embedder, subject.cache, options.onEvent)).matrix : undefined;
  if (subject.kind === 'model') await subject.cache.save();
  const common = {
    dataset: dataset.name, model: subject.kind === 'model' ? describe(subject.embedder) : BASELINE,
    masked: options.mask ?? 'none', rows: dataset.rows.length, seconds: options.clock() - start,
  } as const;
  if (dataset.kind === 'retrieval') {
    const similarity = matrix === undefined ? tfidfSimilarity(chunks.map(({ lexemes }) => lexemes)) : denseSimilarity(matrix);
    return { ...common, views: summariseRetrieval(similarity, dataset.rows) };
  }
  return { ...common, pairs: scoreLabelled(dataset.rows, chunks, matrix, subject) };
}

function describe({ id, revision, device, dims, instruction }: Embedder): EvalResult['model'] {
  return { id, revision, device, dims, instruction };
}

/** One chunk a retrieval row; two in turn for a pair. */
async function readUnits(dataset: Dataset, options: EvalOptions): Promise<Chunk[]> {
  const units = dataset.kind === 'retrieval'
    ? dataset.rows.map((row: RetrievalRow) => ({ lang: row.lang, code: row.code }))
    : dataset.rows.flatMap((row: PairRow) => [{ lang: row.langA, code: row.a }, { lang: row.langB, code: row.b }]);
  const chunks: Chunk[] = [];
  for (const [i, { lang, code }] of units.entries()) {
    const grammar = await grammarOf(options.grammars, lang);
    const text = options.mask === undefined ? code : maskNames(code, grammar, options.mask);
    const id = String(i).padStart(9, '0');
    chunks.push(await snippetChunk(id, lang, text, options.grammars) ?? unparsed(id, lang, text));
    options.onEvent({ stage: 'chunk', state: 'tick', done: i + 1, total: units.length });
  }
  return chunks;
}

function unparsed(id: string, language: string, text: string): Chunk {
  return {
    id, path: id, language, kind: 'function', name: '', qualifiedName: id, text, lexemes: [], tokens: new Uint32Array(), tags: [],
    range: { startLine: 1, endLine: 1, startColumn: 1, endColumn: 1, startIndex: 0, endIndex: text.length, startByte: 0, endByte: 0 },
    metrics: { lines: 1, codeLines: 1, tokens: 0 },
  };
}

function scoreLabelled(rows: readonly PairRow[], chunks: readonly Chunk[], matrix: Matrix | undefined, subject: Subject): NonNullable<EvalResult['pairs']> {
  if (matrix === undefined || subject.kind !== 'model') {
    const similarity = tfidfSimilarity(chunks.map(({ lexemes }) => lexemes));
    const scored = rows.map(({ label }, i) => ({ label, score: similarity(2 * i)[2 * i + 1] ?? 0 }));
    return summarisePairs(scored, scored, 0.5);
  }
  const units = gatherUnits(chunks);
  const describer = createDescriber(units, matrix);
  const verify = createVerifier(subject.calibration);
  const scored = rows.map(({ label }, i) => {
    const a = units.unitOf[2 * i] ?? 0;
    const b = units.unitOf[2 * i + 1] ?? 0;
    if (a === b) return { label, similarity: 1, cosine: 1 };
    const { features, cosine } = describer.describe(a, b);
    return { label, similarity: verify(features), cosine };
  });
  return summarisePairs(
    scored.map(({ label, similarity }) => ({ label, score: similarity })), scored.map(({ label, cosine }) => ({ label, score: cosine })),
    subject.calibration.threshold,
  );
}
