import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { demo, simcode, temporaryFolder } from './run.ts';

vi.setConfig({ testTimeout: 300_000 });
const folder = temporaryFolder();
const tree = join(folder, 'tree');
const cache = join(folder, 'cache');
cpSync(demo, tree, { recursive: true });

interface Report { readonly summary: Record<string, unknown> & { readonly seconds: Record<string, number> }; readonly clusters: readonly { readonly members: readonly { readonly path: string }[] }[] }

async function scan(...flags: readonly string[]): Promise<{ readonly report: Report; readonly rest: unknown; readonly analysed: boolean }> {
  const { stdout, stderr, code } = await simcode(['scan', '.', '--json', '--no-git', ...flags], { cwd: tree, env: { SIMCODE_CACHE_DIR: cache } });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const report = JSON.parse(stdout) as Report;
  const { seconds, embedded: _embedded, cached: _cached, ...summary } = report.summary;
  return { report, rest: { ...report, summary }, analysed: 'score' in seconds };
}

test('a second scan takes its classes from the first, until a file, an option or the kept result changes', async () => {
  const cold = await scan();
  expect(cold.analysed).toBe(true);
  const warm = await scan();
  expect(warm.analysed).toBe(false);
  expect(warm.rest).toEqual(cold.rest);
  expect(warm.report.summary).toMatchObject({ embedded: 0, cached: cold.report.summary['embedded'] });

  expect((await scan('--threshold', '0.99')).analysed).toBe(true);
  expect((await scan('--rule', 'parallel=off')).analysed).toBe(true);
  expect((await scan('--no-cache')).analysed).toBe(true);

  const copied = 'web/account/profile.ts';
  writeFileSync(join(tree, 'web/another.ts'), readFileSync(join(tree, copied)));
  const grown = await scan();
  expect(grown.analysed).toBe(true);
  expect(grown.report.clusters.flatMap(({ members }) => members.map(({ path }) => path))).toContain('web/another.ts');

  const [kept = ''] = readdirSync(join(cache, 'chunks-1')).filter((name) => name.endsWith('.result.bin'));
  writeFileSync(join(cache, 'chunks-1', kept), 'damaged');
  const again = await scan();
  expect(again.analysed).toBe(true);
  expect(again.rest).toEqual(grown.rest);
});

test('a scan after an edit says what one from scratch says, from damaged pairs too, of which it warns', async () => {
  const edit = (line: string): void => writeFileSync(join(tree, 'web/another.ts'), `${readFileSync(join(tree, 'web/another.ts'), 'utf8')}\n${line}\n`);
  const scratch = join(folder, 'other');
  const report = async (dir: string): Promise<Report & { readonly warnings: readonly { readonly code: string }[] }> => {
    const { stdout } = await simcode(['scan', '.', '--json', '--no-git'], { cwd: tree, env: { SIMCODE_CACHE_DIR: dir } });
    return JSON.parse(stdout) as Report & { readonly warnings: readonly { readonly code: string }[] };
  };
  edit('export function another(a, b) { let n = 0; for (const x of a) { if (x > b) n += x; else n -= b; } return [n, a.length, b]; }');
  const after = await report(cache);
  expect(after.clusters).toEqual((await report(scratch)).clusters);

  edit('// more');
  const [kept = ''] = readdirSync(join(cache, 'chunks-1')).filter((name) => name.endsWith('.pairs.bin'));
  writeFileSync(join(cache, 'chunks-1', kept), 'damaged');
  const again = await report(cache);
  expect(again.warnings.map(({ code }) => code)).toEqual(['cache-corrupt']);
  expect(again.clusters).toEqual(after.clusters);
  expect((await report(cache)).warnings).toEqual([]);
});
