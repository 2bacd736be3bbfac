import { z } from 'zod';
import type { Warning } from '../types.ts';

/** Model whose vectors a store holds. Vectors of two models never meet in one store. */
export const storeModelSchema = z.object({
  id: z.string().min(1).max(500),
  revision: z.string().min(1).max(500),
  dims: z.int().min(1).max(65_536),
  instruction: z.string().max(10_000),
});

/** A repository's name in a store: the first part of its paths, and part of a file's name. */
export const repositoryName = z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$/);

/** What a store says of a repository without reading its functions. */
export const repositoryInfoSchema = z.object({
  name: repositoryName,
  /** Version of simcode that read it. */
  tool: z.string().max(100),
  model: storeModelSchema,
  functions: z.int().min(0),
  files: z.int().min(0),
  lines: z.int().min(0),
});

export type StoreModel = z.infer<typeof storeModelSchema>;
export type RepositoryInfo = z.infer<typeof repositoryInfoSchema>;

/** A distinct vector of a store. */
export interface StoredVector {
  /** 32 hex digits of the SHA-256 over the vector as it is kept, so that equal vectors are one. */
  readonly id: string;
  readonly values: Float32Array;
}

/** Some hundred functions of one repository, encoded by `encodePack`; stores do not look inside. */
export interface Pack {
  readonly bytes: Uint8Array;
  readonly functions: number;
  /** Distinct vectors of the functions. */
  readonly vectors: readonly StoredVector[];
}

/** What a store gives back of a pack. */
export interface HeldPack {
  readonly repository: string;
  readonly bytes: Uint8Array;
}

/** A vector near another one; cosine as the store computes it, so rounded. */
export interface Hit {
  readonly id: string;
  readonly cosine: number;
}

/** Nearest neighbours by the store's own index. */
export interface StoreSearch {
  /**
   * The k nearest distinct vectors of each query, nearest first. A query whose vector is in the store (`known`) must
   * find itself: that is how a shard or replica that is gone without a word is noticed.
   * @throws SimcodeError `store` when more than one query in a hundred does not, after retries
   */
  nearest(queries: readonly StoredVector[], k: number, known: boolean): Promise<readonly (readonly Hit[])[]>;
  /** The packs that hold any of these vectors. */
  holders(vectorIds: readonly string[]): Promise<readonly HeldPack[]>;
}

/**
 * Functions and their vectors by repository, on a disk or in a database. Writing a repository is idempotent and all or
 * nothing: readers see what was there before or all of the new. All methods throw SimcodeError `store`.
 */
export interface VectorStore {
  /** For people: a folder, or an address without its password. */
  readonly location: string;
  repositories(): Promise<readonly RepositoryInfo[]>;
  /** Packs of a repository in order; throws when fewer come than were written. */
  packs(repository: string): AsyncIterable<Uint8Array>;
  /** Writes a repository in place of what the store has under its name. */
  put(info: RepositoryInfo, packs: Iterable<Pack>, onProgress?: (functions: number) => void): Promise<void>;
  /** Whether there was one. */
  remove(repository: string): Promise<boolean>;
  /** To be called after a series of changes: drops what no repository holds any more, brings indexes up to date. Nothing is wrong until then, only slow. */
  settle(): Promise<void>;
  /** Bytes that its packs take. */
  bytes(repository: string): Promise<number>;
  /** Absent where whoever reads the packs searches them. */
  readonly search?: StoreSearch;
  /** What is the matter with the store now, e.g. `store-degraded`; empty when all is well. */
  check(): Promise<readonly Warning[]>;
  close(): Promise<void>;
}
