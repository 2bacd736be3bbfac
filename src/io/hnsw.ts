import { SimcodeError } from '../errors.ts';
import type { AnnFactory } from '../types.ts';

/** The part of hnswlib-node that is used; its own types may be missing, as it is an optional dependency. */
interface HnswModule {
  readonly HierarchicalNSW: new (space: 'ip', dims: number) => HnswGraph;
}
interface HnswGraph {
  initIndex(options: { readonly maxElements: number; readonly m: number; readonly efConstruction: number; readonly randomSeed: number }): void;
  addPoint(point: readonly number[], label: number): void;
  setEf(ef: number): void;
  searchKnn(point: readonly number[], k: number): { readonly distances: readonly number[]; readonly neighbors: readonly number[] };
  getCurrentCount(): number;
}

/** A name TypeScript does not resolve: the build must pass where the package could not be compiled. */
const PACKAGE: string = 'hnswlib-node';

/** Links a node and candidates while building: hnswlib's own defaults but for a leaner build (measured: same recall). */
const M = 16;
const EF_CONSTRUCTION = 128;
const SEED = 100;
/** Candidates kept while searching: at least this, and twice what is asked for. */
const MIN_EF = 64;

/**
 * HNSW (Malkov & Yashunin 2018, arXiv:1603.09320) by hnswlib-node, on inner products of L2-normalised rows.
 * Deterministic for the same rows in the same order. Holds a copy of each row (4 · dims bytes) and about 150 bytes of
 * links. Throws `SimcodeError` `missing-dependency` when hnswlib-node is not installed or was not compiled.
 */
export const createHnsw: AnnFactory = async (dims, capacity) => {
  const { HierarchicalNSW } = await loadHnsw();
  const graph = new HierarchicalNSW('ip', dims);
  graph.initIndex({ maxElements: Math.max(1, capacity), m: M, efConstruction: EF_CONSTRUCTION, randomSeed: SEED });
  return {
    add: (row, vector) => graph.addPoint([...vector], row),
    search(vector, k) {
      const count = Math.min(k, graph.getCurrentCount());
      if (count === 0) return { rows: [], cosines: [] };
      graph.setEf(Math.max(MIN_EF, 2 * count));
      const { neighbors, distances } = graph.searchKnn([...vector], count);
      return { rows: neighbors, cosines: distances.map((distance) => 1 - distance) };
    },
  };
};

async function loadHnsw(): Promise<HnswModule> {
  try {
    const module = (await import(PACKAGE)) as HnswModule & { readonly default?: HnswModule };
    return module.default ?? module;
  } catch (cause) {
    throw new SimcodeError('missing-dependency', 'the hnsw index needs hnswlib-node, which is not installed or was not compiled', {
      hint: 'install a C++ compiler, make and Python, then run `npm install hnswlib-node@3.0.0`; or use --index exact',
      cause,
    });
  }
}
