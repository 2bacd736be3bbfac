import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Comparison } from '../../src/compare/schema.ts';
import { comparisonSchema } from '../../src/compare/schema.ts';
import { root, simcode, temporaryFolder } from '../cli/run.ts';
import { failureOf, runHere, useEnvironment } from '../explain/run.ts';

const folder = temporaryFolder();
const env = { SIMCODE_CACHE_DIR: join(folder, 'cache'), COLUMNS: '100' };
useEnvironment(env);
beforeAll(() => {
  cpSync(join(root, 'fixtures/compare'), folder, { recursive: true });
});
const at = (...paths: readonly string[]): string[] => paths.map((path) => join(folder, path));
/** Compares inside this process. */
const compare = async (...args: readonly string[]): Promise<Comparison> => comparisonSchema.parse(JSON.parse(await runHere(['compare', ...args, '--json'], folder)));
const names = ({ pairs }: Comparison): string[] => pairs.map(({ a, b }) => `${a.path}#${a.name} ${b.path}#${b.name}`).toSorted();

describe('simcode compare', () => {
  it('finds what two trees share, with the share of each tree and file', async () => {
    const { code, stdout, stderr } = await simcode(['compare', 'original', 'copy', '--json'], { cwd: folder, env });
    expect([code, stderr]).toEqual([0, '']);
    const found = comparisonSchema.parse(JSON.parse(stdout));
    expect(names(found)).toEqual([
      'inventory.ts#parseItems stock.ts#parseItems', 'inventory.ts#reorderList stock.ts#shoppingList', 'setup.ts#readArguments main.ts#readArguments',
    ]);
    expect(found.a).toMatchObject({ name: 'original', files: 2, functions: 4, functionsFound: 3, functionShare: 0.75, lines: 43, linesFound: 30 });
    expect(found.b).toMatchObject({ name: 'copy', files: 2, functions: 4, functionsFound: 3 });
    expect(found.files.a).toMatchObject([
      { path: 'inventory.ts', functions: 3, functionsFound: 2, counterpart: 'stock.ts' }, { path: 'setup.ts', functionShare: 1, lineShare: 1, counterpart: 'main.ts' },
    ]);
    expect(found.pairs.find(({ a }) => a.name === 'readArguments')).toMatchObject({ type: 1, similarity: 1 });
    const weights = found.pairs.map(({ a, b, similarity }) => similarity * Math.min(a.lines, b.lines));
    expect(weights).toEqual(weights.toSorted((x, y) => y - x));
  });

  it('leaves out what is common property, and takes the operating point of the purpose', async () => {
    const found = await compare(...at('original', 'copy'), '--ignore-common', ...at('template'), '--purpose', 'plagiarism');
    expect(names(found)).toEqual(['inventory.ts#parseItems stock.ts#parseItems', 'inventory.ts#reorderList stock.ts#shoppingList']);
    expect([found.a.common, found.b.common, found.a.functions, found.ignoreCommon]).toEqual([1, 1, 3, at('template')]);
    const calibration = JSON.parse(readFileSync(join(root, 'models/mini/calibration.json'), 'utf8')) as { operatingPoints: Record<string, number> };
    expect([found.purpose, found.threshold]).toEqual(['plagiarism', calibration.operatingPoints['plagiarism']]);
  });

  it('prints tables for people within the width', async () => {
    const stdout = await runHere(['compare', ...at('original', 'copy')], folder);
    expect(stdout).toMatch(/^75% of the functions and 69% of the lines of .*original are found in .*copy \(3 of 4 functions, 30 of 43 lines\)\n/);
    expect(stdout).toMatch(/│ +99% │ renamed copy +│ inventory\.ts:4-12 +│ stock\.ts:4-13 +│/);
    expect(stdout).toMatch(/^Files of .*copy$/m);
    expect(stdout.split('\n').filter((line) => /^[│┌├└]/.test(line)).every((line) => line.length <= 100)).toBe(true);
  });

  it('compares single files, and a tree with a folder inside of it', async () => {
    expect(names(await compare(...at('original/setup.ts', 'copy/main.ts')))).toEqual(['setup.ts#readArguments main.ts#readArguments']);
    const found = await compare(...at('.', 'copy'));
    expect(found.a.files).toBe(3);
    expect(found.pairs.every(({ a }) => !a.path.startsWith('copy/'))).toBe(true);
    expect(found.b.functionsFound).toBe(3);
  });

  it('finds a whole copy whole, tests included, however many times a function is there', async () => {
    const text = readFileSync(join(root, 'fixtures/compare/original/setup.ts'), 'utf8');
    mkdirSync(join(folder, 'many'), { recursive: true });
    for (let i = 0; i < 60; i++) writeFileSync(join(folder, `many/${i}.test.ts`), text);
    const found = await compare(...at('many', 'copy'));
    expect([found.a.functions, found.a.functionShare, found.a.lineShare]).toEqual([60, 1, 1]);
    expect(found.b).toMatchObject({ functions: 4, functionsFound: 1 });
  });

  it('refuses what cannot be compared', async () => {
    mkdirSync(join(folder, 'empty'), { recursive: true });
    symlinkSync(join(folder, 'original'), join(folder, 'alias'));
    for (const [args, message] of [
      [at('original', 'original/'), /original and .*original\/ are the same\. \| To find the clones within one tree: simcode scan .*original/],
      [at('original', 'alias'), /are the same/],
      [at('original'), /^Two trees are compared, not 1\. \| For example/],
      [at('original', 'gone'), /gone does not exist \| /],
      [at('original', 'empty'), /^Nothing to compare: .*empty has no source file\./],
      [[...at('original', 'copy'), '--min-lines', '99'], /^Nothing to compare: .*original has no function of 99 lines/],
      [[...at('original', 'copy'), '--ignore-common', ...at('copy')], /^--ignore-common .*copy is one of the trees compared/],
      [[...at('original', 'copy'), '--purpose', 'plagarism'], /Did you mean "plagiarism"/],
    ] as const) expect(await failureOf(['compare', ...args])).toMatch(message);
  });
});
