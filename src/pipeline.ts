import { createHash } from 'node:crypto';

import { chunkStored } from './chunk/stored.ts';
import { clusterPairs } from './cluster/cluster.ts';
import { discoverFiles } from './discover/discover.ts';
import type { DiscoverOptions } from './discover/discover.ts';
import { EmbedStream } from './embed/stream.ts';
import { SimcodeError } from './errors.ts';
import { createAncestry } from './neighbors/ancestry.ts';
import type { NeighborOptions, NeighborResult } from './neighbors/neighbors.ts';
import { findNeighbors } from './neighbors/neighbors.ts';
import type { Calibration } from './score/calibration.ts';
import { chooseLanguages, type CrossLanguage } from './score/cross-language.ts';
import { NEAREST, proposalFloor } from './score/proposal.ts';
import type { RuleOptions } from './score/rules.ts';
import { defaultCalibration } from './score/default-calibration.ts';
import { applyRules, markParallel } from './score/rules.ts';
import { scorePairs } from './score/score.ts';
import type {
  AnnFactory, Chunk, ChunkStore, Embedder, FileChunker, FileSource, KnownFiles, Matrix, OnEvent, PairKernel, ResultStore, ScanResult, Skip, StageName, StoredResult, VectorCache, Warning,
} from './types.ts';
import { ahead } from './util/ahead.ts';
import { version } from './version.ts';

/** What a run needs from outside; `cli/wiring.ts` provides it. */
export interface ScanPorts {
  readonly files: FileSource;
  readonly chunker: FileChunker;
  readonly embedder: Embedder;
  readonly calibration: Calibration;
  readonly cache: VectorCache;
  readonly chunkStore: ChunkStore;
  readonly results: ResultStore;
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
}

/** Finds neighbours in a matrix; `findNeighbors` unless a store does it. */
export type NeighborSearch = (matrix: Matrix, options: NeighborOptions & { readonly k: number }) => Promise<NeighborResult>;

/** What each half of the run needs. */
export type ReadPorts = Omit<ScanPorts, 'calibration' | 'kernel' | 'ann' | 'results'>;
export type ReadOptions = Pick<ScanOptions, 'discover' | 'minLines' | 'minTokens' | 'text'>;
export type ClonePorts = Pick<ScanPorts, 'embedder' | 'calibration' | 'kernel' | 'ann' | 'onEvent' | 'clock'> & { readonly search?: NeighborSearch };
export type CloneOptions = Omit<ScanOptions, 'discover' | 'minLines' | 'minTokens' | 'text'>;

/**
 * One scan, top to bottom: discover → chunk → embed → neighbors → score → cluster. Where nothing changed since the last
 * one, all after chunk is taken from there.
 * @throws SimcodeError `nothing-analysed` when the scope holds no source file
 */
export async function scan(ports: ScanPorts, options: ScanOptions): Promise<ScanResult> {
  return (await scanKeeping(ports, options)).result;
}

/** As `scan`, for callers that go on with the functions. */
export async function scanKeeping(ports: ScanPorts, options: ScanOptions): Promise<ScannedTree> {
  const watch = stopwatch(ports);
  const tree = await readTree(ports, options, watch);
  const key = resultKey(ports, options, tree.digest);
  const known = await ports.results.get(key);
  if (known !== undefined) {
    return { result: resultOf(ports, { ...tree, embedded: 0, cached: known.inputs }, known, options, watch), functions: () => embedTree(ports, tree, stopwatch(ports)) };
  }
  const functions = await embedTree(ports, tree, watch);
  const found = await analyse(ports, functions, options, watch);
  const result = resultOf(ports, functions, found, options, watch);
  const scanned = { result, functions: () => Promise.resolve(functions) };
  // a text that was cut or refused may fare better another time
  if ((ports.embedder.warnings?.() ?? []).length > 0) return scanned;
  const warnings = await ports.results.set(key, { ...found, inputs: functions.embedded + functions.cached });
  return { ...scanned, result: { ...result, warnings: [...result.warnings, ...warnings] } };
}

/** The first half: discover → chunk → embed. @throws SimcodeError `nothing-analysed` when the scope holds no source file */
export async function readFunctions(ports: ReadPorts, options: ReadOptions, watch = stopwatch(ports)): Promise<EmbeddedFunctions> {
  return embedTree(ports, await readTree(ports, options, watch), watch);
}

/** The second half: neighbors → score → cluster. */
export async function findClones(
  ports: ClonePorts, functions: EmbeddedFunctions, options: CloneOptions, watch = stopwatch(ports),
): Promise<ScanResult> {
  return resultOf(ports, functions, await analyse(ports, functions, options, watch), options, watch);
}

type Stopwatch = ReturnType<typeof stopwatch>;

async function readTree(ports: ReadPorts, options: ReadOptions, watch: Stopwatch): Promise<ChunkedTree> {
  const tree = await watch.run('chunk', () => readChunks(ports, options));
  if (tree.files === 0) throw nothingAnalysed(tree.skips);
  return tree;
}

async function embedTree({ embedder, cache }: ReadPorts, tree: ChunkedTree, watch: Stopwatch): Promise<EmbeddedFunctions> {
  const { matrix, embedded, cached } = await watch.run('embed', async () => {
    await tree.embedding.add(tree.chunks.slice(tree.embedding.size));
    return tree.embedding.finish();
  });
  return { ...tree, matrix, embedded, cached, warnings: [...tree.warnings, ...await cache.save(), ...embedder.warnings?.() ?? []] };
}

type Found = Omit<StoredResult, 'inputs'>;

async function analyse(ports: ClonePorts, { chunks, matrix }: Pick<EmbeddedFunctions, 'chunks' | 'matrix'>, options: CloneOptions, watch: Stopwatch): Promise<Found> {
  const { calibration, onEvent } = ports;
  const threshold = options.threshold ?? calibration.threshold;
  const search = ports.search ?? ((rows, wanted) => findNeighbors(rows, wanted, ports.kernel, ports.ann));
  const near = await watch.run('neighbors', () => search(matrix, {
    index: options.index, floor: proposalFloor(calibration), k: NEAREST, excludes: createAncestry(chunks),
    onProgress: (done, total) => onEvent({ stage: 'neighbors', state: 'tick', done, total }),
  }));
  const { candidates, weak, kept: pairs, filtered } = await watch.run('score', () => {
    const scored = scorePairs({ chunks, matrix, neighbors: near.neighbors, groups: near.groups, calibration, threshold });
    return { candidates: scored.candidates, weak: scored.weak, ...applyRules(chunks, chooseLanguages(chunks, scored.pairs, options.crossLanguage ?? 'on'), options.rules) };
  });
  const classes = await watch.run('cluster', () => markParallel(chunks, clusterPairs(chunks, pairs, { threshold, weak })));
  return {
    classes, counts: { candidates, pairs: pairs.length, index: near.index, filtered },
    warnings: near.limitedTo !== undefined && near.limitedTo < NEAREST ? [crowded(near.limitedTo)] : [],
  };
}

function resultOf(
  { embedder, calibration }: ClonePorts, functions: Omit<EmbeddedFunctions, 'matrix'>, { classes, counts, warnings }: Found, options: CloneOptions, watch: Stopwatch,
): ScanResult {
  const { chunks, files, lines, embedded, cached, skips } = functions;
  const calibrated = calibration !== defaultCalibration;
  return {
    tool: { name: 'simcode', version },
    model: {
      id: embedder.id, revision: embedder.revision, device: embedder.device, dims: embedder.dims,
      instruction: embedder.instruction, calibrated,
    },
    root: options.root,
    config: { ...options.config, threshold: options.threshold ?? calibration.threshold },
    chunks, classes,
    counts: {
      files, lines, chunks: chunks.length, embedded, cached, ...counts, classes: classes.length,
      duplicatedLines: classes.reduce((sum, one) => sum + one.duplicatedLines, 0),
    },
    seconds: watch.seconds(),
    skips, warnings: [...functions.warnings, ...(calibrated ? [] : [uncalibrated(embedder.id)]), ...warnings],
  };
}

/** Hash of all that classes depend on besides the code. */
function resultKey({ embedder, calibration }: ScanPorts, { config, rules, threshold, index, crossLanguage }: ScanOptions, digest: string): string {
  const { id, revision, dims, instruction, input } = embedder;
  const parts = [digest, config, rules?.switches, threshold, index, crossLanguage, id, revision, dims, instruction, input, calibration];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

function uncalibrated(id: string): Warning {
  return { code: 'uncalibrated', message: `Model ${id} has no calibration.json: similarities are a default's, not fitted on labelled pairs (fit one: simcode calibrate)` };
}

interface ChunkedTree {
  readonly chunks: Chunk[];
  /** Holds the first of the chunks. */
  readonly embedding: EmbedStream;
  /** Hash of all that the chunks depend on besides the code. */
  readonly digest: string;
  readonly files: number;
  readonly lines: number;
  readonly skips: readonly Skip[];
  readonly warnings: readonly Warning[];
}

/** Files are chunked as they are read, so that at most a few are held whole, and embedded as soon as one is new. */
async function readChunks({ files: source, chunker, chunkStore, known, embedder, cache, onEvent }: ReadPorts, options: ReadOptions): Promise<ChunkedTree> {
  const kept = { ...options, text: options.text !== false || embedder.input === 'source' };
  const found = discoverFiles(source, { ...options.discover, ...(!kept.text && { known }) });
  const embedding = new EmbedStream(embedder, cache, onEvent);
  const digest = createHash('sha256');
  const chunks: Chunk[] = [];
  const warnings: Warning[] = [];
  let [files, lines, isNew] = [0, 0, false];
  try {
    for await (const result of ahead(found, chunker.ahead, (file) => chunkStored(file, chunker, kept, chunkStore))) {
      for (const chunk of result.chunks) chunks.push(chunk);
      warnings.push(...result.warnings);
      digest.update(result.key);
      lines += result.lines;
      onEvent({ stage: 'chunk', state: 'tick', done: ++files });
      isNew ||= result.isNew;
      if (!isNew) continue;
      await embedding.add(chunks.slice(embedding.size));
      embedding.advance();
    }
  } finally {
    await chunker.close();
  }
  await known.save();
  return { chunks, embedding, digest: digest.digest('hex'), files, lines, skips: found.skips, warnings: [...found.warnings, ...warnings, ...await chunkStore.save()] };
}

function crowded(limit: number): Warning {
  return { code: 'many-neighbours', message: `So many functions are alike that only the ${limit} nearest of each were looked at` };
}

function nothingAnalysed(skips: readonly Skip[]): SimcodeError {
  const reasons = [...new Set(skips.map(({ reason }) => reason))].toSorted().join(', ');
  const left = skips.length === 0 ? 'no file there is in a known language' : `${skips.length} files were left out`;
  return new SimcodeError('nothing-analysed', `Nothing to analyse: ${left}.`, {
    hint: `Check the path.${reasons === '' ? '' : ` Left out as: ${reasons}; --tests include, --include-vendored and --include-generated take such files in.`}`,
  });
}

function stopwatch({ clock, onEvent }: Pick<ScanPorts, 'clock' | 'onEvent'>) {
  const start = clock();
  const seconds: Partial<Record<StageName | 'total', number>> = {};
  return {
    async run<T>(stage: StageName, work: () => T | Promise<T>): Promise<T> {
      onEvent({ stage, state: 'start' });
      const from = clock();
      const result = await work();
      seconds[stage] = clock() - from;
      onEvent({ stage, state: 'end' });
      return result;
    },
    seconds: () => ({ ...seconds, total: clock() - start }),
  };
}
