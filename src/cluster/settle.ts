import type { NodeGraph } from './graph.ts';
import { averageLinkage } from './linkage.ts';
import { createSums } from './sums.ts';

/** Nodes of a class, with the one all others are linked to. */
export interface Settled {
  readonly nodes: readonly number[];
  readonly center: number;
}

/**
 * Cuts a component into classes whose members are all linked to one central node (so that no class grows by chaining)
 * and whose mean similarity is at least `bound`. Nodes without a partner come back alone.
 */
export function settle(component: readonly number[], graph: NodeGraph, bound: number): Settled[] {
  const settled: Settled[] = [];
  const pending = [component];
  for (let items = pending.pop(); items !== undefined; items = pending.pop()) {
    for (const nodes of agglomerate(items, graph, bound)) {
      const center = central(nodes, graph);
      const near = new Set([center]);
      graph.links.visit(center, (node) => near.add(node));
      const linked = nodes.filter((node) => near.has(node));
      if (linked.length === nodes.length) settled.push({ nodes, center });
      else pending.push(linked, nodes.filter((node) => !near.has(node)));
    }
  }
  return settled;
}

function agglomerate(items: readonly number[], { nodes, links, weak, apart }: NodeGraph, bound: number): number[][] {
  if (items.length === 1) return [[...items]];
  const positions = new Map(items.map((item, i) => [item, i] as const));
  const weights = Float64Array.from(items, (item) => nodes[item]?.length ?? 1);
  const sums = createSums(items.length);
  // the stronger pair is written last where nodes are linked by both
  for (const known of [weak, links]) {
    for (const [x, item] of items.entries()) {
      known.visit(item, (other, { similarity }) => {
        const y = positions.get(other) ?? -1;
        if (y > x) sums.set(x, y, similarity * (weights[x] as number) * (weights[y] as number));
      });
    }
  }
  for (const [x, item] of items.entries()) {
    for (const other of apart.get(item) ?? []) {
      const y = positions.get(other) ?? x;
      if (y !== x) sums.set(x, y, -Infinity);
    }
  }
  return averageLinkage(weights, sums, bound).map((cluster) => cluster.map((at) => items[at] as number));
}

/** The node linked to most functions of the set, then with the largest sum of similarities, then the first. */
function central(nodes: readonly number[], { links, nodes: chunksOf }: NodeGraph): number {
  const inside = new Set(nodes);
  let best = { node: nodes[0] ?? 0, reach: -1, sum: -1 };
  for (const node of nodes) {
    let reach = chunksOf[node]?.length ?? 1;
    let sum = reach - 1;
    links.visit(node, (other, { similarity }) => {
      if (!inside.has(other)) return;
      const weight = chunksOf[other]?.length ?? 1;
      reach += weight;
      sum += similarity * weight;
    });
    if (reach > best.reach || (reach === best.reach && sum > best.sum)) best = { node, reach, sum };
  }
  return best.node;
}
