/** Bits a block holds, so that `v + u + carry` stays a 31-bit integer (the engine keeps those unboxed). */
const BITS = 30;
const ONES = (1 << BITS) - 1;

/** Sequences are compared by their first tokens only beyond this (rows of the traceback would grow past 10 MB). */
export const MAX_ALIGNED_TOKENS = 8192;

export interface Alignment {
  /** Matched positions in `a` and `b`, both ascending; only the first `length` entries hold. */
  readonly inA: Int32Array;
  readonly inB: Int32Array;
  /** Length of a longest common subsequence. */
  readonly length: number;
}

export interface Lcs {
  /** Length of a longest common subsequence. */
  length(a: Int32Array, b: Int32Array): number;
  /** One longest common subsequence; the arrays are reused by the next call. */
  align(a: Int32Array, b: Int32Array): Alignment;
}

/**
 * Longest common subsequence, bit-parallel in blocks of 30 bits: O(n·m/30), with common ends stripped first.
 * Row update V' = (V + (V & M)) | (V & ~M) from Hyyrö, "Bit-parallel LCS-length computation revisited" (2004);
 * the traceback over stored rows is that of RapidFuzz's `lcs_seq_editops`.
 *
 * @param alphabet every symbol lies in [0, alphabet)
 */
export function createLcs(alphabet: number): Lcs {
  const slotOf = new Int32Array(alphabet);
  let masks = new Int32Array(4096);
  let rows = new Int32Array(4096);
  let inA = new Int32Array(256);
  let inB = new Int32Array(256);

  /** Fills `masks`: one run of words per distinct symbol of a[from, to), slot 0 standing for "not in a". */
  function load(a: Int32Array, from: number, to: number, words: number): void {
    if (masks.length < (to - from + 1) * words) masks = new Int32Array((to - from + 1) * words * 2);
    let slots = 0;
    for (let i = from; i < to; i++) {
      const symbol = a[i] as number;
      let slot = slotOf[symbol] as number;
      if (slot === 0) {
        slot = ++slots;
        slotOf[symbol] = slot;
        masks.fill(0, slot * words, (slot + 1) * words);
      }
      const bit = i - from;
      const at = slot * words + Math.floor(bit / BITS);
      masks[at] = (masks[at] as number) | (1 << (bit % BITS));
    }
  }

  function unload(a: Int32Array, from: number, to: number): void {
    for (let i = from; i < to; i++) slotOf[a[i] as number] = 0;
  }

  /** One symbol further: reads the row at `previous`, writes the row at `next`. */
  function step(slot: number, words: number, previous: number, next: number): void {
    let carry = 0;
    const mask = slot * words;
    for (let w = 0; w < words; w++) {
      const v = rows[previous + w] as number;
      const m = slot === 0 ? 0 : (masks[mask + w] as number);
      const sum = v + (v & m) + carry;
      carry = sum >>> BITS;
      rows[next + w] = (sum & ONES) | (v & ~m);
    }
  }

  function length(a: Int32Array, b: Int32Array): number {
    const ends = commonEnds(a, b);
    const { start, endA, endB } = ends;
    if (start >= endA || start >= endB) return ends.length;
    const words = Math.ceil((endA - start) / BITS);
    if (rows.length < words) rows = new Int32Array(words * 2);
    load(a, start, endA, words);
    rows.fill(ONES, 0, words);
    for (let j = start; j < endB; j++) {
      const slot = slotOf[b[j] as number] as number;
      if (slot !== 0) step(slot, words, 0, 0);
    }
    unload(a, start, endA);
    let zeros = 0;
    for (let w = 0; w < words; w++) zeros += BITS - popCount(rows[w] as number);
    return ends.length + zeros;
  }

  function align(a: Int32Array, b: Int32Array): Alignment {
    const { start, endA, endB, length: shared } = commonEnds(a, b);
    const room = Math.min(endA, endB) - start + shared;
    if (inA.length < room) {
      inA = new Int32Array(room * 2);
      inB = new Int32Array(room * 2);
    }
    for (let i = 0; i < start; i++) inA[i] = inB[i] = i;
    let count = start;
    if (start < endA && start < endB) count += middle(a, b, start, endA, endB);
    for (let i = endA, j = endB; count < room && i < a.length && j < b.length; i++, j++, count++) {
      inA[count] = i;
      inB[count] = j;
    }
    return { inA, inB, length: count };
  }

  /** Aligns a[start, endA) with b[start, endB); writes from `start` on and returns how many matched. */
  function middle(a: Int32Array, b: Int32Array, start: number, endA: number, endB: number): number {
    const words = Math.ceil((endA - start) / BITS);
    const height = endB - start;
    if (rows.length < (height + 1) * words) rows = new Int32Array((height + 1) * words * 2);
    load(a, start, endA, words);
    rows.fill(ONES, 0, words);
    for (let j = 0; j < height; j++) step(slotOf[b[start + j] as number] as number, words, j * words, (j + 1) * words);
    unload(a, start, endA);
    const isSet = (row: number, bit: number): boolean =>
      (((rows[row * words + Math.floor(bit / BITS)] as number) >>> (bit % BITS)) & 1) === 1;
    let found = 0;
    for (let row = height, col = endA - start; row > 0 && col > 0;) {
      if (isSet(row, col - 1)) col--;
      else if (!isSet(--row, col - 1)) continue;
      else {
        col--;
        inA[start + found] = start + col;
        inB[start + found] = start + row;
        found++;
      }
    }
    inA.subarray(start, start + found).reverse();
    inB.subarray(start, start + found).reverse();
    return found;
  }

  return { length, align };
}

/** Common prefix [0, start) and suffix (from endA in `a`, endB in `b`), and how many tokens they hold. */
function commonEnds(a: Int32Array, b: Int32Array): { start: number; endA: number; endB: number; length: number } {
  let start = 0;
  const shorter = Math.min(a.length, b.length);
  while (start < shorter && a[start] === b[start]) start++;
  let endA = a.length;
  let endB = b.length;
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) {
    endA--;
    endB--;
  }
  return { start, endA, endB, length: start + a.length - endA };
}

/** Set bits of a 32-bit integer (Warren, Hacker's Delight, 5-1). */
function popCount(value: number): number {
  let v = value - ((value >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
