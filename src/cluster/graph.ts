import type { Chunk, ClonePair } from '../types.ts';
import { compareChunks } from '../util/order.ts';
import { createUnionFind } from '../util/union-find.ts';
import { sweepOverlaps } from './sweep.ts';

/** Chunks of the pairs, identical ones gathered into one node, in canonical order. */
export interface NodeGraph {
  /** Chunks of each node, in order; nodes are ordered by their first chunk. */
  readonly nodes: readonly (readonly Chunk[])[];
  /** Strongest pair between two nodes, both ways. */
  readonly links: readonly ReadonlyMap<number, ClonePair>[];
  /** Pairs below the threshold between nodes that have no link. */
  readonly weak: readonly ReadonlyMap<number, ClonePair>[];
  /** Nodes that share text with a node: never in one class with it. */
  readonly apart: readonly ReadonlySet<number>[];
  /** Linked groups of nodes, each ascending. */
  readonly components: readonly (readonly number[])[];
  /** Pairs at or above the threshold, by position of `a`, then of `b`. */
  readonly pairs: readonly ClonePair[];
}

interface End { readonly pair: ClonePair; readonly a: number; readonly b: number }

/**
 * Graph of the pairs at or above the threshold, with the pairs below it as weights. Pairs of Type 1 with similarity 1 are transitive (same tokens), so
 * their chunks become one node, whether or not each of their pairs was stored.
 */
export function buildGraph(
  chunks: readonly Chunk[], pairs: readonly ClonePair[], weakPairs: readonly ClonePair[], threshold: number): NodeGraph {
  const strong = pairs.filter(({ similarity }) => similarity >= threshold);
  const paired = new Set<string>();
  for (const { a, b } of strong) paired.add(a).add(b);
  const ordered = chunks.filter(({ id }) => paired.has(id)).toSorted(compareChunks);
  const ends = locate(strong, ordered);
  const { nodes, nodeOf } = gatherNodes(ordered, ends);
  const links = linkNodes(ends, nodeOf, nodes.length);
  const weak = linkNodes(locate(weakPairs, ordered), nodeOf, nodes.length);
  for (const [x, own] of weak.entries()) for (const y of links[x]?.keys() ?? []) own.delete(y);
  const sets = createUnionFind(nodes.length);
  for (const [x, own] of links.entries()) for (const y of own.keys()) sets.union(x, y);
  return {
    nodes, links, weak, apart: overlapping(ordered, nodeOf, nodes.length), components: sets.groups(), pairs: ends.map(({ pair }) => pair),
  };
}

/** Strongest pair between nodes, both ways. */
function linkNodes(ends: readonly End[], nodeOf: Int32Array, count: number): Map<number, ClonePair>[] {
  const links = Array.from({ length: count }, () => new Map<number, ClonePair>());
  for (const { pair, a, b } of ends) {
    const x = nodeOf[a] ?? 0;
    const y = nodeOf[b] ?? 0;
    if (x === y || isWeaker(pair, links[x]?.get(y))) continue;
    links[x]?.set(y, pair);
    links[y]?.set(x, pair);
  }
  return links;
}

function locate(pairs: readonly ClonePair[], ordered: readonly Chunk[]): End[] {
  const indexOf = new Map(ordered.map(({ id }, i) => [id, i] as const));
  const ends: End[] = [];
  for (const pair of pairs) {
    const a = indexOf.get(pair.a);
    const b = indexOf.get(pair.b);
    if (a !== undefined && b !== undefined && a !== b) ends.push({ pair, a, b });
  }
  return ends.toSorted((p, q) => p.a - q.a || p.b - q.b);
}

function gatherNodes(ordered: readonly Chunk[], ends: readonly End[]): { nodes: Chunk[][]; nodeOf: Int32Array } {
  const same = createUnionFind(ordered.length);
  for (const { pair, a, b } of ends) if (pair.type === 1 && pair.similarity === 1) same.union(a, b);
  const nodeOf = new Int32Array(ordered.length);
  const nodes = same.groups().map((group, node) => group.flatMap((i) => {
    nodeOf[i] = node;
    return ordered[i] ?? [];
  }));
  return { nodes, nodeOf };
}

function isWeaker(pair: ClonePair, known: ClonePair | undefined): boolean {
  if (known === undefined) return false;
  return known.similarity > pair.similarity || (known.similarity === pair.similarity && known.type <= pair.type);
}

function overlapping(ordered: readonly Chunk[], nodeOf: Int32Array, count: number): ReadonlySet<number>[] {
  const apart = Array.from({ length: count }, () => new Set<number>());
  sweepOverlaps(ordered, (i, j) => {
    const x = nodeOf[i] ?? 0;
    const y = nodeOf[j] ?? 0;
    if (x === y) return;
    apart[x]?.add(y);
    apart[y]?.add(x);
  });
  return apart;
}
