import type { Code } from './code.ts';
import { listDifferences } from './differences.ts';
import type { Hunk } from './marks.ts';
import { findHunks } from './marks.ts';
import { findRenaming } from './renaming.ts';
import { alignRows } from './rows.ts';
import type { Difference, DiffRow, Rename } from './schema.ts';

/** How the texts of two functions of one language family differ. */
export interface TextComparison {
  readonly renames: readonly Rename[];
  readonly hunks: readonly Hunk[];
  readonly differences: readonly Difference[];
  readonly rows: readonly DiffRow[];
}

/** Matches up names, then tokens, then lines. */
export function compareTexts(a: Code, b: Code): TextComparison {
  const guess = findRenaming(a, b);
  const hunks = findHunks(a, b, guess);
  const renames = kept(guess.renames, b, hunks);
  const renaming = { ...guess, renames };
  return { renames, hunks, differences: listDifferences(a, b, hunks), rows: alignRows(a, b, renaming, hunks) };
}

/** Renames by which tokens really agree, with how many. */
function kept(renames: readonly Rename[], b: Code, hunks: readonly Hunk[]): Rename[] {
  const counts = new Map<string, number>();
  let hunk = 0;
  for (const [at, { text }] of b.tokens.entries()) {
    while ((hunks[hunk]?.toB ?? Infinity) <= at) hunk++;
    if (at < (hunks[hunk]?.fromB ?? Infinity)) counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return renames.flatMap((rename) => {
    const count = counts.get(rename.b) ?? 0;
    return count === 0 ? [] : [{ ...rename, count }];
  });
}
