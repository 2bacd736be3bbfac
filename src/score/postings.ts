/** Units a fingerprint may number: print and unit together make an integer of 53 bits. */
const UNITS = 2 ** 21;

/** Fingerprints of units, and the units that share one, in sixteen bytes an entry: most fingerprints have one unit only. */
export class Postings {
  /** Units by fingerprint: those of one are a run, ascending. */
  private readonly units: Uint32Array;
  /** Where the runs of a unit's fingerprints start and end, from `starts[unit]` on. */
  private readonly runs: Uint32Array;
  private readonly ends: Uint32Array;
  private readonly starts: Uint32Array;

  /** @param printsOf distinct 32-bit fingerprints of a unit */
  constructor(units: number, printsOf: (unit: number) => ArrayLike<number>) {
    if (units > UNITS) throw new RangeError(`${units} units are more than ${UNITS}`);
    this.starts = new Uint32Array(units + 1);
    let keys = new Float64Array(1024);
    let total = 0;
    for (let unit = 0; unit < units; unit++) {
      const own = printsOf(unit);
      if (total + own.length > keys.length) keys = wider(keys, total + own.length);
      for (let i = 0; i < own.length; i++) keys[total++] = (own[i] as number) * UNITS + unit;
      this.starts[unit + 1] = total;
    }
    // oxlint-disable-next-line unicorn/no-array-sort -- millions of them
    const sorted = keys.subarray(0, total).sort();
    this.units = new Uint32Array(total);
    this.runs = new Uint32Array(total);
    this.ends = new Uint32Array(total);
    this.link(sorted);
  }

  /** Tells each unit where the runs of its fingerprints are; these come in ascending order. */
  private link(sorted: Float64Array): void {
    const next = this.starts.slice();
    for (let start = 0, end = 0; start < sorted.length; start = end) {
      const print = Math.floor((sorted[start] as number) / UNITS);
      const limit = (print + 1) * UNITS;
      for (end = start; end < sorted.length && (sorted[end] as number) < limit; end++) this.units[end] = (sorted[end] as number) - print * UNITS;
      for (let at = start; at < end; at++) {
        const unit = this.units[at] as number;
        const entry = next[unit] as number;
        next[unit] = entry + 1;
        this.runs[entry] = start;
        this.ends[entry] = end;
      }
    }
  }

  size(unit: number): number {
    return (this.starts[unit + 1] as number) - (this.starts[unit] as number);
  }

  /** Every unit, itself included, that shares a fingerprint with a unit, once for each; fingerprints of more than `most` units aside. */
  eachSharing(unit: number, most: number, visit: (other: number) => void): void {
    for (let entry = this.starts[unit] as number; entry < (this.starts[unit + 1] as number); entry++) {
      const [start, end] = [this.runs[entry] as number, this.ends[entry] as number];
      if (end - start > most) continue;
      for (let at = start; at < end; at++) visit(this.units[at] as number);
    }
  }
}

function wider(array: Float64Array<ArrayBuffer>, least: number): Float64Array<ArrayBuffer> {
  const copy = new Float64Array(Math.max(least, 2 * array.length));
  copy.set(array);
  return copy;
}
