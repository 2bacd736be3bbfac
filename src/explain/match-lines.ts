import { sharedItems } from '../util/collections.ts';

/** Lines are matched up only in blocks of at most so many combinations. */
const MAX_CELLS = 40_000;
/** Least Dice coefficient of the keys of two lines that are shown side by side. */
const MIN_ALIKE = 0.3;

/** Positions of two lines beside each other, or of one alone. */
export type Match = readonly [number | undefined, number | undefined];

/** Pairs the lines of two blocks, given as bags of keys, order kept, so that the sum of their likeness is largest (Needleman–Wunsch). */
export function matchLines(as: readonly (readonly string[])[], bs: readonly (readonly string[])[]): readonly Match[] {
  const width = bs.length + 1;
  if (as.length * bs.length > MAX_CELLS) return [...as.keys()].map((i): Match => [i, undefined]).concat([...bs.keys()].map((j): Match => [undefined, j]));
  const likeness = as.map((a) => bs.map((b) => alike(a, b)));
  const best = new Float64Array((as.length + 1) * width);
  const at = (i: number, j: number): number => best[i * width + j] ?? 0;
  const pairing = (i: number, j: number): number => ((likeness[i]?.[j] ?? 0) >= MIN_ALIKE ? at(i + 1, j + 1) + (likeness[i]?.[j] ?? 0) : -1);
  for (let i = as.length - 1; i >= 0; i--) {
    for (let j = bs.length - 1; j >= 0; j--) best[i * width + j] = Math.max(at(i + 1, j), at(i, j + 1), pairing(i, j));
  }
  const matches: Match[] = [];
  let [i, j] = [0, 0];
  while (i < as.length || j < bs.length) {
    if (i < as.length && j < bs.length && at(i, j) === pairing(i, j)) matches.push([i++, j++]);
    else if (i < as.length && (j >= bs.length || at(i, j) === at(i + 1, j))) matches.push([i++, undefined]);
    else matches.push([undefined, j++]);
  }
  return matches;
}

/** Dice of the multisets of keys, in [0, 1]. */
function alike(a: readonly string[], b: readonly string[]): number {
  return (2 * sharedItems(a, b)) / Math.max(1, a.length + b.length);
}
