import { grammarOf } from '../chunk/grammar.ts';
import type { MaskScope } from '../chunk/mask.ts';
import { maskNames } from '../chunk/mask.ts';
import { snippetChunk } from '../chunk/snippet.ts';
import { embedChunks } from '../embed/embed.ts';
import { modelInput } from '../embed/input.ts';
import { SimcodeError } from '../errors.ts';
import type { Calibration } from '../score/calibration.ts';
import { createDescriber } from '../score/describe.ts';
import { gatherUnits } from '../score/units.ts';
import { createJudge } from '../score/verifier.ts';
import type { Chunk, Embedder, Grammars, Matrix, OnEvent, VectorCache } from '../types.ts';
import { bootstrapMean } from './bootstrap.ts';
import type { Dataset, PairRow } from './dataset.ts';
import { denseSimilarity } from './similarity.ts';
import type { EvalResult } from './summary.ts';
import { languageMatrix, summarisePairs, summariseRetrieval } from './summary.ts';
import { sparseDot, sparseSimilarity, tfidfVectors } from './tfidf.ts';

/** A model with what verifies its pairs, or the TF-IDF baseline. */
export type Subject =
  | { readonly kind: 'model'; readonly embedder: Embedder; readonly calibration: Calibration; readonly cache: VectorCache;
    /** Rows are written as queries when they are looked up with: what the instruction `search` is about. */
    readonly asQueries: boolean }
  | { readonly kind: 'tfidf' };

export interface EvalOptions {
  readonly grammars: Grammars;
  readonly mask?: MaskScope;
  readonly onEvent: OnEvent;
  readonly clock: () => number;
}

const BASELINE = { id: 'tfidf', revision: '1', device: 'cpu', dims: 0, instruction: '' };

/** Scores one model on one dataset, whose units `readUnits` gave. */
export async function evaluate(dataset: Dataset, chunks: readonly Chunk[], subject: Subject, options: EvalOptions): Promise<EvalResult> {
  if (dataset.kind !== 'retrieval' && subject.kind === 'model' && subject.asQueries) {
    throw new SimcodeError('bad-option', `The ${dataset.kind} of ${dataset.name} have no query side, which the instruction search is for`, { hint: 'Use another instruction, or a dataset of functions.' });
  }
  const start = options.clock();
  const embedding = subject.kind === 'model' ? await embedChunks(chunks, subject.embedder, subject.cache, options.onEvent) : undefined;
  const queries = subject.kind === 'model' && subject.asQueries ? await subject.embedder.embedQueries?.(chunks.map((chunk) => modelInput(chunk, subject.embedder.input))) : undefined;
  const seconds = options.clock() - start;
  if (subject.kind === 'model') await subject.cache.save();
  const common = {
    dataset: dataset.name, model: subject.kind === 'model' ? describe(subject.embedder) : BASELINE,
    ...(queries && { asQueries: true as const }), masked: options.mask ?? 'none', rows: dataset.rows.length, embedded: (embedding?.embedded ?? 0) + (queries ? chunks.length : 0), seconds,
  } as const;
  const matrix = embedding?.matrix;
  if (dataset.kind === 'pairs') return { ...common, pairs: scoreLabelled(dataset.rows, createComparer(chunks, matrix, subject), subject) };
  if (dataset.kind === 'triples') return { ...common, triples: scoreTriples(dataset.rows.length, createComparer(chunks, matrix, subject)) };
  const similarity = matrix === undefined ? sparseSimilarity(tfidfVectors(chunks.map(({ lexemes }) => lexemes))) : denseSimilarity(matrix, queries);
  const views = summariseRetrieval(similarity, dataset.rows);
  const byLanguage = languageMatrix(views);
  return { ...common, views, ...(byLanguage && { byLanguage }) };
}

function describe({ id, revision, device, dims, instruction }: Embedder): EvalResult['model'] {
  return { id, revision, device, dims, instruction };
}

/** One chunk a retrieval row; two in turn for a pair, three for a triple. Rows that cannot be parsed within bounds are kept, like nothing else. */
export async function readUnits(dataset: Dataset, options: EvalOptions): Promise<readonly Chunk[]> {
  const units = codeOf(dataset);
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

function codeOf(dataset: Dataset): readonly { readonly lang: string; readonly code: string }[] {
  switch (dataset.kind) {
    case 'retrieval': return dataset.rows;
    case 'pairs': return dataset.rows.flatMap((row) => [{ lang: row.langA, code: row.a }, { lang: row.langB, code: row.b }]);
    case 'triples': return dataset.rows.flatMap(({ lang, anchor, positive, negative }) => [anchor, positive, negative].map((code) => ({ lang, code })));
  }
}

function unparsed(id: string, language: string, text: string): Chunk {
  return {
    id, path: id, language, kind: 'function', name: '', qualifiedName: id, text, lexemes: [], tokens: new Uint32Array(), tags: [],
    range: { startLine: 1, endLine: 1, startColumn: 1, endColumn: 1, startIndex: 0, endIndex: text.length, startByte: 0, endByte: 0 },
    metrics: { lines: 1, codeLines: 1, tokens: 0 },
  };
}

/** How alike two of the chunks are, by position: what a scan would print, and the plain cosine. */
type Comparer = (a: number, b: number) => { readonly similarity: number; readonly cosine: number };

function createComparer(chunks: readonly Chunk[], matrix: Matrix | undefined, subject: Subject): Comparer {
  if (matrix === undefined || subject.kind !== 'model') {
    const vectors = tfidfVectors(chunks.map(({ lexemes }) => lexemes));
    return (x, y) => {
      const [a, b] = [vectors[x], vectors[y]];
      const cosine = a && b ? sparseDot(a, b) : 0;
      return { similarity: cosine, cosine };
    };
  }
  const units = gatherUnits(chunks);
  const describer = createDescriber(units, matrix);
  const judge = createJudge(subject.calibration);
  return (x, y) => {
    const [a, b] = [units.unitOf[x] ?? 0, units.unitOf[y] ?? 0];
    if (a === b) return { similarity: 1, cosine: 1 };
    const { features, cosine, type } = describer.describe(a, b);
    return { similarity: judge(features, type), cosine };
  };
}

function scoreLabelled(rows: readonly PairRow[], compare: Comparer, subject: Subject): NonNullable<EvalResult['pairs']> {
  const scored = rows.map(({ label }, i) => ({ label, ...compare(2 * i, 2 * i + 1) }));
  return summarisePairs(
    scored.map(({ label, similarity }) => ({ label, score: similarity })), scored.map(({ label, cosine }) => ({ label, score: cosine })),
    subject.kind === 'model' ? subject.calibration.threshold : 0.5,
  );
}

/** Rows where the function otherwise written scores above the one that only looks alike; a tie is none. */
function scoreTriples(count: number, compare: Comparer): NonNullable<EvalResult['triples']> {
  const compared = Array.from({ length: count }, (_, i) => ({ right: compare(3 * i, 3 * i + 1), wrong: compare(3 * i, 3 * i + 2) }));
  const share = (by: 'similarity' | 'cosine') => bootstrapMean(compared.map(({ right, wrong }) => Number(right[by] > wrong[by])));
  return { bySimilarity: share('similarity'), byCosine: share('cosine') };
}
