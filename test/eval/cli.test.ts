import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../helpers/temp.ts';

const functions = 'fixtures/eval/functions/functions.jsonl';

interface Outcome { readonly code: number; readonly stdout: string; readonly stderr: string }
const simcode = (...args: string[]): Promise<Outcome> => new Promise((resolve) => {
  execFile(process.execPath, ['bin/simcode.js', 'eval', '--no-cache', ...args], (error, stdout, stderr) => {
    resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
  });
});

interface Scores { results: { dataset: string; masked: string; model: { id: string }; views: { view: string; queries: number; mapAtR: { mean: number; low: number; high: number } }[] }[] }
const view = (scores: Scores, model: string, name: string) =>
  scores.results.find((result) => result.model.id === model)?.views.find((one) => one.view === name);

describe('simcode eval', () => {
  it('scores a model and the baseline on functions, in every view', async () => {
    const { code, stdout } = await simcode(functions, '--model', 'mini', '--model', 'tfidf', '--json');
    expect(code).toBe(0);
    const scores = JSON.parse(stdout) as Scores;
    expect(scores.results.map((result) => [result.model.id, result.masked])).toEqual([['mini', 'none'], ['tfidf', 'none']]);
    expect(view(scores, 'mini', 'all')?.queries).toBe(7);
    expect(view(scores, 'mini', 'same-language')?.queries).toBe(2);
    expect(view(scores, 'mini', 'cross-language')?.queries).toBe(7);
    expect(view(scores, 'mini', 'python → js/ts')?.queries).toBe(3);
    expect(view(scores, 'mini', 'all')?.mapAtR.mean).toBeGreaterThan(0.6);
    const all = view(scores, 'tfidf', 'all')?.mapAtR;
    expect(all?.low).toBeLessThanOrEqual(all?.mean ?? 0);
    expect(all?.high).toBeGreaterThanOrEqual(all?.mean ?? 1);
  });

  it('changes what is read when names are masked', async () => {
    const pairs = 'fixtures/eval/functions/pairs.jsonl';
    const [kept, masked] = await Promise.all([simcode(pairs, '--json'), simcode(pairs, '--json', '--mask-names')]);
    const result = (stdout: string) => (JSON.parse(stdout) as { results: { masked: string; pairs: { byCosine: { bestF1Threshold: number } } }[] }).results[0];
    expect([result(kept.stdout)?.masked, result(masked.stdout)?.masked]).toEqual(['none', 'all']);
    expect(result(masked.stdout)?.pairs.byCosine.bestF1Threshold).not.toBe(result(kept.stdout)?.pairs.byCosine.bestF1Threshold);
  });

  it('prints a table for people, with one per language pair on demand', async () => {
    const { stdout } = await simcode(functions, '--model', 'tfidf', '--by-language');
    expect(stdout).toContain('functions.jsonl (8 rows)');
    expect(stdout).toMatch(/tfidf\s+│\s+│ kept\s+│ cross-language\s+│ 7/);
    expect(stdout).toMatch(/tfidf, kept │ js\/ts\s+│ python/);
  });

  it('scores labelled pairs by similarity and cosine', async () => {
    const { stdout } = await simcode('fixtures/eval/functions/pairs.jsonl', '--json');
    const [result] = (JSON.parse(stdout) as { results: { pairs: { auc: number; pairs: number; positives: number; byCosine: { auc: number }; atDefault: { precision: number } } }[] }).results;
    expect(result?.pairs).toMatchObject({ pairs: 28, positives: 5 });
    expect(result?.pairs.byCosine.auc).toBeGreaterThan(0.8);
    expect(result?.pairs.atDefault.precision).toBeGreaterThan(0.5);
  });

  it('counts the triples in the right order: a renamed copy before one with an operator or a callee changed', async () => {
    const [json, table] = await Promise.all([simcode('fixtures/eval/functions/triples.jsonl', '--json'), simcode('fixtures/eval/functions/triples.jsonl', '--model', 'tfidf')]);
    const [result] = (JSON.parse(json.stdout) as { results: { rows: number; triples: { bySimilarity: { mean: number; count: number } } }[] }).results;
    // the last triple has its sides changed over
    expect(result).toMatchObject({ rows: 3, triples: { bySimilarity: { mean: 2 / 3, count: 3 } } });
    expect(table.stdout).toMatch(/tfidf .*similarity/);
  });

  it('compares instructions of a model in folder form, in accuracy and time, and refuses one it does not know', async () => {
    const model = 'fixtures/embed/parity/bert-cls';
    const { code, stdout } = await simcode(functions, '--model', model, '--instruction', 'none', '--instruction', 'search', '--dtype', 'fp32', '--json');
    expect(code).toBe(0);
    const { results } = JSON.parse(stdout) as { results: { embedded: number; seconds: number; asQueries?: boolean; byLanguage: { languages: string[]; mapAtR: number[][] }; views: { mapAtR: { mean: number } }[] }[] };
    expect(results.map(({ asQueries }) => asQueries)).toEqual([undefined, true]);
    expect(results.map(({ embedded }) => embedded)).toEqual([8, 16]);
    expect(results[0]?.views[0]?.mapAtR.mean).not.toBe(results[1]?.views[0]?.mapAtR.mean);
    expect(results[0]?.byLanguage.languages).toEqual(['js/ts', 'python']);
    expect(results[0]?.byLanguage.mapAtR).toHaveLength(2);
    expect(await simcode(functions, '--model', model, '--instruction', 'serch')).toMatchObject({ code: 2, stderr: expect.stringContaining('clone, plagiarism, search') as string });
    expect(await simcode(functions, '--model', model, '--dtype', 'q4')).toMatchObject({ code: 2, stderr: expect.stringContaining('no q4 weights') as string });
  });

  it('names bad rows by line, missing files and unknown languages', async () => {
    const folder = tempFolder();
    const bad = join(folder, 'bad.jsonl');
    await writeFile(bad, `${(await readFile(functions, 'utf8')).split('\n')[0] ?? ''}\n{"id": 3}\n`);
    expect(await simcode(bad)).toMatchObject({ code: 2, stderr: expect.stringContaining('line 2') as string });
    expect(await simcode(join(folder, 'none.jsonl'))).toMatchObject({ code: 2, stderr: expect.stringContaining('Cannot read the dataset') as string });
    await writeFile(bad, '{"id":"1","task":"t","lang":"klingon","code":"x"}\n');
    expect(await simcode(bad, '--model', 'tfidf')).toMatchObject({ code: 2, stderr: expect.stringContaining('klingon') as string });
  });
});
