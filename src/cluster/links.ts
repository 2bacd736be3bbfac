import type { ClonePair } from '../types.ts';

/** Which nodes are paired, as rows of one flat table (2 million pairs would be slow as maps). */
export interface Links {
  /** Visits the partners of a node with the strongest pair to each. */
  visit(node: number, each: (partner: number, pair: ClonePair) => void): void;
}

/** Pairs with the nodes at their ends, `xs[i]` and `ys[i]` for `pairs[i]`. */
export interface NodePairs {
  readonly pairs: readonly ClonePair[];
  readonly xs: Int32Array;
  readonly ys: Int32Array;
}

/** Links between nodes 0 … count − 1, both ways; ends in the same node are left out. */
export function createLinks({ pairs, xs, ys }: NodePairs, count: number): Links {
  const start = new Int32Array(count + 1);
  for (let i = 0; i < pairs.length; i++) {
    if (xs[i] === ys[i]) continue;
    for (const node of [xs[i] as number, ys[i] as number]) start[node + 1] = (start[node + 1] as number) + 1;
  }
  for (let node = 0; node < count; node++) start[node + 1] = (start[node + 1] as number) + (start[node] as number);
  const end = start.slice(0, count);
  const partners = new Int32Array(start[count] as number);
  const refs = new Int32Array(partners.length);
  const put = (node: number, partner: number, ref: number): void => {
    const at = end[node] as number;
    partners[at] = partner;
    refs[at] = ref;
    end[node] = at + 1;
  };
  for (let i = 0; i < pairs.length; i++) {
    if (xs[i] === ys[i]) continue;
    put(xs[i] as number, ys[i] as number, i);
    put(ys[i] as number, xs[i] as number, i);
  }
  keepStrongest({ start, end, partners, refs }, pairs, count);
  return {
    visit: (node, each) => {
      for (let at = start[node] as number; at < (end[node] as number); at++) each(partners[at] as number, pairs[refs[at] as number] as ClonePair);
    },
  };
}

interface Rows { readonly start: Int32Array; readonly end: Int32Array; readonly partners: Int32Array; readonly refs: Int32Array }

/** Nodes of several identical chunks can be linked by several pairs: one a partner stays. */
function keepStrongest({ start, end, partners, refs }: Rows, pairs: readonly ClonePair[], count: number): void {
  const seen = new Int32Array(count).fill(-1);
  for (let node = 0; node < count; node++) {
    const from = start[node] as number;
    let to = from;
    for (let at = from; at < (end[node] as number); at++) {
      const partner = partners[at] as number;
      const known = seen[partner] as number;
      if (known >= from) {
        if (isStronger(pairs[refs[at] as number], pairs[refs[known] as number])) refs[known] = refs[at] as number;
        continue;
      }
      seen[partner] = to;
      partners[to] = partner;
      refs[to++] = refs[at] as number;
    }
    end[node] = to;
  }
}

function isStronger(one: ClonePair | undefined, other: ClonePair | undefined): boolean {
  if (one === undefined || other === undefined) return false;
  return one.similarity > other.similarity || (one.similarity === other.similarity && one.type < other.type);
}
