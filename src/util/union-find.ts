/** Disjoint sets over 0 … size − 1; the root of a set is its smallest element. */
export interface UnionFind {
  find(element: number): number;
  union(a: number, b: number): void;
  /** All sets with ascending elements, by their first element. */
  groups(): number[][];
}

/** Union by least root with path halving. */
export function createUnionFind(size: number): UnionFind {
  const parent = Int32Array.from({ length: size }, (_, i) => i);
  const find = (element: number): number => {
    let root = element;
    while (parent[root] !== root) {
      const up = parent[root] as number;
      parent[root] = parent[up] as number;
      root = up;
    }
    return root;
  };
  const union = (a: number, b: number): void => {
    const x = find(a);
    const y = find(b);
    parent[Math.max(x, y)] = Math.min(x, y);
  };
  const groups = (): number[][] => {
    const byRoot = new Map<number, number[]>();
    for (let element = 0; element < size; element++) {
      const root = find(element);
      const group = byRoot.get(root);
      if (group === undefined) byRoot.set(root, [element]);
      else group.push(element);
    }
    return [...byRoot.values()];
  };
  return { find, union, groups };
}
