import type { CloneType, SkipReason, Verdict } from './types.ts';

/** Clone types in words (Roy, Cordy and Koschke 2009, Type-1 to Type-4). */
export const typeWords: Readonly<Record<CloneType, string>> = {
  1: 'identical copy',
  2: 'renamed copy',
  3: 'edited copy',
  4: 'same behaviour',
};

/** Why files were left out, to follow a count: `3 vendored`. */
export const skipWords: Readonly<Record<SkipReason, string>> = {
  ignored: 'ignored by git',
  excluded: 'excluded',
  language: 'of other languages',
  vendored: 'vendored',
  generated: 'generated',
  minified: 'minified',
  'too-large': 'too large',
  binary: 'binary',
  unreadable: 'unreadable',
  symlink: 'symbolic links',
  empty: 'empty',
  test: 'tests',
};

/** `1 class`, `2 classes`, `1,234 functions`. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${thousands(n)} ${n === 1 ? one : many}`;
}

/** Digits grouped by commas, in every locale. */
export function thousands(n: number): string {
  return n.toString().replace(/\B(?=(\d{3})+$)/g, ',');
}

/** A share in [0, 1] as whole percent, cut so that only 1 reads `100%`. */
export function percent(share: number): string {
  return `${Math.floor(share * 100 + 1e-9)}%`;
}

/** `0.4 s`, `12.3 s`, `2 min 5 s`. */
export function duration(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** One line for what the gate concluded. */
export function verdictWords(verdict: Verdict): string {
  const found = verdict.new.length === 0 ? 'no new classes' : count(verdict.new.length, 'new class', 'new classes');
  return `Gate: ${found}, ${thousands(verdict.known.length)} known, ${thousands(verdict.gone.length)} gone.`;
}
