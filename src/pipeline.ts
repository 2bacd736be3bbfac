import { analyse } from './run/analyse.ts';
import type { CloneOptions, ClonePorts, EmbeddedFunctions, ReadOptions, ReadPorts, ScannedTree, ScanOptions, ScanPorts } from './run/ports.ts';
import { embedTree, readTexts, readTree } from './run/read.ts';
import { pairsKey, resultKey, resultOf } from './run/result.ts';
import { stopwatch } from './run/stopwatch.ts';
import type { ScanResult } from './types.ts';

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
  const texts: ScannedTree['texts'] = (paths) => readTexts(ports, options, paths);
  const known = await ports.results.get(key);
  if (known !== undefined) {
    return { texts, result: resultOf(ports, { ...tree, embedded: 0, cached: known.inputs }, known, options, watch), functions: () => embedTree(ports, tree, stopwatch(ports)) };
  }
  const functions = await embedTree(ports, tree, watch);
  const pairsFor = pairsKey(ports, options);
  const { found, kept } = await analyse(ports, functions, options, watch, { kept: await ports.pairs.get(pairsFor) });
  const result = resultOf(ports, functions, found, options, watch);
  const scanned = { texts, result, functions: () => Promise.resolve(functions) };
  // a text that was cut or refused may fare better another time
  if ((ports.embedder.warnings?.() ?? []).length > 0) return scanned;
  const warnings = [...await ports.pairs.set(pairsFor, kept), ...await ports.results.set(key, { ...found, inputs: functions.embedded + functions.cached })];
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
  return resultOf(ports, functions, (await analyse(ports, functions, options, watch)).found, options, watch);
}
