import type { Chunk, CloneClass, ClonePair, CloneType } from '../types.ts';
import { classFingerprint, memberFingerprint } from '../util/fingerprint.ts';
import { compareChunks, compareText } from '../util/order.ts';
import { foldNested } from './fold.ts';
import type { NodeGraph } from './graph.ts';
import { buildGraph } from './graph.ts';
import { duplicatedLines } from './lines.ts';
import type { Settled } from './settle.ts';
import { settle } from './settle.ts';

export interface ClusterOptions {
  /** Least similarity of a member to its class's representative, in [0, 1]. */
  readonly threshold: number;
  /** Pairs below the threshold; a pair that is not known at all counts as 0. */
  readonly weak?: readonly ClonePair[];
}

/**
 * Clone classes of verified pairs: average linkage within connected components, so that both the mean similarity of a
 * class and that of each member to the representative reach the threshold; no class holds two chunks that share text. Independent of the order of chunks and pairs.
 * Classes are disjoint, have at least two members, and come most duplicated lines first.
 */
export function clusterPairs(chunks: readonly Chunk[], pairs: readonly ClonePair[], { threshold, weak = [] }: ClusterOptions): CloneClass[] {
  const graph = buildGraph(chunks, pairs, weak, threshold);
  const settled = graph.components.flatMap((component) => settle(component, graph, threshold))
    .filter(({ nodes }) => nodes.length > 1 || (graph.nodes[nodes[0] ?? 0]?.length ?? 1) > 1);
  const classOf = new Map(settled.flatMap(({ nodes }, i) =>
    nodes.flatMap((node) => (graph.nodes[node] ?? []).map(({ id }) => [id, i] as const))));
  const inside = settled.map((): ClonePair[] => []);
  for (const pair of graph.pairs) {
    const at = classOf.get(pair.a);
    if (at !== undefined && at === classOf.get(pair.b)) inside[at]?.push(pair);
  }
  const classes = settled.map((one, i) => describe(one, graph, inside[i] ?? []))
    .toSorted((x, y) => y.duplicatedLines - x.duplicatedLines || y.cohesion - x.cohesion || compareText(x.fingerprint, y.fingerprint));
  return foldNested(classes, new Map(chunks.map((chunk) => [chunk.id, chunk] as const)));
}

function describe({ nodes, center }: Settled, graph: NodeGraph, pairs: readonly ClonePair[]): CloneClass {
  const members = nodes.flatMap((node) => graph.nodes[node] ?? []).toSorted(compareChunks);
  const representative = graph.nodes[center]?.[0];
  if (representative === undefined) throw new RangeError(`class without members around node ${center}`);
  const inClass = new Set(nodes);
  const toCenter: ClonePair[] = [];
  graph.links.visit(center, (node, pair) => inClass.has(node) && toCenter.push(pair));
  const fingerprint = classFingerprint(members.map(memberFingerprint));
  return {
    id: fingerprint.slice(0, 12), fingerprint,
    members: members.map(({ id }) => id), representative: representative.id,
    cohesion: cohesion(nodes, members.length, graph),
    minSimilarity: Math.min(1, ...toCenter.map(({ similarity }) => similarity)),
    type: Math.max(1, ...toCenter.map(({ type }) => type)) as CloneType,
    duplicatedLines: duplicatedLines(members, representative),
    pairs,
  };
}

/** Mean similarity over all pairs of members, unknown pairs counting as 0. */
function cohesion(nodes: readonly number[], size: number, { nodes: chunksOf, links, weak }: NodeGraph): number {
  const inside = new Set(nodes);
  let sum = 0;
  for (const node of nodes) {
    const own = chunksOf[node]?.length ?? 1;
    const strong = new Map<number, number>();
    links.visit(node, (other, { similarity }) => strong.set(other, similarity));
    weak.visit(node, (other, { similarity }) => strong.has(other) || strong.set(other, similarity));
    sum += (own * (own - 1)) / 2;
    for (const [other, similarity] of strong) {
      if (other > node && inside.has(other)) sum += similarity * own * (chunksOf[other]?.length ?? 1);
    }
  }
  return sum / ((size * (size - 1)) / 2);
}
