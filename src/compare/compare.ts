import { embedChunks } from '../embed/embed.ts';
import { SimcodeError } from '../errors.ts';
import type { Calibration } from '../score/calibration.ts';
import type { CrossLanguage } from '../score/cross-language.ts';
import { chooseLanguages } from '../score/cross-language.ts';
import { NEAREST, proposalFloor } from '../score/proposal.ts';
import { defaultCalibration } from '../score/default-calibration.ts';
import type { RuleName, RuleOptions } from '../score/rules.ts';
import { applyRules, NOISE_RULES } from '../score/rules.ts';
import { scorePairs } from '../score/score.ts';
import { gatherUnits } from '../score/units.ts';
import type { Chunk, ClonePair, Embedder, Grammars, Matrix, OnEvent, PairKernel, VectorCache, Warning } from '../types.ts';
import { version } from '../version.ts';
import type { Counted } from './coverage.ts';
import { coverageByFile, coverageOf } from './coverage.ts';
import { crossNeighbors } from './neighbors.ts';
import type { ReadOptions, ReadTree, Side, TreeInput } from './read.ts';
import { readTree } from './read.ts';
import type { ComparedPair, ComparedTree, Comparison } from './schema.ts';

export interface ComparePorts {
  readonly grammars: Grammars;
  readonly embedder: Embedder;
  readonly calibration: Calibration;
  readonly cache: VectorCache;
  readonly kernel: PairKernel;
  readonly onEvent: OnEvent;
}

export interface CompareOptions extends ReadOptions {
  readonly purpose: Comparison['purpose'];
  /** Least similarity of a pair; the operating point of the purpose when absent. */
  readonly threshold?: number;
  readonly switches: NonNullable<RuleOptions['switches']>;
  readonly crossLanguage: CrossLanguage;
}

/** Rules about one function rather than a pair: what they hold for does not count. */
const TRIVIAL: readonly RuleName[] = ['accessor', 'delegation', 'declarative'];

/**
 * Functions of one tree that are like functions of another: cross pairs only, best evidence first, and how much of each
 * tree and file was found in the other.
 *
 * @param trees the two to compare, and any number of trees of common property
 * @throws SimcodeError `nothing-analysed` when either tree has no function
 */
export async function compareTrees(trees: readonly TreeInput[], ports: ComparePorts, options: CompareOptions): Promise<Comparison> {
  const threshold = options.threshold ?? operatingPoint(ports.calibration, options.purpose);
  const read: ReadTree[] = [];
  for (const [i, input] of trees.entries()) read.push(await readTree(input, i, ports.grammars, options, ports.onEvent));
  for (const tree of read) requireFunctions(tree, options);
  const chunks = read.flatMap((tree) => tree.chunks);
  const matrix = await vectorsOf(read, ports);
  const cacheWarnings = await ports.cache.save();
  const neighbors = await crossNeighbors(matrix, blocksOf(read), { floor: proposalFloor(ports.calibration), k: NEAREST }, ports.kernel);
  const sideOf = new Map(read.flatMap(({ input, chunks }) => chunks.map(({ id }) => [id, input.side] as const)));
  const scored = scorePairs({ chunks, matrix, neighbors, calibration: ports.calibration, threshold }).pairs
    .filter(({ a, b }) => sideOf.get(a) !== sideOf.get(b));
  const { kept, filtered } = applyRules(chunks, chooseLanguages(chunks, scored, options.crossLanguage), { switches: options.switches });
  const view = createView(chunks, kept, sideOf, isTrivialIn(options.switches));
  const [a, b] = read;
  if (a === undefined || b === undefined) throw new RangeError('two trees are compared');
  const { id, revision, device } = ports.embedder;
  return {
    schemaVersion: 1, tool: { name: 'simcode', version }, model: { id, revision, device },
    purpose: options.purpose, threshold, ignoreCommon: read.slice(2).map(({ input }) => input.name),
    a: summary(a, view), b: summary(b, view), pairs: rankedPairs(view, a, b),
    files: { a: coverageByFile(view.counted(a, b), a.inside), b: coverageByFile(view.counted(b, a), b.inside) },
    filtered, warnings: [...uncalibrated(ports), ...read.flatMap(({ warnings }) => warnings), ...cacheWarnings].map((warning) => ({ ...warning })),
  };
}

/** Vectors of all trees in order; only those that are not known are made. */
async function vectorsOf(trees: readonly ReadTree[], { embedder, cache, onEvent }: ComparePorts): Promise<Matrix> {
  const { dims } = embedder;
  const { matrix } = await embedChunks(trees.flatMap(({ rows, chunks }) => (rows === undefined ? chunks : [])), embedder, cache, onEvent);
  const chunkIds = trees.flatMap(({ chunks }) => chunks.map(({ id }) => id));
  const rows = new Float32Array(chunkIds.length * dims);
  let [to, from] = [0, 0];
  for (const tree of trees) {
    const length = tree.chunks.length * dims;
    rows.set(tree.rows ?? matrix.rows.subarray(from, from + length), to);
    if (tree.rows === undefined) from += length;
    to += length;
  }
  return { dims, rows, chunkIds };
}

function uncalibrated({ calibration, embedder }: ComparePorts): readonly Warning[] {
  return calibration === defaultCalibration
    ? [{ code: 'uncalibrated', message: `Model ${embedder.id} has no calibration.json: similarities are a default's, not fitted on labelled pairs (fit one: simcode calibrate)` }]
    : [];
}

function operatingPoint({ threshold, operatingPoints }: Calibration, purpose: Comparison['purpose']): number {
  if (purpose === 'default') return threshold;
  const point = operatingPoints[purpose];
  if (point !== undefined) return point;
  throw new SimcodeError('bad-model', `The calibration of this model has no operating point for ${purpose}.`, {
    hint: 'Give a --threshold, or fit the model again: simcode calibrate.',
  });
}

function requireFunctions({ input, files, chunks }: ReadTree, { minLines, minTokens }: CompareOptions): void {
  if (chunks.length > 0 || input.side === 'c') return;
  const why = files === 0 ? 'no source file' : `no function of ${minLines} lines and ${minTokens} tokens or more`;
  throw new SimcodeError('nothing-analysed', `Nothing to compare: ${input.name} has ${why}.`, {
    hint: files === 0 ? 'Check the path; --include-vendored and --include-generated take more in.' : 'Lower --min-lines or --min-tokens.',
  });
}

function blocksOf(trees: readonly ReadTree[]): { from: number; to: number }[] {
  let at = 0;
  const blocks = trees.map(({ chunks }) => ({ from: at, to: (at += chunks.length) }));
  const common = blocks.slice(2);
  // trees of common property are one side: pairs among them say nothing
  return [...blocks.slice(0, 2), ...(common.length === 0 ? [] : [{ from: common[0]?.from ?? at, to: at }])];
}

function isTrivialIn(switches: CompareOptions['switches']): (chunk: Chunk) => boolean {
  const active = TRIVIAL.filter((rule) => switches[rule] ?? NOISE_RULES[rule].on);
  return ({ tags }) => active.some((rule) => tags.includes(rule));
}

interface View {
  /** Cross pairs of functions that count. */
  readonly pairs: readonly ClonePair[];
  readonly byId: ReadonlyMap<string, Chunk>;
  readonly sideOf: ReadonlyMap<string, Side>;
  trivial(tree: ReadTree): number;
  common(tree: ReadTree): number;
  counted(tree: ReadTree, other: ReadTree): readonly Counted[];
}

/** Functions of the same tokens share what is found: of very many copies only some pairs were listed. */
function createView(chunks: readonly Chunk[], pairs: readonly ClonePair[], sideOf: ReadonlyMap<string, Side>, isTrivial: (chunk: Chunk) => boolean): View {
  const byId = new Map(chunks.map((chunk) => [chunk.id, chunk] as const));
  const units = gatherUnits(chunks);
  const unitOf = new Map(units.chunks.map(({ id }, i) => [id, units.unitOf[i] ?? -1] as const));
  const unit = (id: string): number => unitOf.get(id) ?? -1;
  const commonUnits = new Set<number>();
  for (const [from, to] of pairs.flatMap(({ a, b }) => [[a, b], [b, a]] as const)) if (sideOf.get(to) === 'c') commonUnits.add(unit(from));
  const isCommon = ({ id }: Chunk): boolean => commonUnits.has(unit(id));
  const counts = (id: string): boolean => {
    const chunk = byId.get(id);
    return chunk !== undefined && sideOf.get(id) !== 'c' && !isTrivial(chunk) && !isCommon(chunk);
  };
  const own = pairs.filter(({ a, b }) => counts(a) && counts(b));
  const best = new Map<string, { similarity: number; path: string }>();
  for (const { a, b, similarity } of own) {
    for (const [from, to] of [[a, b], [b, a]] as const) {
      const key = `${sideOf.get(from) ?? ''}${unit(from)}`;
      const path = byId.get(to)?.path ?? '';
      if (similarity > (best.get(key)?.similarity ?? -1)) best.set(key, { similarity, path });
    }
  }
  return {
    pairs: own, byId, sideOf,
    trivial: (tree) => tree.chunks.filter(isTrivial).length,
    common: (tree) => tree.chunks.filter((chunk) => !isTrivial(chunk) && isCommon(chunk)).length,
    counted: (tree, other) => tree.chunks.filter(({ id }) => counts(id)).map((chunk) => {
      const found = best.get(`${tree.input.side}${unit(chunk.id)}`);
      return { chunk, counterpart: found === undefined ? undefined : other.inside(found.path) };
    }),
  };
}

function summary(tree: ReadTree, view: View): ComparedTree {
  const { input: { name }, files, chunks } = tree;
  return { name, files, chunks: chunks.length, ...coverageOf(view.counted(tree, tree)), trivial: view.trivial(tree), common: view.common(tree) };
}

function rankedPairs({ pairs, byId, sideOf }: View, treeA: ReadTree, treeB: ReadTree): ComparedPair[] {
  const place = (chunk: Chunk, { inside }: ReadTree): ComparedPair['a'] => ({
    path: inside(chunk.path), startLine: chunk.range.startLine, endLine: chunk.range.endLine,
    name: chunk.qualifiedName || chunk.name, kind: chunk.kind, language: chunk.language, lines: chunk.metrics.lines,
  });
  const found = pairs.flatMap(({ a, b, ...scores }) => {
    const [one, other] = [byId.get(a), byId.get(b)];
    if (one === undefined || other === undefined) return [];
    const [left, right] = sideOf.get(a) === 'a' ? [one, other] : [other, one];
    return [{ a: place(left, treeA), b: place(right, treeB), ...scores }];
  });
  const weight = ({ a, b, similarity }: ComparedPair): number => similarity * Math.min(a.lines, b.lines);
  return found.toSorted((x, y) => weight(y) - weight(x) || comparePlaces(x.a, y.a) || comparePlaces(x.b, y.b));
}

function comparePlaces(x: ComparedPair['a'], y: ComparedPair['a']): number {
  return (x.path < y.path ? -1 : Number(x.path > y.path)) || x.startLine - y.startLine || x.endLine - y.endLine;
}
