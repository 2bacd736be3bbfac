import { createPairKernel } from '../../src/io/pair-kernel.ts';
import { loadRepositories } from '../../src/store/load.ts';
import type { StoreModel, VectorStore } from '../../src/store/port.ts';
import { appendTo } from '../../src/util/collections.ts';
import { createUnionFind, type UnionFind } from '../../src/util/union-find.ts';

/** As many as a scan asks for. */
const NEAREST = 24;
const BATCH = 256;
const TILE = 1024;

export interface SearchOptions {
  /** Least cosine. */
  readonly floor: number;
  /** Vectors whose neighbours are searched. */
  readonly sample: number;
  readonly onShare?: (share: number) => void;
}

/** A vector of the store near another one, by row. */
interface Near { readonly row: number; readonly cosine: number }

/**
 * Searches the first vectors and all that are in one class with them, a class being what pairs above the floor connect:
 * the share of nearest neighbours found, and of pairs in one class that are in one class by the pairs found as well.
 */
export async function searchStore(store: VectorStore, model: StoreModel, { floor, sample, onShare = () => {} }: SearchOptions): Promise<string> {
  if (store.search === undefined) return 'the store has no search of its own';
  const { matrix, vectorIds } = await loadRepositories(store, [], model);
  const { dims } = matrix;
  const rowOf = new Map([...vectorIds.entries()].toReversed().map(([row, id]) => [id, row] as const));
  const firsts = [...rowOf.values()].toSorted((x, y) => x - y);
  const vector = (row: number): Float32Array => matrix.rows.subarray(row * dims, (row + 1) * dims);
  const truth = await connected(firsts, vector, firsts.slice(0, sample), dims, floor);
  const queries = [...truth.keys()];
  const exact = createUnionFind(vectorIds.length);
  const links = createUnionFind(vectorIds.length);
  let [found, wanted, selves, milliseconds] = [0, 0, 0, 0];
  for (let from = 0; from < queries.length; from += BATCH) {
    const batch = queries.slice(from, from + BATCH);
    const start = performance.now();
    const hits = await store.search.nearest(batch.map((row) => ({ id: vectorIds[row] ?? '', values: vector(row) })), NEAREST + 1, true);
    milliseconds += performance.now() - start;
    for (const [i, row] of batch.entries()) {
      const near = truth.get(row) ?? [];
      const nearest = near.slice(0, NEAREST);
      const least = (nearest.at(-1)?.cosine ?? 1) - 1e-4;
      const others = (hits[i] ?? []).flatMap(({ id }) => rowOf.get(id) ?? []).filter((other) => other !== row).map((other) => ({ row: other, cosine: dot(vector(row), vector(other)) }));
      if ((hits[i]?.length ?? 0) > others.length) selves++;
      wanted += nearest.length;
      found += Math.min(nearest.length, others.filter(({ cosine }) => cosine >= least).length);
      for (const other of near) exact.union(row, other.row);
      for (const other of others) if (other.cosine >= floor) links.union(row, other.row);
    }
    onShare((from + batch.length) / queries.length);
  }
  return `recall ${share(found, wanted)} of ${wanted} neighbours (cosine ≥ ${floor}, ${NEAREST} nearest), ${selves} of ${queries.length} found themselves, ${(milliseconds / queries.length).toFixed(2)} ms a query, ${firsts.length} distinct vectors; ${classRecall(queries, exact, links)}`;
}

function classRecall(rows: readonly number[], exact: UnionFind, links: UnionFind): string {
  const classes = groupBy(rows, (row) => exact.find(row)).filter(({ length }) => length > 1);
  let [pairs, together, whole] = [0, 0, 0];
  for (const members of classes) {
    const parts = groupBy(members, (row) => links.find(row)).map(({ length }) => (length * (length - 1)) / 2);
    pairs += (members.length * (members.length - 1)) / 2;
    together += parts.reduce((sum, part) => sum + part, 0);
    if (parts.length === 1) whole++;
  }
  return `${whole} of ${classes.length} exact classes whole, recall ${share(together, pairs)} of ${pairs} pairs in one class`;
}

function groupBy(rows: readonly number[], key: (row: number) => number): readonly (readonly number[])[] {
  const groups = new Map<number, number[]>();
  for (const row of rows) appendTo(groups, key(row), row);
  return [...groups.values()];
}

function share(part: number, whole: number): string {
  return (whole === 0 ? 1 : part / whole).toFixed(4);
}

/** Neighbours above the floor, nearest first, of some rows and all that they are connected with, by the complete product. */
async function connected(all: readonly number[], vector: (row: number) => Float32Array, seeds: readonly number[], dims: number, floor: number): Promise<ReadonlyMap<number, readonly Near[]>> {
  const kernel = await createPairKernel();
  const found = new Map<number, Near[]>(seeds.map((row) => [row, []]));
  const tile = (rows: readonly number[]): Float32Array => {
    const flat = new Float32Array(rows.length * dims);
    for (const [i, row] of rows.entries()) flat.set(vector(row), i * dims);
    return flat;
  };
  for (let fresh = seeds; fresh.length > 0;) {
    for (let left = 0; left < all.length; left += TILE) {
      const others = all.slice(left, left + TILE);
      const flat = tile(others);
      for (let top = 0; top < fresh.length; top += TILE) {
        const own = fresh.slice(top, top + TILE);
        const { rows, cols, cosines } = await kernel.pairsAbove(tile(own), flat, dims, floor);
        for (const [at, i] of rows.entries()) {
          const [row = 0, other = 0] = [own[i], others[cols[at] ?? 0]];
          if (row !== other) found.get(row)?.push({ row: other, cosine: cosines[at] ?? 0 });
        }
      }
    }
    fresh = [...new Set(fresh.flatMap((row) => found.get(row)?.map((near) => near.row) ?? []))].filter((row) => !found.has(row));
    for (const row of fresh) found.set(row, []);
  }
  await kernel.close();
  for (const list of found.values()) list.sort((x, y) => y.cosine - x.cosine);
  return found;
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}
