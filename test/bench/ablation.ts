import { openCache, openCalibration, openEmbedder } from '../../src/cli/wiring.ts';
import { clusterPairs } from '../../src/cluster/cluster.ts';
import { defaults } from '../../src/config/defaults.ts';
import { embedChunks } from '../../src/embed/embed.ts';
import { createHnsw } from '../../src/io/hnsw.ts';
import { createPairKernel } from '../../src/io/pair-kernel.ts';
import { createAncestry } from '../../src/neighbors/ancestry.ts';
import { findNeighbors } from '../../src/neighbors/neighbors.ts';
import type { Calibration } from '../../src/score/calibration.ts';
import { defaultCalibration } from '../../src/score/default-calibration.ts';
import { NEAREST, proposalFloor } from '../../src/score/proposal.ts';
import { applyRules } from '../../src/score/rules.ts';
import { scorePairs, type ScoreInput } from '../../src/score/score.ts';
import type { Chunk, CloneClass, ClonePair, CloneType } from '../../src/types.ts';
import { markdown } from './table.ts';
import { withTree } from './tree.ts';

/** What a combination of channels finds. */
export interface AblationRow {
  readonly name: string;
  readonly candidates: number;
  readonly pairs: number;
  readonly classes: number;
  readonly lines: number;
  /** Pairs by type, 1 to 4. */
  readonly types: readonly number[];
  /** Processor seconds of scoring and clustering. */
  readonly cpu: number;
}

/** A pair of the whole tool that the other channel does not put into one class: the strongest of its class. */
export interface Gain {
  readonly type: CloneType;
  readonly similarity: number;
  readonly cosine: number;
  readonly structural: number;
  readonly a: string;
  readonly b: string;
}

export interface AblationResult {
  readonly functions: number;
  readonly rows: readonly AblationRow[];
  /** Pairs together by both channels and not by structure without a model, and the reverse; then as classes. */
  readonly onlyWithModel: { readonly pairs: number; readonly classes: number; readonly gains: readonly Gain[] };
  readonly onlyWithoutModel: { readonly pairs: number; readonly classes: number; readonly gains: readonly Gain[] };
}

interface Found { readonly row: AblationRow; readonly pairs: readonly ClonePair[]; readonly classes: readonly CloneClass[] }

/**
 * The same tree by four combinations of channels: token structure without a model (default calibration, no cosine),
 * structure proposing with the model judging, the model proposing, and both.
 */
export async function benchAblation(path: string): Promise<AblationResult> {
  return withTree(path, async ({ chunks }) => {
    const [embedder, calibration, kernel] = await Promise.all([openEmbedder(defaults), openCalibration(defaults.model, []), createPairKernel()]);
    try {
      const { matrix } = await embedChunks(chunks, embedder, await openCache(true, embedder));
      const near = await findNeighbors(matrix, { index: 'auto', floor: proposalFloor(calibration), k: NEAREST, excludes: createAncestry(chunks) }, kernel, createHnsw);
      const nothing = { chunks, neighbors: [], groups: [] };
      const bare = find('structure, no model', { ...nothing, matrix: { dims: 1, rows: new Float32Array(), chunkIds: [] } }, defaultCalibration);
      const structure = find('structure proposes', { ...nothing, matrix }, calibration);
      const model = find('model proposes', { chunks, matrix, ...near, structure: false }, calibration);
      const both = find('both', { chunks, matrix, ...near }, calibration);
      return {
        functions: chunks.length, rows: [bare, structure, model, both].map(({ row }) => row),
        onlyWithModel: beyond(both, bare, chunks), onlyWithoutModel: beyond(bare, both, chunks),
      };
    } finally {
      await Promise.all([embedder.close(), kernel.close()]);
    }
  });
}

function find(name: string, input: Omit<ScoreInput, 'calibration' | 'threshold'>, calibration: Calibration): Found {
  const { threshold } = calibration;
  const start = process.cpuUsage();
  const { pairs, weak, candidates } = scorePairs({ ...input, calibration, threshold });
  const { kept } = applyRules(input.chunks, pairs);
  const classes = clusterPairs(input.chunks, kept, { threshold, weak });
  const { user, system } = process.cpuUsage(start);
  const inside = classes.flatMap((one) => one.pairs);
  const row = {
    name, candidates, pairs: inside.length, classes: classes.length, cpu: (user + system) / 1e6,
    lines: classes.reduce((sum, { duplicatedLines }) => sum + duplicatedLines, 0),
    types: [1, 2, 3, 4].map((type) => inside.filter((pair) => pair.type === type).length),
  };
  return { row, pairs: inside, classes };
}

/** Pairs of one result whose ends are in no common class of the other, and the classes of which no pair is. */
function beyond(one: Found, other: Found, chunks: readonly Chunk[]): AblationResult['onlyWithModel'] {
  const classOf = new Map(other.classes.flatMap(({ members }, i) => members.map((id) => [id, i] as const)));
  const isNew = ({ a, b }: ClonePair): boolean => classOf.get(a) === undefined || classOf.get(a) !== classOf.get(b);
  const byId = new Map(chunks.map((chunk) => [chunk.id, chunk] as const));
  const wholly = one.classes.filter(({ pairs }) => pairs.every(isNew));
  const gains = wholly.flatMap(({ pairs }) => pairs.toSorted((x, y) => y.similarity - x.similarity).slice(0, 1))
    .map(({ type, similarity, cosine, structural, a, b }) => ({ type, similarity, cosine, structural, a: place(byId.get(a)), b: place(byId.get(b)) }));
  return { pairs: one.pairs.filter(isNew).length, classes: wholly.length, gains };
}

function place(chunk: Chunk | undefined): string {
  return chunk === undefined ? '' : `${chunk.path}:${chunk.range.startLine} ${chunk.qualifiedName}`;
}

export function ablationTable({ functions, rows, onlyWithModel, onlyWithoutModel }: AblationResult, shown = 20): string {
  const list = (title: string, { pairs, classes, gains }: AblationResult['onlyWithModel']): string =>
    `\n${title}: ${pairs} pairs, ${classes} classes as a whole (type 1 / 2 / 3 / 4: ${[1, 2, 3, 4].map((type) => gains.filter((gain) => gain.type === type).length).join(' / ')}); by lines to save:\n${gains.slice(0, shown).map(({ type, similarity, cosine, structural, a, b }) =>
      `  type ${type}, similarity ${similarity.toFixed(2)}, cosine ${cosine.toFixed(2)}, structural ${structural.toFixed(2)}: ${a} | ${b}\n`).join('')}`;
  return `${functions} functions\n\n${markdown(['channels', 'candidates', 'pairs in classes', 'classes', 'lines to save', 'type 1 / 2 / 3 / 4', 'CPU s'], rows.map((row) =>
    [row.name, row.candidates, row.pairs, row.classes, row.lines, row.types.join(' / '), row.cpu.toFixed(2)]))}${
    list('Only with the model', onlyWithModel)}${list('Only without the model', onlyWithoutModel)}`;
}
