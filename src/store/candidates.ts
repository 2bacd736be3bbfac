import type { Matrix } from '../types.ts';
import { shortfall } from './load.ts';
import type { StoredFunction } from './pack.ts';
import { decodePack } from './pack.ts';
import type { RepositoryInfo, VectorStore } from './port.ts';
import { quantise, restore, vectorId } from './quantise.ts';

/** Functions of a store and the cosine of each with what was asked about. */
export interface Candidate {
  readonly stored: StoredFunction;
  readonly repository: string;
  readonly cosine: number;
}

/** The `most` nearest functions of each query among repositories, by reading all their packs, one at a time. Complete. */
export async function readNearest(store: VectorStore, repositories: readonly RepositoryInfo[], queries: Matrix, most: number): Promise<readonly (readonly Candidate[])[]> {
  const found = queries.chunkIds.map((): Candidate[] => []);
  for (const { name, functions, model } of repositories) {
    let read = 0;
    for await (const bytes of store.packs(name)) {
      const pack = decodePack(bytes, name, model.dims);
      read += pack.length;
      for (const [i, list] of found.entries()) {
        for (const stored of pack) list.push({ stored, repository: name, cosine: dot(vectorAt(queries, i), stored.vector) });
        keepNearest(list, most);
      }
    }
    if (read !== functions) throw shortfall(store.location, name, read, functions);
  }
  return found;
}

/** The same by the store's own search. */
export async function searchNearest(store: VectorStore, queries: Matrix, most: number): Promise<readonly (readonly Candidate[])[]> {
  if (store.search === undefined) throw new RangeError(`${store.location} has no search`);
  const asked = queries.chunkIds.map((_, i) => {
    const steps = quantise(vectorAt(queries, i));
    return { id: vectorId(steps), values: restore(steps) };
  });
  const hits = await store.search.nearest(asked, most, false);
  const wanted = new Set(hits.flat().map(({ id }) => id));
  const byVector = new Map<string, { readonly stored: StoredFunction; readonly repository: string }[]>();
  for (const { repository, bytes } of await store.search.holders([...wanted])) {
    for (const stored of decodePack(bytes, repository, queries.dims)) {
      if (wanted.has(stored.vectorId)) byVector.set(stored.vectorId, [...byVector.get(stored.vectorId) ?? [], { stored, repository }]);
    }
  }
  return hits.map((list, i) => keepNearest(
    list.flatMap(({ id }) => byVector.get(id) ?? []).map((one) => ({ ...one, cosine: dot(vectorAt(queries, i), one.stored.vector) })), most,
  ));
}

/** Sorts and cuts in place. */
function keepNearest(list: Candidate[], most: number): Candidate[] {
  list.sort((x, y) => y.cosine - x.cosine || (x.stored.chunk.id < y.stored.chunk.id ? -1 : 1));
  list.length = Math.min(list.length, most);
  return list;
}

function vectorAt({ rows, dims }: Matrix, row: number): Float32Array {
  return rows.subarray(row * dims, (row + 1) * dims);
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return Math.max(-1, Math.min(1, sum));
}
