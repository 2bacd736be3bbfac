import type { Chunk, ClonePair } from '../types.ts';
import { compareChunks } from '../util/order.ts';
import { createUnionFind } from '../util/union-find.ts';
import type { Links, NodePairs } from './links.ts';
import { createLinks } from './links.ts';
import { sweepOverlaps } from './sweep.ts';

/** Chunks in canonical order, identical ones gathered into one node. */
export interface NodeGraph {
  /** Chunks of each node, in order; nodes are ordered by their first chunk. */
  readonly nodes: readonly (readonly Chunk[])[];
  readonly links: Links;
  /** Pairs below the threshold. */
  readonly weak: Links;
  /** Nodes that share text with a node: never in one class with it. */
  readonly apart: ReadonlyMap<number, ReadonlySet<number>>;
  /** Linked groups of nodes, each ascending. */
  readonly components: readonly (readonly number[])[];
  /** Pairs at or above the threshold, by position of `a`, then of `b`. */
  readonly pairs: readonly ClonePair[];
}

/**
 * Graph of the pairs at or above the threshold, with the pairs below it as weights. Pairs of Type 1 with similarity 1
 * are transitive (same tokens), so their chunks become one node, whether or not each of their pairs was stored.
 */
export function buildGraph(
  chunks: readonly Chunk[], pairs: readonly ClonePair[], weakPairs: readonly ClonePair[], threshold: number): NodeGraph {
  const ordered = chunks.toSorted(compareChunks);
  const indexOf = new Map(ordered.map(({ id }, i) => [id, i] as const));
  const strong = locate(pairs.filter(({ similarity }) => similarity >= threshold), indexOf);
  const { nodes, nodeOf } = gatherNodes(ordered, strong);
  const linked = toNodes(strong, nodeOf);
  const sets = createUnionFind(nodes.length);
  for (let i = 0; i < linked.pairs.length; i++) sets.union(linked.xs[i] as number, linked.ys[i] as number);
  return {
    nodes, links: createLinks(linked, nodes.length), weak: createLinks(toNodes(locate(weakPairs, indexOf), nodeOf), nodes.length),
    apart: overlapping(ordered, nodeOf), components: sets.groups(), pairs: strong.pairs,
  };
}

/** Pairs of known chunks with the chunks' indices, in canonical order. */
function locate(pairs: readonly ClonePair[], indexOf: ReadonlyMap<string, number>): NodePairs {
  const known = pairs.map((pair) => ({ pair, x: indexOf.get(pair.a) ?? -1, y: indexOf.get(pair.b) ?? -1 }))
    .filter(({ x, y }) => x >= 0 && y >= 0 && x !== y)
    .toSorted((p, q) => p.x - q.x || p.y - q.y);
  return { pairs: known.map(({ pair }) => pair), xs: Int32Array.from(known, ({ x }) => x), ys: Int32Array.from(known, ({ y }) => y) };
}

function toNodes({ pairs, xs, ys }: NodePairs, nodeOf: Int32Array): NodePairs {
  return { pairs, xs: xs.map((x) => nodeOf[x] as number), ys: ys.map((y) => nodeOf[y] as number) };
}

function gatherNodes(ordered: readonly Chunk[], { pairs, xs, ys }: NodePairs): { nodes: Chunk[][]; nodeOf: Int32Array } {
  const same = createUnionFind(ordered.length);
  for (const [i, { type, similarity }] of pairs.entries()) {
    if (type === 1 && similarity === 1) same.union(xs[i] as number, ys[i] as number);
  }
  const nodeOf = new Int32Array(ordered.length);
  const nodes = same.groups().map((group, node) => group.flatMap((i) => {
    nodeOf[i] = node;
    return ordered[i] ?? [];
  }));
  return { nodes, nodeOf };
}

function overlapping(ordered: readonly Chunk[], nodeOf: Int32Array): Map<number, Set<number>> {
  const apart = new Map<number, Set<number>>();
  const add = (x: number, y: number): void => void apart.set(x, (apart.get(x) ?? new Set()).add(y));
  sweepOverlaps(ordered, (i, j) => {
    add(nodeOf[i] as number, nodeOf[j] as number);
    add(nodeOf[j] as number, nodeOf[i] as number);
  });
  return apart;
}
