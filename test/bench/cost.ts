import { openCalibration, openEmbedder } from '../../src/cli/wiring.ts';
import { clusterPairs } from '../../src/cluster/cluster.ts';
import { defaults } from '../../src/config/defaults.ts';
import { embedChunks } from '../../src/embed/embed.ts';
import { noCache } from '../../src/io/cache.ts';
import { createHnsw } from '../../src/io/hnsw.ts';
import { createPairKernel } from '../../src/io/pair-kernel.ts';
import { createAncestry } from '../../src/neighbors/ancestry.ts';
import { findNeighbors } from '../../src/neighbors/neighbors.ts';
import { NEAREST, proposalFloor } from '../../src/score/proposal.ts';
import { applyRules } from '../../src/score/rules.ts';
import { scorePairs } from '../../src/score/score.ts';
import { markdown } from './table.ts';
import { withTree } from './tree.ts';

export interface StageCost {
  readonly stage: string;
  /** Seconds of all threads, and of the clock. */
  readonly cpu: number;
  readonly wall: number;
}

export interface CostResult {
  readonly functions: number;
  readonly candidates: number;
  readonly classes: number;
  readonly stages: readonly StageCost[];
}

/** What embedding all functions of a tree costs, none in the cache, and what is done with the vectors afterwards. */
export async function benchCost(path: string): Promise<CostResult> {
  return withTree(path, async ({ chunks }) => {
    const [embedder, calibration, kernel] = await Promise.all([openEmbedder(defaults), openCalibration(defaults.model, []), createPairKernel()]);
    const { threshold } = calibration;
    const stages: StageCost[] = [];
    const timed = async <T>(stage: string, work: () => T | Promise<T>): Promise<T> => {
      const [cpu, start] = [process.cpuUsage(), performance.now()];
      const value = await work();
      const { user, system } = process.cpuUsage(cpu);
      stages.push({ stage, cpu: (user + system) / 1e6, wall: (performance.now() - start) / 1000 });
      return value;
    };
    try {
      const { matrix } = await timed('embed', () => embedChunks(chunks, embedder, noCache()));
      const near = await timed('neighbors', () =>
        findNeighbors(matrix, { index: 'auto', floor: proposalFloor(calibration), k: NEAREST, excludes: createAncestry(chunks) }, kernel, createHnsw));
      const { candidates, weak, kept } = await timed('score', () => {
        const scored = scorePairs({ chunks, matrix, ...near, calibration, threshold });
        return { ...scored, kept: applyRules(chunks, scored.pairs).kept };
      });
      const classes = await timed('cluster', () => clusterPairs(chunks, kept, { threshold, weak }));
      return { functions: chunks.length, candidates, classes: classes.length, stages };
    } finally {
      await Promise.all([embedder.close(), kernel.close()]);
    }
  });
}

/** Verification is scoring and clustering: what the second stage adds to an embedding and its neighbours. */
export function costTable({ functions, candidates, classes, stages }: CostResult): string {
  const of = (names: readonly string[], unit: 'cpu' | 'wall'): number => stages.filter(({ stage }) => names.includes(stage)).reduce((sum, one) => sum + one[unit], 0);
  const share = (unit: 'cpu' | 'wall'): string => `${((100 * of(['score', 'cluster'], unit)) / Math.max(1e-9, of(['embed'], unit))).toFixed(1)} %`;
  return `${functions} functions, ${candidates} candidates, ${classes} classes\n\n${
    markdown(['stage', 'CPU s', 'wall s'], [...stages.map(({ stage, cpu, wall }) => [stage, cpu.toFixed(2), wall.toFixed(2)]), ['(score + cluster) / embed', share('cpu'), share('wall')]])}`;
}
