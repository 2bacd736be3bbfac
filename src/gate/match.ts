import { appendTo } from '../util/collections.ts';
import type { Identity } from './identity.ts';
import { sketchSimilarity } from './sketch.ts';

/** A current function that was found again among the old ones. */
export interface Match {
  /** Index of the old identity. */
  readonly old: number;
  readonly same: boolean;
  /** Estimated share of words kept, in [0, 1]. */
  readonly similarity: number;
}

interface Phase {
  /** Functions are compared when their keys agree; undefined takes a function out of the phase. */
  readonly key: (identity: Identity) => string | undefined;
  /** Least share of words kept. */
  readonly least: number;
}

/**
 * From sure to likely. A function edited in its place keeps path and name, so that a third of its words will do; the
 * less of a place it keeps, the more of its words must be there.
 */
const PHASES: readonly Phase[] = [
  { key: ({ path, name, hash }) => (hash === '' ? undefined : `${path}\0${name}\0${hash}`), least: 0 },
  { key: ({ path, name }) => `${path}\0${name}`, least: 0.3 },
  { key: ({ hash }) => hash || undefined, least: 0 },
  { key: ({ path, name }) => (name === '' ? undefined : `${lastPart(name)}\0${path.slice(path.lastIndexOf('.'))}`), least: 0.5 },
  { key: ({ path }) => path, least: 0.5 },
  { key: () => '', least: 0.75 },
];

/** Comparisons of one phase; beyond, only what earlier phases found counts. */
const MAX_COMPARISONS = 2_000_000;

/**
 * Finds current functions again among old ones, each old one at most once: what is left over is new, even when it reads
 * like an old one, which is what a copy does. Paths of both sides must be of the same time: map renamed files first.
 * @returns per current index its match, or undefined
 */
export function matchIdentities(current: readonly Identity[], old: readonly Identity[]): readonly (Match | undefined)[] {
  const matches: (Match | undefined)[] = current.map(() => undefined);
  const taken = new Uint8Array(old.length);
  for (const { key, least } of PHASES) {
    const olds = group(old.keys(), (i) => (taken[i] === 1 ? undefined : key(old[i] as Identity)));
    const news = group(current.keys(), (i) => (matches[i] === undefined ? key(current[i] as Identity) : undefined));
    for (const [name, left] of news) {
      const right = olds.get(name) ?? [];
      if (left.length * right.length > MAX_COMPARISONS) continue;
      for (const { i, j, similarity } of ranked(left, right, current, old, least)) {
        if (matches[i] !== undefined || taken[j] === 1) continue;
        taken[j] = 1;
        matches[i] = { old: j, same: current[i]?.hash === old[j]?.hash, similarity };
      }
    }
  }
  return matches;
}

function ranked(left: readonly number[], right: readonly number[], current: readonly Identity[], old: readonly Identity[], least: number) {
  const pairs = left.flatMap((i) => right.map((j) => ({ i, j, similarity: likeness(current[i] as Identity, old[j] as Identity) })));
  return pairs.filter(({ similarity }) => similarity >= least).toSorted((x, y) => y.similarity - x.similarity || x.i - y.i || x.j - y.j);
}

function likeness(a: Identity, b: Identity): number {
  if (a.hash !== '' && a.hash === b.hash) return 1;
  // written by hand, without a sketch: place and name are all there is
  if (a.sketch === '' || b.sketch === '') return a.path === b.path && a.name === b.name ? 1 : 0;
  return sketchSimilarity(a.sketch, b.sketch);
}

function group(indices: Iterable<number>, key: (index: number) => string | undefined): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  for (const index of indices) {
    const name = key(index);
    if (name !== undefined) appendTo(groups, name, index);
  }
  return groups;
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}
