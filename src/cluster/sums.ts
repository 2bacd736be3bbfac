/** Sums of similarities between clusters, symmetric; a missing entry is 0, −∞ forbids a join. */
export interface Sums {
  get(x: number, y: number): number;
  set(x: number, y: number, sum: number): void;
  /** Visits the entries of `x` that are not 0. */
  visit(x: number, each: (y: number, sum: number) => void): void;
  /** Adds the row and column of `from` to those of `into`, and empties `from`. */
  join(into: number, from: number): void;
}

/** Up to this many items a full table is used (72 MB); beyond it, maps of what is there. */
const DENSE_LIMIT = 3000;

/** Empty sums over 0 … size − 1. */
export function createSums(size: number): Sums {
  return size <= DENSE_LIMIT ? denseSums(size) : sparseSums(size);
}

function denseSums(size: number): Sums {
  const table = new Float64Array(size * size);
  const set = (x: number, y: number, sum: number): void => {
    table[x * size + y] = sum;
    table[y * size + x] = sum;
  };
  return {
    get: (x, y) => table[x * size + y] ?? 0,
    set,
    visit: (x, each) => {
      for (let y = 0, at = x * size; y < size; y++, at++) {
        const sum = table[at] as number;
        if (sum !== 0) each(y, sum);
      }
    },
    join: (into, from) => {
      set(into, from, 0);
      for (let y = 0; y < size; y++) {
        const sum = table[from * size + y] as number;
        if (sum === 0) continue;
        set(into, y, (table[into * size + y] as number) + sum);
        set(from, y, 0);
      }
    },
  };
}

function sparseSums(size: number): Sums {
  const rows = Array.from({ length: size }, () => new Map<number, number>());
  const set = (x: number, y: number, sum: number): void => {
    rows[x]?.set(y, sum);
    rows[y]?.set(x, sum);
  };
  return {
    get: (x, y) => rows[x]?.get(y) ?? 0,
    set,
    visit: (x, each) => {
      for (const [y, sum] of rows[x] ?? []) each(y, sum);
    },
    join: (into, from) => {
      rows[into]?.delete(from);
      for (const [y, sum] of rows[from] ?? []) {
        rows[y]?.delete(from);
        if (y !== into) set(into, y, (rows[into]?.get(y) ?? 0) + sum);
      }
      rows[from]?.clear();
    },
  };
}
