import { slotOf, WIDTH } from './pair-set.ts';

/** Numbers other than 0 by pairs of integers below 2²⁶, in twelve bytes a place; see `PairSet`. */
export class PairMap {
  private keys = new Float64Array(1024).fill(-1);
  private values = new Int32Array(1024);
  private count = 0;

  get size(): number {
    return this.count;
  }

  /** 0 where the pair is not there. */
  get(a: number, b: number): number {
    return this.values[slotOf(this.keys, a * WIDTH + b)] as number;
  }

  set(a: number, b: number, value: number): void {
    if (this.count * 2 >= this.keys.length) this.grow();
    const slot = slotOf(this.keys, a * WIDTH + b);
    if (this.keys[slot] === -1) this.count++;
    this.keys[slot] = a * WIDTH + b;
    this.values[slot] = value;
  }

  each(visit: (a: number, b: number, value: number) => void): void {
    for (const [slot, key] of this.keys.entries()) {
      const a = Math.floor(key / WIDTH);
      if (key >= 0) visit(a, key - a * WIDTH, this.values[slot] as number);
    }
  }

  private grow(): void {
    const { keys, values } = this;
    this.keys = new Float64Array(keys.length * 2).fill(-1);
    this.values = new Int32Array(keys.length * 2);
    for (const [at, key] of keys.entries()) {
      if (key < 0) continue;
      const slot = slotOf(this.keys, key);
      this.keys[slot] = key;
      this.values[slot] = values[at] as number;
    }
  }
}
