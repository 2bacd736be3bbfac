import type { Calibration } from '../score/calibration.ts';
import { createDescriber } from '../score/describe.ts';
import { gatherUnits } from '../score/units.ts';
import { createJudge } from '../score/verifier.ts';
import type { Chunk, Embedder, Matrix, Warning } from '../types.ts';
import { version } from '../version.ts';
import type { Candidate } from './candidates.ts';
import { readNearest, searchNearest } from './candidates.ts';
import { chooseRepositories, modelOf } from './load.ts';
import type { VectorStore } from './port.ts';
import type { QueryAnswer, QueryMatch, QueryResult } from './schema.ts';

/** Nearest vectors whose functions are compared token by token; the order by similarity is another than by cosine. */
const CANDIDATES = 100;

export interface QueryOptions {
  /** Names of repositories, all when empty. */
  readonly repositories: readonly string[];
  readonly embedder: Pick<Embedder, 'id' | 'revision' | 'dims' | 'instruction'>;
  readonly calibration: Calibration;
  /** Similarity from which a function exists already; the calibrated one when absent. */
  readonly threshold?: number;
  /** Matches of a function at most. */
  readonly top: number;
}

/**
 * Which functions of a store do what these do, most similar first. Only the store is read, no sources.
 * @param matrix row i is the unit vector of chunk i
 */
export async function queryStore(store: VectorStore, chunks: readonly Chunk[], matrix: Matrix, options: QueryOptions): Promise<QueryResult> {
  const { calibration, embedder, threshold = calibration.threshold } = options;
  const repositories = chooseRepositories(await store.repositories(), options.repositories, store.location, modelOf(embedder));
  // a store searches all it has, so what was asked for could be crowded out
  const nearest = store.search === undefined || options.repositories.length > 0
    ? await readNearest(store, repositories, matrix, CANDIDATES) : await searchNearest(store, matrix, CANDIDATES);
  const warnings: readonly Warning[] = await store.check();
  return {
    schemaVersion: 1, tool: { name: 'simcode', version }, model: { id: embedder.id, revision: embedder.revision },
    store: store.location, repositories: repositories.map(({ name, functions }) => ({ name, functions })), threshold,
    answers: chunks.map((chunk, i) => answer(chunk, rowOf(matrix, i), nearest[i] ?? [], { calibration, threshold, top: options.top })),
    warnings: warnings.map((warning) => ({ ...warning })),
  };
}

function answer(
  chunk: Chunk, vector: Float32Array, candidates: readonly Candidate[], { calibration, threshold, top }: { readonly calibration: Calibration; readonly threshold: number; readonly top: number },
): QueryAnswer {
  const matches = rank(chunk, vector, candidates, calibration).slice(0, top);
  return { function: placeOf(chunk, chunk.path), exists: (matches[0]?.similarity ?? 0) >= threshold, matches };
}

function rank(chunk: Chunk, vector: Float32Array, candidates: readonly Candidate[], calibration: Calibration): QueryMatch[] {
  // a path that no stored function has
  const asked = { ...chunk, id: `?${chunk.id}`, path: `?${chunk.path}` };
  const units = gatherUnits([asked, ...candidates.map(({ stored }) => stored.chunk)]);
  const rows = new Float32Array((candidates.length + 1) * vector.length);
  for (const [i, values] of [vector, ...candidates.map(({ stored }) => stored.vector)].entries()) rows.set(values, i * vector.length);
  const { describe } = createDescriber(units, { dims: vector.length, rows, chunkIds: [asked.id, ...candidates.map(({ stored }) => stored.chunk.id)] });
  const judge = createJudge(calibration);
  const unitOf = new Map(units.chunks.map(({ id }, i) => [id, units.unitOf[i] ?? -1] as const));
  const own = unitOf.get(asked.id) ?? -1;
  return candidates.map(({ stored: { chunk: other }, repository, cosine }) => {
    const unit = unitOf.get(other.id) ?? -1;
    const place = { repository, ...placeOf(other, other.path.slice(repository.length + 1)) };
    if (unit === own) return { ...place, similarity: 1, cosine, lexical: 1, structural: 1, type: 1 };
    const { tokens, features, type } = describe(own, unit);
    return { ...place, similarity: judge(features, type), cosine, lexical: tokens.lexical, structural: tokens.structural, type };
  }).toSorted((x, y) => y.similarity - x.similarity || y.cosine - x.cosine || compare(x.repository, y.repository) || compare(x.path, y.path) || x.startLine - y.startLine);
}

function placeOf({ range, name, qualifiedName, kind, language, metrics }: Chunk, path: string): QueryAnswer['function'] {
  return { path, startLine: range.startLine, endLine: range.endLine, name: qualifiedName || name, kind, language, lines: metrics.lines };
}

function rowOf({ rows, dims }: Matrix, row: number): Float32Array {
  return rows.subarray(row * dims, (row + 1) * dims);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
