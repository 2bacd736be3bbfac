import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openScanner } from '../../src/cli/wiring.ts';
import { defaults } from '../../src/config/defaults.ts';
import { createFileSource } from '../../src/io/files.ts';
import type { LanguageId, ScanResult } from '../../src/types.ts';
import { markdown } from './table.ts';

export const CROSS_LANGUAGE_SET = join(import.meta.dirname, '../../fixtures/cross-language');

/** Functions that do the same in every language, and others with the shape of one of them. */
export interface CrossLanguageManifest {
  readonly families: readonly { readonly name: string; readonly functions: Readonly<Record<LanguageId, string>> }[];
  readonly lookalikes: readonly { readonly family: string; readonly language: LanguageId; readonly function: string }[];
}

/** Pairs of two languages in one clone class, out of those there are. */
export interface LanguagePairRow {
  readonly languages: readonly [LanguageId, LanguageId];
  readonly linked: number;
  readonly of: number;
  readonly wrong: number;
  readonly ofWrong: number;
  /** Families not linked, and look-alikes that were. */
  readonly missed: readonly string[];
  readonly mistaken: readonly string[];
}

export function readCrossLanguageSet(): CrossLanguageManifest {
  return JSON.parse(readFileSync(join(CROSS_LANGUAGE_SET, 'manifest.json'), 'utf8')) as CrossLanguageManifest;
}

/** Scans the set two languages at a time, at defaults: a repository with both. Each function is embedded once. */
export async function benchCrossLanguage(): Promise<readonly LanguagePairRow[]> {
  const manifest = readCrossLanguageSet();
  const scanner = await openScanner({ ...defaults, tests: 'include', paths: [CROSS_LANGUAGE_SET] }, { onEvent: () => undefined });
  try {
    const languages = Object.keys(manifest.families[0]?.functions ?? {});
    const rows: LanguagePairRow[] = [];
    for (const [i, a] of languages.entries()) {
      for (const b of languages.slice(i + 1)) {
        const result = await scanner.scan(createFileSource(scanner.root, [a, b].map((language) => join(CROSS_LANGUAGE_SET, language))));
        rows.push(rowOf(manifest, result, a, b));
      }
    }
    return rows;
  } finally {
    await scanner.close();
  }
}

function rowOf({ families, lookalikes }: CrossLanguageManifest, { chunks, classes }: ScanResult, a: LanguageId, b: LanguageId): LanguagePairRow {
  const key = (language: LanguageId, name: string | undefined): string => `${language} ${name}`;
  const byId = new Map(chunks.map(({ id, language, name }) => [id, key(language, name)] as const));
  const homes = new Map(classes.flatMap(({ members }, home) => members.map((id) => [byId.get(id) ?? '', home] as const)));
  const together = (x: string, y: string): boolean => homes.has(x) && homes.get(x) === homes.get(y);
  const missed = families.filter(({ functions }) => !together(key(a, functions[a]), key(b, functions[b]))).map(({ name }) => name);
  const traps = lookalikes.flatMap(({ family, language, function: name }) => {
    const other = language === a ? b : language === b ? a : undefined;
    const real = families.find((one) => one.name === family)?.functions[other ?? ''];
    return other === undefined ? [] : [{ name, linked: together(key(language, name), key(other, real)) }];
  });
  const mistaken = traps.filter(({ linked }) => linked).map(({ name }) => name);
  return { languages: [a, b], linked: families.length - missed.length, of: families.length, wrong: mistaken.length, ofWrong: traps.length, missed, mistaken };
}

const percent = (part: number, whole: number): string => `${Math.round((100 * part) / Math.max(1, whole))} %`;

/** Recall by pair of languages above the diagonal, look-alikes taken for clones below; then the totals and what was missed. */
export function crossLanguageTable(rows: readonly LanguagePairRow[]): string {
  const languages = [...new Set(rows.flatMap((row) => row.languages))];
  const between = (x: LanguageId, y: LanguageId): LanguagePairRow | undefined => rows.find(({ languages: [a, b] }) => (a === x && b === y) || (a === y && b === x));
  const cells = languages.map((x, i) => languages.map((y, j) => {
    const row = between(x, y);
    if (row === undefined) return '';
    return j > i ? `${row.linked}/${row.of}` : `${row.wrong}/${row.ofWrong}`;
  }));
  const sum = (of: (row: LanguagePairRow) => number): number => rows.reduce((total, row) => total + of(row), 0);
  const families = new Map<string, number>();
  for (const name of rows.flatMap(({ missed }) => missed)) families.set(name, (families.get(name) ?? 0) + 1);
  return `${markdown(['recall \\ look-alikes', ...languages], languages.map((language, i) => [language, ...(cells[i] ?? [])]))}
recall ${sum(({ linked }) => linked)}/${sum(({ of }) => of)} (${percent(sum(({ linked }) => linked), sum(({ of }) => of))}), look-alikes taken for clones ${sum(({ wrong }) => wrong)}/${sum(({ ofWrong }) => ofWrong)} (${percent(sum(({ wrong }) => wrong), sum(({ ofWrong }) => ofWrong))})
missed, in pairs of languages: ${[...families].toSorted((x, y) => y[1] - x[1]).map(([name, count]) => `${name} ${count}`).join(', ') || 'none'}
mistaken: ${[...new Set(rows.flatMap(({ mistaken }) => mistaken))].join(', ') || 'none'}
`;
}
