import { clusterPairs } from '../cluster/cluster.ts';
import { createAncestry } from '../neighbors/ancestry.ts';
import { findNeighbors } from '../neighbors/neighbors.ts';
import { chooseLanguages } from '../score/cross-language.ts';
import { NEAREST, proposalFloor } from '../score/proposal.ts';
import { applyRules, markParallel } from '../score/rules.ts';
import { scorePairs } from '../score/score.ts';
import type { KeptPairs, StoredResult } from '../types.ts';
import { crowded } from './notices.ts';
import type { CloneOptions, ClonePorts, EmbeddedFunctions } from './ports.ts';
import type { Stopwatch } from './stopwatch.ts';

/** What was found among functions. */
export type Found = Omit<StoredResult, 'inputs'>;

/** Pairs of an earlier run to go on from, if there are any. */
export interface Recall { readonly kept: KeptPairs | undefined }

/** neighbors → score → cluster. */
export async function analyse(ports: ClonePorts, { chunks, matrix }: Pick<EmbeddedFunctions, 'chunks' | 'matrix'>, options: CloneOptions, watch: Stopwatch, recall?: Recall): Promise<{ readonly found: Found; readonly kept: KeptPairs }> {
  const { calibration, onEvent } = ports;
  const threshold = options.threshold ?? calibration.threshold;
  const search = ports.search ?? ((rows, wanted) => findNeighbors(rows, wanted, ports.kernel, ports.ann));
  const near = await watch.run('neighbors', () => search(matrix, {
    index: options.index, floor: proposalFloor(calibration), k: NEAREST, excludes: createAncestry(chunks), ...(recall && { recall: { kept: recall.kept?.neighbors } }),
    onProgress: (done, total) => onEvent({ stage: 'neighbors', state: 'tick', done, total }),
  }));
  const { scores, candidates, weak, kept: pairs, filtered } = await watch.run('score', () => {
    const scored = scorePairs({ chunks, matrix, neighbors: near.neighbors, groups: near.groups, calibration, threshold, ...(recall && { recall: { kept: recall.kept?.scores } }) });
    return { scores: scored.kept, candidates: scored.candidates, weak: scored.weak, ...applyRules(chunks, chooseLanguages(chunks, scored.pairs, options.crossLanguage ?? 'on'), options.rules) };
  });
  const classes = await watch.run('cluster', () => markParallel(chunks, clusterPairs(chunks, pairs, { threshold, weak })));
  const found = {
    classes, counts: { candidates, pairs: pairs.length, index: near.index, filtered },
    warnings: near.limitedTo !== undefined && near.limitedTo < NEAREST ? [crowded(near.limitedTo)] : [],
  };
  return { found, kept: { neighbors: near.kept, scores } };
}
