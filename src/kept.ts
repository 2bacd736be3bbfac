/** Records and ports of what is kept between runs; a part of `types.ts`. */
import type { Chunk, CloneClass, LanguageId, ScanCounts, SkipReason, SourceFile, Warning } from './types.ts';

/** A chunk as it is kept between runs: its text comes from the file, unless that holds it in another form; its lexemes are joined by single spaces. */
export type StoredChunk = Omit<Chunk, 'text' | 'lexemes'> & { readonly lexemes: string; readonly text?: string };

/** What one file gave. */
export interface StoredFile {
  readonly chunks: readonly StoredChunk[];
  readonly warnings: readonly Warning[];
  readonly lines: number;
}

/** What is large enough to be a chunk: both floors must be reached. */
export interface SizeFloor {
  /** Lines spanned (default 5). */
  readonly minLines?: number | undefined;
  /** Code tokens (default 30). */
  readonly minTokens?: number | undefined;
}

/** Chunks files, in threads of its own where that pays; a file that cannot be parsed gives a warning. */
export interface FileChunker {
  /** Files to hand in before the first one is done, so that all its threads have work. */
  readonly ahead: number;
  chunk(file: SourceFile, floor: SizeFloor): Promise<StoredFile>;
  /** Ends the threads and gives back their memory; `chunk` may be called again. */
  close(): Promise<void>;
}

/** Chunked files by key (hex SHA-256 of everything a file's chunks depend on), so that what did not change is not parsed. */
export interface ChunkStore {
  get(key: string): StoredFile | undefined;
  set(key: string, file: StoredFile): void;
  /** Writes what was added, atomically; returns warnings. */
  save(): Promise<readonly Warning[]>;
}

/** What was found among the functions of a tree. */
export interface StoredResult {
  readonly classes: readonly CloneClass[];
  readonly counts: Pick<ScanCounts, 'candidates' | 'pairs' | 'index' | 'filtered'>;
  readonly warnings: readonly Warning[];
  /** Distinct inputs of the model. */
  readonly inputs: number;
}

/** What the last run of a root left of one kind. */
export interface LastRun<T> {
  /** What was left under this key, a hash of everything it depends on. */
  get(key: string): Promise<T | undefined>;
  /** Keeps one value in place of the last; what is wrong with the file is a warning. */
  set(key: string, value: T): Promise<readonly Warning[]>;
}

/** The nearest of distinct vectors, by the keys of their inputs. */
export interface KeptNeighbors {
  readonly keys: readonly string[];
  /** Entries a list has room for: list i starts at i × depth. */
  readonly depth: number;
  readonly counts: Int32Array;
  readonly others: Int32Array;
  readonly cosines: Float64Array;
  /** List i holds every other one with a larger cosine than this. */
  readonly bounds: Float64Array;
}

/** What was made of distinct functions and of pairs of them. */
export interface KeptScores {
  /** A hash of all that a function's pairs depend on. */
  readonly names: readonly string[];
  readonly alphas: readonly string[];
  /** Fingerprints of function i: prints[starts[i] … starts[i + 1]). */
  readonly prints: Uint32Array;
  readonly starts: Uint32Array;
  /** Pairs of functions and what is known of each: see `score/memo.ts`. */
  readonly as: Uint32Array;
  readonly bs: Uint32Array;
  readonly codes: Int32Array;
  readonly scores: Float64Array;
}

/** What the search and the scoring of a tree may go on from. */
export interface KeptPairs {
  readonly neighbors?: KeptNeighbors | undefined;
  readonly scores?: KeptScores | undefined;
}

/** What reading a file came to: a source file by its hash, or why it is left out. */
export type KnownFile = ({ readonly language: LanguageId; readonly sha256: string } | { readonly skip: SkipReason }) & { readonly warning?: Warning };

/** Files by path and stamp, so that what did not change is not read. `rules` tells under which rules a file was looked at. */
export interface KnownFiles {
  get(path: string, stamp: string, rules: string): KnownFile | undefined;
  set(path: string, stamp: string, rules: string, file: KnownFile): void;
  /** Writes what was added, atomically; what cannot be written is read again next time. */
  save(): Promise<void>;
}
