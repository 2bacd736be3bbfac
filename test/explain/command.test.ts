import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Explanation } from '../../src/explain/schema.ts';
import { explanationSchema } from '../../src/explain/schema.ts';
import type { JsonReport } from '../../src/report/schema.ts';
import { simcode, temporaryFolder } from '../cli/run.ts';
import { fixture } from './load.ts';
import { failureOf, runHere, useEnvironment } from './run.ts';

const folder = temporaryFolder();
const env = { SIMCODE_CACHE_DIR: join(folder, 'cache'), COLUMNS: '100' };
useEnvironment(env);
beforeAll(() => {
  for (const name of ['billing.ts', 'billing.py']) writeFileSync(join(folder, name), fixture(name));
});
const at = (place: string): string => join(folder, place);
const parse = (text: string): Explanation => explanationSchema.parse(JSON.parse(text));
const explain = (...args: readonly string[]) => runHere(['explain', ...args], folder);

describe('simcode explain', () => {
  it('explains a class of a scan by the beginning of its id, with the numbers of the scan', async () => {
    const report = JSON.parse(await runHere(['scan', folder, '--json'], folder)) as JsonReport;
    const cluster = report.clusters.find(({ members }) => members.some(({ name }) => name === 'feeTotal'));
    const found = parse(await explain(cluster?.id.slice(0, 8) ?? '', '--in', folder, '--json', '--pairs', '0'));
    expect(found.class).toMatchObject({ id: cluster?.id, fingerprint: cluster?.fingerprint, type: cluster?.type });
    expect(found.pairs).toHaveLength((cluster?.members.length ?? 0) - 1);
    for (const pair of found.pairs) {
      expect(pair.reported).toBe(pair.similarity >= found.threshold);
      const margin = pair.contributions.reduce((sum, { logOdds }) => sum + logOdds, pair.bias);
      const probability = 1 / (1 + Math.exp(-margin));
      if (probability <= 0.9) expect(pair.similarity).toBeCloseTo(probability, 9);
      else if (pair.type <= 2) expect(pair.similarity).toBeGreaterThanOrEqual(0.99);
      else expect(pair.similarity).toBeCloseTo(0.9 + 0.9 * (probability - 0.9), 9);
    }
    const inReport = cluster?.pairs.find((pair) => [pair.a, pair.b].includes(cluster.representative));
    expect(found.pairs.map(({ similarity }) => similarity.toFixed(6))).toContain(inReport?.similarity.toFixed(6));
    expect(await failureOf(['explain', 'fffffff', '--in', folder])).toMatch(/^There is no class fffffff among the \d+ of this scan\. \| An id changes when a member does/);
  });

  it('explains two functions to people: evidence, renames, differences, merge and both texts', async () => {
    const { code, stdout } = await simcode(['explain', 'billing.ts:8', 'billing.ts:20'], { cwd: folder, env });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^a {2}billing\.ts:5-15 {2}invoiceTotal\nb {2}billing\.ts:17-26 {2}feeTotal\n/);
    expect(stdout).toMatch(/edited copy \(type 3\), \d+% similar \(threshold \d+%\)/);
    expect(stdout).toMatch(/Proposed by .*token structure/);
    expect(stdout).toMatch(/Why \(log-odds; their sum makes the similarity\):\n +[+−]\d+\.\d\d {2}before any evidence\n/);
    expect(stdout).toContain('  price → amount (not a local name)');
    expect(stdout).toMatch(/operator {3}11\/22 {5}> → >= {2}\(in a condition\)/);
    expect(stdout).toContain('One function with 7 parameters does for both.');
    expect(stdout).toMatch(/^ 9 .*line\.price \* line\.quantity; +≈ 20 .*fee\.amount \* fee\.units;$/m);
    expect(stdout.split('\n').every((line) => line.length <= 100 || line.startsWith('To merge'))).toBe(true);
  });

  it('explains a port by what corresponds, and line beside line', async () => {
    const [pair] = parse(await explain(at('billing.ts:8'), at('billing.py:3'), '--json')).pairs;
    expect(pair).toMatchObject({ type: 4, merge: { verdict: 'port' }, correspondence: { calls: { shared: ['round'] } } });
    const beside = (pair?.diff ?? []).filter(({ a, b }) => a !== undefined && b !== undefined);
    expect(beside.length).toBeGreaterThanOrEqual(4);
    for (const side of ['a', 'b'] as const) {
      const lines = (pair?.diff ?? []).flatMap((row) => row[side]?.line ?? []);
      expect(lines).toEqual([...new Set(lines)].toSorted((x, y) => x - y));
    }
    const text = await explain(at('billing.ts:8'), at('billing.py:3'));
    expect(text).toContain('calls in both: round');
    expect(text).toContain('Side by side');
    const [left] = parse(await explain(at('billing.ts:8'), at('billing.py:3'), '--cross-language', 'off', '--json')).pairs;
    expect(left?.notes).toContain('pairs across languages are left out (--cross-language off)');
  });

  it('says why a scan is silent about a pair', async () => {
    const [pair] = parse(await explain(at('billing.ts:28'), at('billing.ts:44'), '--json')).pairs;
    expect(pair?.reported).toBe(false);
    expect(pair?.notes.join('\n')).toMatch(/below the threshold of 0\.\d+\nsmall has 1 lines and \d+ tokens; the floor is 5 and 30/);
  });

  it('says what is wrong with a place or an id', async () => {
    expect(await failureOf(['explain', at('billing.ts:1'), at('billing.ts:20')])).toBe(
      'There is no function at billing.ts:1; the nearest is invoiceTotal in lines 5 to 15. | Try billing.ts:5');
    expect(await failureOf(['explain', at('billing.ts:8')])).toMatch(/billing\.ts:8 is one function; a pair needs two\. \| For example/);
    expect(await failureOf(['explain', at('billing.ts:8'), 'billing.py'])).toMatch(/^billing\.py is no place/);
    expect(await failureOf(['explain', at('billing.ts:8'), at('billing.ts:9')])).toMatch(/^Both places lie in invoiceTotal \(billing\.ts:5-15\)\./);
    expect(await failureOf(['explain', at('billing.ts:8'), at('gone.ts:9')])).toMatch(/gone\.ts does not exist/);
    expect(await failureOf(['explain'])).toMatch(/^Give one class id, or two functions as path:line\. \| /);
  });
});
