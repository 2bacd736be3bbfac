/** What a run is given and what passes between its halves. */
import type { DiscoverOptions } from '../discover/discover.ts';
import type { NeighborOptions, NeighborResult } from '../neighbors/neighbors.ts';
import type { Calibration } from '../score/calibration.ts';
import type { CrossLanguage } from '../score/cross-language.ts';
import type { RuleOptions } from '../score/rules.ts';
import type {
  AnnFactory, Chunk, ChunkStore, Embedder, FileChunker, FileSource, KeptPairs, KnownFiles, LastRun, Matrix, OnEvent, PairKernel, ScanResult, Skip, StoredResult, VectorCache, Warning,
} from '../types.ts';

/** What a run needs from outside; `cli/wiring.ts` provides it. */
export interface ScanPorts {
  readonly files: FileSource;
  readonly chunker: FileChunker;
  readonly embedder: Embedder;
  readonly calibration: Calibration;
  readonly cache: VectorCache;
  readonly chunkStore: ChunkStore;
  /** So that a tree in which nothing changed is not analysed. */
  readonly results: LastRun<StoredResult>;
  /** So that only pairs of changed functions are looked at. */
  readonly pairs: LastRun<KeptPairs>;
  readonly known: KnownFiles;
  readonly kernel: PairKernel;
  readonly ann: AnnFactory;
  readonly onEvent: OnEvent;
  /** Seconds on a clock that never goes back. */
  readonly clock: () => number;
}

export interface ScanOptions {
  readonly root: string;
  readonly discover: DiscoverOptions;
  readonly minLines: number;
  readonly minTokens: number;
  readonly index: 'auto' | 'exact' | 'hnsw';
  /** Least similarity of a pair; the model's calibrated default when absent. */
  readonly threshold?: number;
  readonly rules?: RuleOptions;
  readonly crossLanguage?: CrossLanguage;
  /** Whether chunks keep their text (default true): it holds every file in memory. Models that read source keep it anyway. */
  readonly text?: boolean;
  /** What the report repeats of the configuration. */
  readonly config: Readonly<Record<string, unknown>>;
}

/** Functions with their vectors (row i of the matrix is chunk i's), and what was noticed while they were read. */
export interface EmbeddedFunctions {
  readonly chunks: readonly Chunk[];
  readonly matrix: Matrix;
  readonly files: number;
  readonly lines: number;
  /** Distinct inputs the model was run on, and distinct inputs that had a vector already. */
  readonly embedded: number;
  readonly cached: number;
  readonly skips: readonly Skip[];
  readonly warnings: readonly Warning[];
}

/** A scan and the functions it looked at; call `functions` at most once. */
export interface ScannedTree {
  readonly result: ScanResult;
  readonly functions: () => Promise<EmbeddedFunctions>;
  /** Text by chunk id of the functions of some files, read anew. */
  readonly texts: (paths: ReadonlySet<string>) => Promise<ReadonlyMap<string, string>>;
}

/** Finds neighbours in a matrix; `findNeighbors` unless a store does it. */
export type NeighborSearch = (matrix: Matrix, options: NeighborOptions & { readonly k: number }) => Promise<NeighborResult>;

/** What each half of the run needs. */
export type ReadPorts = Omit<ScanPorts, 'calibration' | 'kernel' | 'ann' | 'results' | 'pairs'>;
export type ReadOptions = Pick<ScanOptions, 'discover' | 'minLines' | 'minTokens' | 'text'>;
export type ClonePorts = Pick<ScanPorts, 'embedder' | 'calibration' | 'kernel' | 'ann' | 'onEvent' | 'clock'> & { readonly search?: NeighborSearch };
export type CloneOptions = Omit<ScanOptions, 'discover' | 'minLines' | 'minTokens' | 'text'>;
