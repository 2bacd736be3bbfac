import { relative } from 'node:path';
import type { EffectiveConfig } from '../config/schema.ts';
import { compileGlobs } from '../discover/globs.ts';
import { isVendoredFolder } from '../discover/vendored.ts';
import { noCache, openVectorCache } from '../io/cache.ts';
import { noChunkStore, openChunkStore } from '../io/chunk-store.ts';
import { createFileSource, resolveScope } from '../io/files.ts';
import { createHnsw } from '../io/hnsw.ts';
import { createPairKernel } from '../io/pair-kernel.ts';
import { noKnownFiles, openKnownFiles } from '../io/known-files.ts';
import { noLastRun, openLastRun } from '../io/last-run.ts';
import { openChunker } from '../io/parse/chunker.ts';
import { cacheDir } from '../io/paths.ts';
import { type PastResult, type PastTree, scanPast } from '../past.ts';
import { scan, scanKeeping } from '../pipeline.ts';
import type { ScannedTree, ScanPorts } from '../run/ports.ts';
import type { IsolatedFolder, RuleOptions } from '../score/rules.ts';
import { openCalibration, openEmbedder } from './models.ts';
import type { Embedder, FileSource, OnEvent, ScanResult, VectorCache, KeptPairs, StoredResult } from '../types.ts';

/** What `runScan` is told: the effective configuration and the paths of the command line. */
export type ScanRequest = EffectiveConfig & { readonly paths: readonly string[] };

export { modelDir, openCalibration, openEmbedder } from './models.ts';

/** The cache of an embedder's vectors, or one that keeps nothing. */
export async function openCache(enabled: boolean, embedder: Embedder): Promise<VectorCache> {
  return enabled ? openVectorCache(cacheDir(), embedder) : noCache();
}

/** Wires the ports and runs one scan. */
export async function runScan(config: ScanRequest, options: ScannerOptions): Promise<ScanResult> {
  const scanner = await openScanner(config, options);
  try {
    return await scanner.scan(scanner.files);
  } finally {
    await scanner.close();
  }
}

/** The ports of a run, opened once, for as many scans as are needed. Close it when done. */
export interface Scanner {
  readonly root: string;
  /** Files and folders asked for, POSIX, relative to the root; `''` is the root itself. */
  readonly scopes: readonly string[];
  /** The files as they lie on the disk. */
  readonly files: FileSource;
  scan(files: FileSource): Promise<ScanResult>;
  scanKeeping(files: FileSource): Promise<ScannedTree>;
  /** What an older state of a scanned tree was, as far as the two are to be compared. */
  scanPast(head: ScannedTree, past: PastTree): Promise<PastResult>;
  close(): Promise<void>;
}

export interface ScannerOptions {
  readonly onEvent: OnEvent;
  /** Whether the chunks of results keep their text (default true). */
  readonly text?: boolean;
  /** Puts clocks at the ports of a scan. */
  readonly watch?: ((ports: ScanPorts) => ScanPorts) | undefined;
}

/** Opens everything that scans of one configuration need. */
export async function openScanner(config: ScanRequest, { onEvent, text = true, watch = (ports) => ports }: ScannerOptions): Promise<Scanner> {
  const { root, paths } = await resolveScope(process.cwd(), config.paths);
  const named = scopesOf(root, paths);
  const [calibration, kernel] = await Promise.all([openCalibration(config.model, config.embedUrls), createPairKernel()]);
  const embedder = await openEmbedder(config);
  const cache = await openCache(config.cache, embedder);
  const chunker = openChunker();
  const chunkStore = config.cache ? await openChunkStore(cacheDir(), root) : noChunkStore();
  const results = config.cache ? openLastRun<StoredResult>(cacheDir(), root, { kind: 'result', subject: 'The result is' }) : noLastRun<StoredResult>();
  const pairs = config.cache ? openLastRun<KeptPairs>(cacheDir(), root, { kind: 'pairs', subject: 'Pairs are', damaged: 'comparing everything again' }) : noLastRun<KeptPairs>();
  const known = config.cache ? await openKnownFiles(cacheDir(), root) : noKnownFiles();
  const ports = { chunker, known, embedder, calibration, kernel, ann: createHnsw, onEvent, cache, chunkStore, results, pairs, clock: () => performance.now() / 1000 };
  const options = {
    root, text, minLines: config.minLines, minTokens: config.minTokens, index: config.index,
    discover: { ...discoverOptions(config, onEvent), scopes: named },
    rules: { switches: ruleSwitches(config), isolate: isolation(config.isolate) },
    crossLanguage: config.crossLanguage,
    ...(config.threshold !== undefined && { threshold: config.threshold }),
    config: reported(config),
  };
  return {
    root, scopes: named.length < paths.length ? ['', ...named] : named,
    files: createFileSource(root, paths, {
      git: config.git, ...(!config.includeVendored && { prune: (folder: string) => (isVendoredFolder(folder) ? 'vendored' as const : undefined) }),
    }),
    scan: (files) => scan(watch({ ...ports, files }), options),
    scanKeeping: (files) => scanKeeping({ ...ports, files }, options),
    scanPast: (head, past) => scanPast(ports, options, head, past),
    close: async () => { await Promise.all([embedder.close(), kernel.close(), chunker.close()]); },
  };
}

/** The folders of the command line as the discover stage sees paths: POSIX, relative to the root. */
function scopesOf(root: string, paths: readonly string[]): readonly string[] {
  return paths.map((path) => relative(root, path).replaceAll('\\', '/')).filter((path) => path !== '');
}

export function discoverOptions({ include, exclude, languages, maxFileSize, tests, includeVendored, includeGenerated }: EffectiveConfig, onEvent: OnEvent) {
  return { include, exclude, maxFileSize, tests, includeVendored, includeGenerated, onEvent, ...(languages.length > 0 && { languages }) };
}

/** The folder of the first group of globs that holds a path: the shortest beginning of the path that a glob of the group matches. */
export function isolation(groups: EffectiveConfig['isolate']): (path: string) => IsolatedFolder | undefined {
  const compiled = groups.map((globs) => compileGlobs(globs));
  return (path) => {
    const group = compiled.findIndex((matches) => matches(path));
    if (group < 0) return undefined;
    const parts = path.split('/');
    const beginnings = parts.map((_, i) => parts.slice(0, i + 1).join('/'));
    return { group, folder: beginnings.find((folder) => compiled[group]?.(folder)) ?? path };
  };
}

/** Which test code is read is decided by path before parsing; the rule looks at idioms (`describe`, `TestCase`) too. */
export function ruleSwitches({ rules, tests }: EffectiveConfig): NonNullable<RuleOptions['switches']> {
  return { ...rules, test: tests === 'exclude' };
}

/** What changes results, and so belongs into the report; nothing that depends on the machine. */
export function reported(config: ScanRequest): Readonly<Record<string, unknown>> {
  const { minLines, minTokens, include, exclude, languages, maxFileSize, index, tests, includeVendored, includeGenerated, git, crossLanguage, isolate, rules } = config;
  return { minLines, minTokens, include, exclude, languages, maxFileSize, index, tests, includeVendored, includeGenerated, git, crossLanguage, isolate, rules };
}
