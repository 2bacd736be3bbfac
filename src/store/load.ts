import { SimcodeError } from '../errors.ts';
import type { Chunk, Embedder, Matrix } from '../types.ts';
import type { StoredFunction } from './pack.ts';
import { decodePack } from './pack.ts';
import type { RepositoryInfo, StoreModel, VectorStore } from './port.ts';

/** Functions of some repositories of a store; row i of the matrix is the vector of chunk i, `vectorIds[i]` its id. */
export interface Loaded {
  readonly repositories: readonly RepositoryInfo[];
  readonly chunks: readonly Chunk[];
  readonly matrix: Matrix;
  readonly vectorIds: readonly string[];
}

/**
 * Reads repositories by name, all for none named.
 * @throws SimcodeError `store` for a name the store does not have, for an empty or damaged store, or one of another model
 */
export async function loadRepositories(store: VectorStore, names: readonly string[], model: StoreModel): Promise<Loaded> {
  const repositories = chooseRepositories(await store.repositories(), names, store.location, model);
  const parts: StoredFunction[][] = [];
  for (const { name, functions } of repositories) {
    const part: StoredFunction[] = [];
    for await (const bytes of store.packs(name)) for (const one of decodePack(bytes, name, model.dims)) part.push(one);
    if (part.length !== functions) throw shortfall(store.location, name, part.length, functions);
    parts.push(part);
  }
  return { repositories, ...gather(parts.flat(), model.dims) };
}

/** Chunks, matrix and ids of functions, in order. */
export function gather(functions: readonly StoredFunction[], dims: number): Omit<Loaded, 'repositories'> {
  const rows = new Float32Array(functions.length * dims);
  for (const [i, { vector }] of functions.entries()) rows.set(vector, i * dims);
  const chunks = functions.map(({ chunk }) => chunk);
  if (new Set(chunks.map(({ id }) => id)).size < chunks.length) {
    throw new SimcodeError('store', 'The store holds two functions in one place', { hint: 'Index the repositories again: simcode index add <folder> --store <where>' });
  }
  return { chunks, matrix: { dims, rows, chunkIds: chunks.map(({ id }) => id) }, vectorIds: functions.map((one) => one.vectorId) };
}

/** Repositories by name, all for none named. @throws SimcodeError `store` for unknown names, an empty store, or one of another model */
export function chooseRepositories(all: readonly RepositoryInfo[], names: readonly string[], location: string, model: StoreModel): readonly RepositoryInfo[] {
  if (all.length === 0) throw new SimcodeError('store', `The store ${location} is empty`, { hint: 'Add a repository: simcode index add <folder> --store <where>' });
  const missing = names.find((name) => !all.some((one) => one.name === name));
  if (missing === undefined) {
    const chosen = names.length === 0 ? all : all.filter(({ name }) => names.includes(name));
    for (const info of chosen) checkModel(location, info.model, model);
    return chosen;
  }
  throw new SimcodeError('store', `The store ${location} has no repository ${missing}`, { hint: `It has ${all.map(({ name }) => name).join(', ')}.` });
}

/** The part of an embedder that a store is bound to. */
export function modelOf({ id, revision, dims, instruction }: Pick<Embedder, 'id' | 'revision' | 'dims' | 'instruction'>): StoreModel {
  return { id, revision, dims, instruction };
}

/** @throws SimcodeError `store` when vectors of a store are not those of the model at hand */
export function checkModel(location: string, held: StoreModel, model: StoreModel): void {
  const differs = (['id', 'revision', 'dims', 'instruction'] as const).find((key) => held[key] !== model[key]);
  if (differs === undefined) return;
  const words = ({ id, revision, dims, instruction }: StoreModel): string =>
    `${id} (${revision}, ${dims} dimensions${instruction === '' ? '' : `, instruction ${JSON.stringify(instruction)}`})`;
  throw new SimcodeError('store', `The store ${location} holds vectors of ${words(held)}, not of ${words(model)}`, {
    hint: differs === 'id' ? `Use the store's model: --model ${held.id}; or index again into another --store.` : 'Index the repositories again: simcode index remove, then simcode index add.',
  });
}

export function shortfall(location: string, name: string, found: number, wanted: number): SimcodeError {
  return new SimcodeError('store', `The store ${location} gave ${found} of the ${wanted} functions of ${name}`, {
    hint: 'A part of it is missing: see simcode index list; index the repository again if it stays so.',
  });
}
