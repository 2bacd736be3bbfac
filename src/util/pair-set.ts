/**
 * A set of pairs of integers below 2²⁶, in eight bytes a place: a Set of numbers of that size takes five times as much
 * and holds sixteen million at most.
 */
export class PairSet {
  private keys = new Float64Array(1024).fill(-1);
  private count = 0;

  get size(): number {
    return this.count;
  }

  /** Whether the pair was not there yet. */
  add(a: number, b: number): boolean {
    if (this.count * 2 >= this.keys.length) this.grow();
    if (!insert(this.keys, a * WIDTH + b)) return false;
    this.count++;
    return true;
  }

  private grow(): void {
    const wider = new Float64Array(this.keys.length * 2).fill(-1);
    for (const key of this.keys) if (key >= 0) insert(wider, key);
    this.keys = wider;
  }
}

/** A pair as a number: `a * WIDTH + b`. */
export const WIDTH = 2 ** 26;

function insert(keys: Float64Array, key: number): boolean {
  const slot = slotOf(keys, key);
  if (keys[slot] === key) return false;
  keys[slot] = key;
  return true;
}

/** Where a key is, or the free place (-1) for it. Linear probing; places are a power of two. */
export function slotOf(keys: Float64Array, key: number): number {
  const a = Math.floor(key / WIDTH);
  const hash = Math.imul(a ^ Math.imul(key - a * WIDTH, 0x9e3779b1), 0x85ebca6b);
  const mask = keys.length - 1;
  let at = (hash ^ (hash >>> 15)) & mask;
  while (keys[at] !== key && keys[at] !== -1) at = (at + 1) & mask;
  return at;
}
