/**
 * Every record and port that crosses a stage: the only vocabulary the stages share.
 * Records are plain and readonly; ports are implemented in `io/` and wired in `cli/`.
 */
import type { ChunkKind, LanguageId } from './language-types.ts';

export type { ChunkKind, Grammars, GrammarSource, HostSpec, LanguageId, LanguageSpec } from './language-types.ts';
export type {
  ChunkStore, FileChunker, KeptNeighbors, KeptPairs, KeptScores, KnownFile, KnownFiles, LastRun, SizeFloor, StoredChunk, StoredFile, StoredResult,
} from './kept.ts';

/** Something a run noticed and went on from; never fatal, always in the report. */
export interface Warning {
  /** Stable kebab-case code, e.g. `syntax-error`, `file-too-large`, `cache-corrupt`. */
  readonly code: string;
  /** POSIX path relative to the root, where there is one. */
  readonly path?: string;
  readonly message: string;
}

/** A file left out on purpose, with the rule that left it out. */
export interface Skip {
  readonly path: string;
  readonly reason: SkipReason;
}
export type SkipReason =
  | 'ignored' | 'excluded' | 'language' | 'vendored' | 'generated' | 'minified'
  | 'too-large' | 'binary' | 'unreadable' | 'symlink' | 'empty' | 'test';

/** A source file as text; `path` is POSIX, relative to the root and unique in a run. */
export interface SourceFile {
  readonly path: string;
  readonly language: LanguageId;
  readonly text: string;
  /** Hex SHA-256 of the bytes as read. */
  readonly sha256: string;
  /** Set where the file is known by its stamp and was not read: `text` is `''`, and this reads it after all. */
  readonly load?: () => Promise<SourceFile | undefined>;
}

/** What discover yields for one scope. */
export interface Discovery {
  readonly files: readonly SourceFile[];
  readonly skips: readonly Skip[];
  readonly warnings: readonly Warning[];
}

/** Where a chunk lies. Lines and columns are 1-based, ends inclusive for lines; indices are half-open. */
export interface SourceRange {
  readonly startLine: number;
  readonly endLine: number;
  readonly startColumn: number;
  readonly endColumn: number;
  /** UTF-16 code units, as in `text.slice(startIndex, endIndex)`. */
  readonly startIndex: number;
  readonly endIndex: number;
  /** UTF-8 bytes of the decoded text. */
  readonly startByte: number;
  readonly endByte: number;
}

export interface ChunkMetrics {
  /** Lines spanned, and lines that carry code (not blank, not only comment). */
  readonly lines: number;
  readonly codeLines: number;
  /** Code tokens: leaves of the syntax tree but for comments. */
  readonly tokens: number;
}

/** A suppression comment that covers a chunk (`simcode-ignore: reason`). */
export interface Suppression {
  readonly line: number;
  readonly reason: string;
  readonly scope: 'next' | 'range' | 'file';
}

/** One function-like unit of code: the thing that is embedded, paired and reported. */
export interface Chunk {
  /** `path#qualifiedName@startLine:startColumn`, unique in a run. */
  readonly id: string;
  readonly path: string;
  readonly language: LanguageId;
  readonly kind: ChunkKind;
  /** Own name, or `''` when anonymous (then `qualifiedName` says where it is bound). */
  readonly name: string;
  readonly qualifiedName: string;
  /** Where it stands in its file: `text` is what stands there, but for a notebook, which escapes it. */
  readonly range: SourceRange;
  /** `''` where the run was told not to keep it: texts of chunks keep whole files in memory. */
  readonly text: string;
  /** The model's input: see `chunk/lexemes.ts`. */
  readonly lexemes: readonly string[];
  /** The same joined by single spaces, where they are kept so. */
  readonly joined?: string;
  /**
   * One entry a code token: `hash29 << 3 | TokenKind`. Hash of the token's text (strings without their quotes).
   * Everything the score stage needs is derived from these (`util/tokens.ts`).
   */
  readonly tokens: Uint32Array;
  readonly metrics: ChunkMetrics;
  /** Tags of noise rules that hold for this chunk, e.g. `test`, `accessor`, `delegation`, `override`. */
  readonly tags: readonly string[];
  readonly suppression?: Suppression;
  /** Id of the innermost enclosing chunk. */
  readonly parentId?: string;
}

/** Low three bits of an entry of `Chunk.tokens`. */
export const TokenKind = {
  punctuation: 0, keyword: 1, operator: 2, identifier: 3, callee: 4, number: 5, string: 6, property: 7,
} as const;
export type TokenKind = (typeof TokenKind)[keyof typeof TokenKind];

/** L2-normalised vectors, row-major: row i belongs to `chunkIds[i]`. */
export interface Matrix {
  readonly dims: number;
  readonly rows: Float32Array;
  readonly chunkIds: readonly string[];
  /** Key of each row's input, `''` for a row without one; absent where rows do not come from a cache. */
  readonly keys?: readonly string[];
  /** Keys of the inputs that the model was run on: what was found out about them with other vectors does not hold. */
  readonly fresh?: ReadonlySet<string>;
}

/** Two rows of a matrix (a < b) and their cosine in [-1, 1]. */
export interface Neighbor {
  readonly a: number;
  readonly b: number;
  readonly cosine: number;
}

export type CloneType = 1 | 2 | 3 | 4;

/** A verified pair; `a` and `b` are chunk ids with a's position before b's. */
export interface ClonePair {
  readonly a: string;
  readonly b: string;
  /** Calibrated probability in [0, 1] that a reviewer calls the pair a clone: what `--threshold` is compared with. */
  readonly similarity: number;
  /** The model's raw cosine. */
  readonly cosine: number;
  /** Token similarity with names as written, in [0, 1]. */
  readonly lexical: number;
  /** Token similarity with names and literals abstracted, in [0, 1]. */
  readonly structural: number;
  readonly type: CloneType;
}

export interface CloneClass {
  /** Short id, stable for the same members: first 12 hex digits of `fingerprint`. */
  readonly id: string;
  /** SHA-256 over the sorted member fingerprints. */
  readonly fingerprint: string;
  /** Chunk ids by path and position. */
  readonly members: readonly string[];
  /** The most central member. */
  readonly representative: string;
  /** Only with --blame, where git knows one: the member whose code is oldest, with commit and author date (Unix seconds). */
  readonly oldest?: { readonly member: string; readonly commit: string; readonly time: number };
  /** Mean similarity over the member pairs, in [0, 1]. */
  readonly cohesion: number;
  /** Smallest similarity of a member to the representative. */
  readonly minSimilarity: number;
  /** The loosest type among the pairs that hold the class together. */
  readonly type: CloneType;
  /** Set where every pair is one that the noise rule `parallel` would leave out: one interface in several classes, not copies. */
  readonly parallel?: true;
  /** Lines that would go if all but one member went. */
  readonly duplicatedLines: number;
  /** Pairs inside the class that passed the threshold. */
  readonly pairs: readonly ClonePair[];
}

/**
 * What a model is given of a function: its lexemes joined by single spaces; a line with the words of its name (empty where
 * it has none) and one with its lexemes; or its source text.
 */
export type ModelInput = 'lexemes' | 'named-lexemes' | 'source';

/** Model as a port: texts in, L2-normalised rows out (`texts.length * dims`), in order. */
export interface Embedder {
  readonly id: string;
  readonly revision: string;
  readonly dims: number;
  readonly maxTokens: number;
  readonly input: ModelInput;
  /** The execution provider that really runs, e.g. `cpu`. */
  readonly device: string;
  /** Instruction prefix in force, `''` when the model takes none. */
  readonly instruction: string;
  embed(texts: readonly string[], onDone?: (count: number) => void): Promise<Float32Array>;
  /** The same for the query side of a search, where the model tells queries and documents apart; else use `embed`. */
  embedQueries?(texts: readonly string[]): Promise<Float32Array>;
  /** What went less well than asked for so far, e.g. texts that were cut. */
  warnings?(): readonly Warning[];
  close(): Promise<void>;
}

/** Vectors by key (hex SHA-256 of model, revision, instruction, dims and input). */
export interface VectorCache {
  get(key: string): Float32Array | undefined;
  set(key: string, vector: Float32Array): void;
  /** Writes what was added, atomically; returns warnings (a corrupt file was rebuilt, the disk is full …). */
  save(): Promise<readonly Warning[]>;
}

/** Dense kernel for exact neighbours: every (i, j) with a_i · b_j ≥ floor, rows L2-normalised. */
export interface PairKernel {
  pairsAbove(a: Float32Array, b: Float32Array, dims: number, floor: number): Promise<{
    readonly rows: Int32Array; readonly cols: Int32Array; readonly cosines: Float32Array;
  }>;
  close(): Promise<void>;
}

/** Approximate index as a port (hnswlib-node is optional, so `io/` provides it or says how to install it). */
export interface AnnIndex {
  add(row: number, vector: Float32Array): void;
  /** Up to k nearest rows, nearest first, the query itself included when it was added. */
  search(vector: Float32Array, k: number): { readonly rows: readonly number[]; readonly cosines: readonly number[] };
}
export type AnnFactory = (dims: number, capacity: number) => Promise<AnnIndex>;

/** Files of a scope; the only way the discover stage sees a disk. */
export interface FileSource {
  /** Candidate paths (POSIX, relative to the root), sorted, after ignore rules, with what was left out. */
  list(): Promise<{ readonly paths: readonly string[]; readonly skips: readonly Skip[]; readonly warnings: readonly Warning[] }>;
  /** Bytes of one file, or why not; never throws for a bad file. */
  read(path: string, maxBytes: number): Promise<{ readonly bytes: Uint8Array } | { readonly skip: SkipReason; readonly message: string }>;
  /** What changes whenever a file does (size, times, identity), without reading it; undefined where that cannot be told. */
  stamp?(path: string): string | undefined;
}

/** Progress events; `cli/` renders them. `total` is absent while unknown. */
export interface ProgressEvent {
  readonly stage: StageName;
  readonly state: 'start' | 'tick' | 'end';
  readonly done?: number;
  readonly total?: number;
}
export type StageName = 'discover' | 'chunk' | 'embed' | 'neighbors' | 'score' | 'cluster' | 'gate' | 'report';
export type OnEvent = (event: ProgressEvent) => void;

/** Everything the report stage may read. */
export interface ScanResult {
  readonly tool: { readonly name: 'simcode'; readonly version: string };
  readonly model: {
    readonly id: string; readonly revision: string; readonly device: string; readonly dims: number;
    readonly instruction: string; readonly calibrated: boolean;
  };
  readonly root: string;
  /** The effective options that change results. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly chunks: readonly Chunk[];
  readonly classes: readonly CloneClass[];
  readonly counts: ScanCounts;
  readonly seconds: Readonly<Partial<Record<StageName | 'total', number>>>;
  readonly skips: readonly Skip[];
  readonly warnings: readonly Warning[];
  readonly verdict?: Verdict;
  /** Only when it was asked for. */
  readonly profile?: ScanProfile;
}

/** Work that is done outside of the main thread. */
export interface Flow {
  readonly count: number;
  /** Seconds in which some of it was under way. */
  readonly busySeconds: number;
  /** Mean seconds from a request to its answer, waiting for its turn included. */
  readonly waitSeconds: number;
}

/** Where the time of a scan went; of this run alone. */
export interface ScanProfile {
  readonly cpuSeconds: number;
  readonly peakMegabytes: number;
  /** How late the main thread came to what waited for it, in milliseconds. */
  readonly lag: { readonly p50: number; readonly p99: number; readonly most: number };
  /** Files. */
  readonly read: Flow & { readonly bytes: number };
  /** Files, and those that were known from the last run. */
  readonly parse: Flow & { readonly skipped: number };
  /** Texts that the model was run on, and chunks whose vector came from elsewhere. A request holds up to 4,096 texts. */
  readonly embed: Flow & { readonly cached: number; readonly identical: number };
  /** Tiles of the matrix product. */
  readonly compare: Flow;
}

export interface ScanCounts {
  readonly files: number;
  readonly lines: number;
  readonly chunks: number;
  /** Texts the model was run on, and texts answered by the vector cache. */
  readonly embedded: number;
  readonly cached: number;
  readonly candidates: number;
  readonly pairs: number;
  readonly classes: number;
  readonly duplicatedLines: number;
  readonly index: 'exact' | 'hnsw';
  /** Findings left out per noise rule. */
  readonly filtered: Readonly<Record<string, number>>;
}

/** What the gate concludes; `exitCode` 0 clean, 1 new clones. Classes by id; `gone` are ids of baseline entries. */
export interface Verdict {
  readonly new: readonly string[];
  readonly known: readonly string[];
  readonly gone: readonly string[];
  readonly exitCode: 0 | 1;
  /** One a new member of a new class, most alike first. */
  readonly findings?: readonly GateFinding[];
  /** Copies that were alike at the base and of which only one side was changed. */
  readonly drift?: readonly GateFinding[];
  /** Classes accepted by the baseline, with the reason given there. */
  readonly accepted?: readonly { readonly class: string; readonly reason: string }[];
  /** Classes that would be new but for a suppression comment. */
  readonly suppressed?: readonly { readonly class: string; readonly member: string; readonly line: number; readonly reason: string }[];
  /** Suppression comments that suppress nothing. */
  readonly unused?: readonly { readonly path: string; readonly line: number; readonly reason: string }[];
  /** What counted as old. */
  readonly against?: { readonly kind: 'baseline' | 'commit' | 'changes'; readonly name: string };
}

/** One thing the gate has to say about one chunk. */
export interface GateFinding {
  readonly rule: 'new-clone' | 'drift';
  readonly level: 'error' | 'warning';
  readonly class: string;
  /** Chunk that is new or was changed, and the one it is like. */
  readonly member: string;
  readonly twin: string;
  readonly similarity: number;
  readonly type: CloneType;
  /** What is the matter, where the twin is, what differs: one line. */
  readonly message: string;
  /** What to do about it: one line. */
  readonly advice: string;
  /** Lines of the member inside the change, where known; 1-based, inclusive. */
  readonly lines?: { readonly startLine: number; readonly endLine: number };
}
