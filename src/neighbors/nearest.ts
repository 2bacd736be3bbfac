import type { Pairs } from './pairs.ts';

/**
 * The k nearest others of every unit so far, ties to the smaller index: twelve bytes an entry. What is kept does not
 * depend on the order in which others are offered.
 */
export class NearestLists {
  private readonly others: Int32Array;
  private readonly cosines: Float64Array;
  private readonly counts: Int32Array;
  private sorted = false;

  private readonly k: number;

  constructor(units: number, k: number) {
    this.k = k;
    this.others = new Int32Array(units * k);
    this.cosines = new Float64Array(units * k);
    this.counts = new Int32Array(units);
  }

  /** Whether an other with at most this cosine may be among the k nearest of a unit. */
  admits(unit: number, cosine: number): boolean {
    return (this.counts[unit] as number) < this.k || cosine >= (this.cosines[unit * this.k] as number);
  }

  /** The least cosine that may still enter the list of any unit in [from, to). */
  least(from: number, to: number): number {
    let least = Infinity;
    for (let unit = from; unit < to; unit++) {
      if ((this.counts[unit] as number) < this.k) return -Infinity;
      least = Math.min(least, this.cosines[unit * this.k] as number);
    }
    return least;
  }

  /** Each unit's entries form a heap with the farthest on top. */
  offer(unit: number, other: number, cosine: number): void {
    const { counts, k } = this;
    const start = unit * k;
    const count = counts[unit] as number;
    if (count < k) {
      counts[unit] = count + 1;
      this.rise(start, count, other, cosine);
    } else if (this.isFarther(start, other, cosine)) this.sink(start, 0, count, other, cosine);
  }

  /** How many entries of a unit have a larger cosine than a bound. */
  above(unit: number, bound: number): number {
    let above = 0;
    for (let at = unit * this.k; at < unit * this.k + (this.counts[unit] as number); at++) if ((this.cosines[at] as number) > bound) above++;
    return above;
  }

  /** The least cosine among the entries of a unit. */
  last(unit: number): number {
    return this.cosines.subarray(unit * this.k, unit * this.k + (this.counts[unit] as number)).reduce((least, cosine) => Math.min(least, cosine), Infinity);
  }

  clear(unit: number): void {
    this.counts[unit] = 0;
  }

  /** The entries as they lie: those of unit u from u × depth on, `counts[u]` of them. */
  contents() {
    return { depth: this.k, counts: this.counts, others: this.others, cosines: this.cosines };
  }

  /** The pairs that either side counts among its `most` nearest, by u, then v. */
  pairs(most: number): Pairs {
    this.sort();
    const { counts, k, others } = this;
    const [us, vs, cosines]: [number[], number[], number[]] = [[], [], []];
    const reverse = this.finders(most);
    const seen = new Int32Array(counts.length).fill(-1);
    for (let u = 0; u < counts.length; u++) {
      const own: { readonly v: number; readonly cosine: number }[] = [];
      const add = (v: number, cosine: number): void => {
        if (v <= u || seen[v] === u) return;
        seen[v] = u;
        own.push({ v, cosine });
      };
      for (let i = u * k; i < u * k + Math.min(most, counts[u] as number); i++) add(others[i] as number, this.cosines[i] as number);
      for (let i = reverse.starts[u] as number; i < (reverse.starts[u + 1] as number); i++) {
        const at = reverse.entries[i] as number;
        add(Math.floor(at / k), this.cosines[at] as number);
      }
      for (const { v, cosine } of own.toSorted((x, y) => x.v - y.v)) {
        us.push(u);
        vs.push(v);
        cosines.push(cosine);
      }
    }
    return { us: Int32Array.from(us), vs: Int32Array.from(vs), cosines: Float64Array.from(cosines) };
  }

  /** For every unit the entries of larger units that hold it among their `most` first. */
  private finders(most: number): { readonly starts: Int32Array; readonly entries: Int32Array } {
    const { counts, k, others } = this;
    const starts = new Int32Array(counts.length + 1);
    const each = (visit: (other: number, at: number) => void): void => {
      for (let unit = 0; unit < counts.length; unit++) {
        for (let at = unit * k; at < unit * k + Math.min(most, counts[unit] as number); at++) if ((others[at] as number) < unit) visit(others[at] as number, at);
      }
    };
    each((other) => { starts[other + 1] = (starts[other + 1] as number) + 1; });
    for (let unit = 1; unit < starts.length; unit++) starts[unit] = (starts[unit] as number) + (starts[unit - 1] as number);
    const entries = new Int32Array(starts.at(-1) ?? 0);
    const next = starts.slice();
    each((other, at) => {
      entries[next[other] as number] = at;
      next[other] = (next[other] as number) + 1;
    });
    return { starts, entries };
  }

  /** Nearest first, in place of the heaps: nothing may be offered afterwards. */
  private sort(): void {
    const { counts, k } = this;
    if (this.sorted) return;
    this.sorted = true;
    for (let unit = 0; unit < counts.length; unit++) {
      const start = unit * k;
      for (let left = (counts[unit] as number) - 1; left > 0; left--) {
        const [other, cosine] = [this.others[start + left] as number, this.cosines[start + left] as number];
        this.put(start + left, this.others[start] as number, this.cosines[start] as number);
        this.sink(start, 0, left, other, cosine);
      }
    }
  }

  private rise(start: number, from: number, other: number, cosine: number): void {
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.isFarther(start + parent, other, cosine, true)) break;
      this.put(start + at, this.others[start + parent] as number, this.cosines[start + parent] as number);
      at = parent;
    }
    this.put(start + at, other, cosine);
  }

  private sink(start: number, from: number, count: number, other: number, cosine: number): void {
    let at = from;
    for (let child = 2 * at + 1; child < count; child = 2 * at + 1) {
      if (child + 1 < count && this.isFarther(start + child + 1, this.others[start + child] as number, this.cosines[start + child] as number)) child++;
      if (!this.isFarther(start + child, other, cosine)) break;
      this.put(start + at, this.others[start + child] as number, this.cosines[start + child] as number);
      at = child;
    }
    this.put(start + at, other, cosine);
  }

  /** Whether an entry is farther than another one (or, `reversed`, nearer). */
  private isFarther(at: number, other: number, cosine: number, reversed = false): boolean {
    const own = this.cosines[at] as number;
    const farther = own < cosine || (own === cosine && (this.others[at] as number) > other);
    return reversed ? !farther : farther;
  }

  private put(at: number, other: number, cosine: number): void {
    this.others[at] = other;
    this.cosines[at] = cosine;
  }
}
