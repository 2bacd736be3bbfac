import { SimcodeError } from '../errors.ts';
import type { AnnFactory, AnnIndex, KeptNeighbors, Matrix, Neighbor, PairKernel } from '../types.ts';
import { depthOf, keepNearest, keysOf, nearestAgain } from './again.ts';
import { approximatePairs } from './approximate.ts';
import { EXACT_LIMIT } from './crossover.ts';
import { exactPairs } from './exact.ts';
import { NearestLists } from './nearest.ts';
import { createPairBuffer, fitsLists, listBuffer, type PairBuffer, type Pairs } from './pairs.ts';
import { gatherUnits, type Units } from './units.ts';

/** Pairs of distinct vectors held at most (16 bytes each here, about 70 as records), whatever the input. */
export const MAX_PAIRS = 4_000_000;

export interface NeighborOptions {
  readonly index: 'auto' | 'exact' | 'hnsw';
  /** Smallest cosine of a pair, in (0, 1]. */
  readonly floor: number;
  /** Keep a pair only if either side counts it among its k nearest distinct vectors; all pairs when absent. */
  readonly k?: number;
  /** Chunk ids that must not be paired, e.g. `createAncestry(chunks)`. */
  readonly excludes?: (a: string, b: string) => boolean;
  readonly onProgress?: (done: number, total: number) => void;
  /** Bound on pairs of distinct vectors; `MAX_PAIRS` when absent. */
  readonly maxPairs?: number;
  /** Distinct vectors up to which `auto` is exact; `EXACT_LIMIT` when absent. */
  readonly exactLimit?: number;
  /** What an earlier search with the same floor and k found, if anything; makes this one keep its own. */
  readonly recall?: { readonly kept: KeptNeighbors | undefined };
}

export interface NeighborResult {
  /**
   * By a, then b. Distinct vectors with a cosine ≥ floor are linked once, by the first of their rows that may be paired;
   * bit-identical rows are linked, with cosine 1, to the first row of their group.
   */
  readonly neighbors: readonly Neighbor[];
  /**
   * Rows with bit-identical vectors, two or more, ascending: what holds for one row of a group holds for all, so that
   * 10,000 copies cost 9,999 neighbours and not 50 million.
   */
  readonly groups: readonly (readonly number[])[];
  readonly index: 'exact' | 'hnsw';
  /** Set when there were more neighbours than `k` or `maxPairs` allows: the number of nearest kept for each vector. */
  readonly limitedTo?: number;
  /** With `recall`, where lists of the nearest were made: what the next search may go on from. */
  readonly kept?: KeptNeighbors | undefined;
}

/**
 * Pairs of rows whose cosine is at least the floor. `exact` finds all of them, `hnsw` nearly all, with the same bits for
 * a cosine; `auto` is exact up to `EXACT_LIMIT` distinct vectors or when hnsw is not installed. The cosine is the
 * product in double over the lengths of the rows. Throws `SimcodeError`: `bad-option` (floor, k), `bad-input` (a
 * matrix with NaN or rows of another length than 1; all-zero rows are allowed and like nothing), `missing-dependency`.
 */
export async function findNeighbors(
  matrix: Matrix, options: NeighborOptions, kernel: PairKernel, annFactory: AnnFactory,
): Promise<NeighborResult> {
  const { floor, k = Number.POSITIVE_INFINITY } = options;
  if (!(floor > 0 && floor <= 1)) throw new SimcodeError('bad-option', `the cosine floor must be above 0 and at most 1, not ${floor}`);
  if (!(k >= 1)) throw new SimcodeError('bad-option', `the number of neighbours must be at least 1, not ${k}`);
  const units = gatherUnits(matrix);
  const ann = await chooseIndex(options, units, annFactory);
  const { pairs, kept } = await (ann === undefined ? searchExact(matrix, units, options, kernel) : searchApproximate(units, options, ann));
  return {
    neighbors: toNeighbors(matrix, units, pairs, options.excludes ?? (() => false)),
    groups: units.members.filter(({ length }) => length > 1),
    index: ann === undefined ? 'exact' : 'hnsw',
    ...(pairs.limitedTo !== undefined && { limitedTo: pairs.limitedTo }),
    ...(kept && { kept }),
  };
}

interface Search { readonly pairs: Pairs; readonly kept?: KeptNeighbors }

/** All pairs, or where an earlier search is at hand those of vectors that it did not know. */
async function searchExact(matrix: Matrix, units: Units, options: NeighborOptions, kernel: PairKernel): Promise<Search> {
  const { floor, k = Number.POSITIVE_INFINITY, recall, onProgress = () => {} } = options;
  const count = units.members.length;
  const search = async (buffer: PairBuffer): Promise<Pairs> => {
    await exactPairs(units, floor, kernel, buffer, (done) => onProgress(done, count));
    return buffer.finish();
  };
  const keys = keysOf(matrix, units);
  if (recall === undefined || keys === undefined || !fitsLists(count, depthOf(count, k))) return { pairs: await search(createPairBuffer(count, k, budgetOf(options, count))) };
  const again = recall.kept && nearestAgain(units, keys, (key) => matrix.fresh?.has(key) ?? false, recall.kept, k, floor);
  const lists = again?.lists ?? new NearestLists(count, depthOf(count, k));
  const buffer = listBuffer(lists, Math.max(1, Math.min(k, count - 1)), budgetOf(options, count));
  const pairs = again === undefined ? await search(buffer) : buffer.finish();
  return { pairs, kept: keepNearest(lists, keys, again?.bounds) };
}

async function searchApproximate(units: Units, options: NeighborOptions, ann: AnnIndex): Promise<Search> {
  const { floor, k = Number.POSITIVE_INFINITY, onProgress = () => {} } = options;
  const count = units.members.length;
  const buffer = createPairBuffer(count, k, budgetOf(options, count));
  await approximatePairs(units, floor, ann, buffer, (done) => onProgress(done, 2 * count));
  return { pairs: buffer.finish() };
}

function budgetOf({ maxPairs = MAX_PAIRS }: NeighborOptions, count: number): number {
  return Math.max(maxPairs, 2 * count);
}

async function chooseIndex(
  { index, exactLimit = EXACT_LIMIT }: NeighborOptions, units: Units, annFactory: AnnFactory,
): Promise<AnnIndex | undefined> {
  const count = units.members.length;
  if (index === 'exact' || (index === 'auto' && count <= exactLimit)) return undefined;
  try {
    return await annFactory(units.dims, count);
  } catch (error) {
    if (index === 'auto' && error instanceof SimcodeError && error.code === 'missing-dependency') return undefined;
    throw error;
  }
}

function toNeighbors(
  { chunkIds }: Matrix, { members }: Units, pairs: Pairs, excludes: (a: string, b: string) => boolean,
): readonly Neighbor[] {
  const found: Neighbor[] = [];
  const allowed = (a: number, b: number): boolean => !excludes(chunkIds[a] as string, chunkIds[b] as string);
  for (const [first, ...rest] of members) {
    for (const row of rest) if (allowed(first as number, row)) found.push({ a: first as number, b: row, cosine: 1 });
  }
  for (const [i, cosine] of pairs.cosines.entries()) {
    const link = firstAllowed(members[pairs.us[i] as number] ?? [], members[pairs.vs[i] as number] ?? [], allowed);
    if (link !== undefined) found.push({ a: Math.min(...link), b: Math.max(...link), cosine });
  }
  return found.toSorted((x, y) => x.a - y.a || x.b - y.b);
}

function firstAllowed(
  as: readonly number[], bs: readonly number[], allowed: (a: number, b: number) => boolean,
): readonly [number, number] | undefined {
  for (const a of as) for (const b of bs) if (allowed(a, b)) return [a, b];
  return undefined;
}
