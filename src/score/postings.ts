/** Units a fingerprint may number: print and unit together make an integer of 53 bits. */
const UNITS = 2 ** 21;

/** Fingerprints of units, and the units of a fingerprint, in sixteen bytes an entry: most fingerprints have one unit only. */
export class Postings {
  /** `print * UNITS + unit`, ascending. */
  private readonly keys: Float64Array;
  private readonly prints: Uint32Array;
  private readonly starts: Uint32Array;

  /** @param printsOf distinct 32-bit fingerprints of a unit */
  constructor(units: number, printsOf: (unit: number) => ArrayLike<number>) {
    if (units > UNITS) throw new RangeError(`${units} units are more than ${UNITS}`);
    this.starts = new Uint32Array(units + 1);
    let prints = new Uint32Array(1024);
    let total = 0;
    for (let unit = 0; unit < units; unit++) {
      const own = printsOf(unit);
      if (total + own.length > prints.length) prints = wider(prints, total + own.length);
      prints.set(own, total);
      total += own.length;
      this.starts[unit + 1] = total;
    }
    this.prints = prints.subarray(0, total);
    this.keys = new Float64Array(total);
    for (let unit = 0; unit < units; unit++) {
      for (let at = this.starts[unit] as number; at < (this.starts[unit + 1] as number); at++) this.keys[at] = (prints[at] as number) * UNITS + unit;
    }
    // oxlint-disable-next-line unicorn/no-array-sort -- millions of them
    this.keys.sort();
  }

  size(unit: number): number {
    return (this.starts[unit + 1] as number) - (this.starts[unit] as number);
  }

  printsOf(unit: number): Uint32Array {
    return this.prints.subarray(this.starts[unit], this.starts[unit + 1]);
  }

  /** Units with a fingerprint, ascending; none when they are more than `most`. */
  unitsOf(print: number, most: number): readonly number[] {
    const { keys } = this;
    const from = this.first(print * UNITS);
    const end = (print + 1) * UNITS;
    if ((keys[from + most] ?? end) < end) return [];
    const units: number[] = [];
    for (let at = from; at < keys.length && (keys[at] as number) < end; at++) units.push((keys[at] as number) - print * UNITS);
    return units;
  }

  private first(key: number): number {
    let low = 0;
    let high = this.keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.keys[middle] as number) < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function wider(array: Uint32Array<ArrayBuffer>, least: number): Uint32Array<ArrayBuffer> {
  const copy = new Uint32Array(Math.max(least, 2 * array.length));
  copy.set(array);
  return copy;
}
