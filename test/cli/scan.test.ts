import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import type { JsonReport } from '../../src/report/schema.ts';
import { bin, cleanEnv, root, simcode, temporaryFolder } from './run.ts';

const folder = temporaryFolder();
const env = { SIMCODE_CACHE_DIR: join(folder, 'cache') };

const parse = (text: string): JsonReport => JSON.parse(text) as JsonReport;
const names = (report: JsonReport): string[] => report.clusters.map((cluster) => `${cluster.type} ${cluster.members.map((member) => member.name).join(' ')}`);

/** A folder of files, by path. */
function tree(name: string, files: Readonly<Record<string, string>>): string {
  const place = join(folder, name);
  mkdirSync(place, { recursive: true });
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(place, path, '..'), { recursive: true });
    writeFileSync(join(place, path), text);
  }
  return place;
}

const copied = (name: string): string => `export function ${name}(rows: number[][]): number {
  let best = 0;
  for (const row of rows) {
    const sum = row.reduce((total, cell) => total + cell, 0);
    if (sum > best && row.length > 2) best = sum;
  }
  return best;
}
`;

describe('simcode scan', () => {
  let first: JsonReport;

  it('finds every type of clone in the demo repository, and nothing between unrelated functions', async () => {
    const { code, stdout, stderr } = await simcode(['scan', 'fixtures/demo', '--json'], { env });
    expect([code, stderr]).toEqual([0, '']);
    first = parse(stdout);
    const found = names(first);
    expect(found).toEqual(expect.arrayContaining([
      '1 slugify slugify', '2 invoiceAmount orderTotal', '3 chargeCard fetchStock', '3 orders_to_csv customers_to_csv', '4 is_gift_card isCardNumber',
    ]));
    const intended = /slugify slugify|invoiceAmount orderTotal|chargeCard fetchStock|orders_to_csv customers_to_csv|is_gift_card isCardNumber|customersByLetter productsByLetter/;
    expect(found.filter((cluster) => !intended.test(cluster))).toEqual([]);
    const schema = JSON.parse(readFileSync(join(root, 'src/report/report.schema.json'), 'utf8')) as object;
    const validate = new Ajv2020().compile(schema);
    expect([validate(first), validate.errors]).toEqual([true, null]);
  });

  it('embeds nothing the second time, and prints the same bytes but for times and cache counts', async () => {
    const { stdout } = await simcode(['scan', 'fixtures/demo', '--json'], { env });
    const again = parse(stdout);
    expect(again.summary).toMatchObject({ embedded: 0, cached: first.summary.embedded });
    const fixed = (report: JsonReport): string => JSON.stringify({ ...report, summary: { ...report.summary, seconds: 0, embedded: 0, cached: 0 } });
    expect(fixed(again)).toBe(fixed(first));
  });

  it('shows a table on stdout and writes JSON to a file in a folder it makes', async () => {
    const file = join(folder, 'deep/er/report.json');
    const { code, stdout } = await simcode(['scan', 'fixtures/demo', '-f', 'table', '-f', `json=${file}`, '--top', '1'], { env: { ...env, COLUMNS: '70' } });
    expect(code).toBe(0);
    expect(stdout.split('\n')[0]).toMatch(/^#1 same behaviour \(type 4\), 9\d% similar, 2 members, saves 16 lines, python \+ typescript [0-9a-f]{12}$/);
    const grid = stdout.split('\n').filter((line) => /^[│┌└]/.test(line));
    expect(grid.map((line) => line.length).every((length) => length <= 70)).toBe(true);
    expect(grid.join('\n')).toMatch(/» fixtures.*….*inventory\.py:38-53 │ is_gift_card │ 16 lines │/);
    expect(stdout).toMatch(/\d more class(es)?: --top 0/);
    expect(stdout).toMatch(/\d clone classes with \d+ members: \d+ lines could go\. Looked at \d+ functions in 12 files\./);
    expect(names(parse(readFileSync(file, 'utf8')))).toContain('1 slugify slugify');
  });

  it('colours stdout when told to, and never a file; without a cache it keeps nothing', async () => {
    const file = join(folder, 'table.txt');
    const cache = join(folder, 'never');
    const flags = ['--color', '--no-cache', '-f', `table=${file}`, '-f', 'table'];
    const { code, stdout } = await simcode(['scan', 'fixtures/demo', ...flags], { env: { SIMCODE_CACHE_DIR: cache, NO_COLOR: '1' } });
    expect(code).toBe(0);
    expect(stdout).toContain('\u001b[33msaves 16 lines\u001b[39m');
    expect(stdout).toContain(' and 0 from the cache');
    const text = readFileSync(file, 'utf8');
    expect(text).toContain('saves 16 lines');
    expect(text).not.toContain('\u001b');
    expect(existsSync(cache)).toBe(false);
  });

  it('says so when there are no clones, and exits 0', async () => {
    const { code, stdout } = await simcode(['scan', tree('lone', { 'a.ts': copied('only') })], { env });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^No clones found among 1 function in 1 file\./);
  });

  it('never passes when there is nothing to analyse', async () => {
    const { code, stdout, stderr } = await simcode(['scan', tree('none', { 'readme.md': '# nothing\n' })], { env });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^error: Nothing to analyse.*\nhint: /);
  });

  it('reads its configuration from the working directory', async () => {
    const place = tree('configured', { 'simcode.json': '{ "minLines": 50, "format": ["json"] }', 'a.ts': copied('one'), 'b.ts': copied('two') });
    expect(parse((await simcode(['scan'], { cwd: place, env })).stdout).summary).toMatchObject({ files: 2, chunks: 0 });
  });

  it('prints no control characters from a repository, and says in --verbose what it left out', async () => {
    const place = tree('hostile', {
      'a\u001b[2J\u202e.ts': copied('first'), 'b\nerror: fake.ts': copied('second'),
      'bad\u001b]0;x\u0007.ts': 'function broken( { {{{\n', 'vendor/jquery\u001b[31m.js': copied('third').replaceAll(/: number(\[\])*/g, ''),
    });
    for (const args of [['--verbose'], ['--json', '--verbose']]) {
      const { code, stdout, stderr } = await simcode(['scan', '.', ...args], { cwd: place, env });
      expect(code).toBe(0);
      expect(stdout + stderr).not.toMatch(/[^\n\P{Cc}]|\u202e/u);
      expect(stderr).not.toMatch(/^error/m);
      expect(stderr).toMatch(/left out: vendor.* \(vendored\)/);
    }
  });

  it('ends quietly when its reader has gone', () => {
    const script = '{ "$0" "$1" scan fixtures/demo --json; echo "code $?" >&2; } | true';
    const noted = join(folder, 'noted.txt');
    execFileSync('bash', ['-c', `exec 2>"$2"; ${script}`, process.execPath, bin, noted], { cwd: root, env: cleanEnv(env) });
    expect(readFileSync(noted, 'utf8')).toBe('code 0\n');
  });

  it('sends a report of megabytes through a pipe whole', async () => {
    // ten classes of fifty identical functions: 12,250 pairs
    const files = Object.fromEntries(Array.from({ length: 500 }, (_, i) => {
      const more = Array.from({ length: 3 * (i % 10) }, (__, n) => `  while (best > ${n}) best -= rows[${n}].length;\n`).join('');
      return [`f${i}.ts`, copied('copy').replace('  return', `${more}  return`)];
    }));
    const { code, stdout } = await simcode(['scan', tree('large', files), '--json'], { env });
    expect(code).toBe(0);
    expect(stdout.length).toBeGreaterThan(1_500_000);
    expect(parse(stdout).clusters.reduce((sum, { members }) => sum + members.length, 0)).toBe(500);
  });
});
