import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commit, git, tempRepository, writeFiles } from '../helpers/temp.ts';
import { check, names, sample, simcode, twentyClasses } from './cli.ts';

const baseline = '.simcode-baseline.json';

describe('a repository with twenty known classes', () => {
  it('lives with its baseline: paste, edit, accept, delete, prune', async () => {
    const folder = tempRepository(twentyClasses());
    expect(await simcode(folder, 'check')).toMatchObject({ code: 2, stderr: expect.stringContaining('There is no .simcode-baseline.json') as string });
    expect(await simcode(folder, 'baseline')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\.simcode-baseline\.json: \d+ known classes, 0 accepted\.\n$/) as string });
    commit(folder, 'baseline');
    const before = readFileSync(join(folder, baseline), 'utf8');
    for (const name of names) expect(before).toContain(`"copies/${name}"`);
    expect(before.split('\n').filter((line) => line.startsWith('{"members"')).length).toBeGreaterThanOrEqual(20);
    expect(await check(folder)).toMatchObject({ code: 0, new: [], gone: [] });

    // a renamed copy of a function that had none
    writeFiles(folder, { 'app/heading.ts': sample('type2', 'slugify.ts') });
    const pasted = await check(folder);
    expect(pasted).toMatchObject({ code: 1, fresh: ['app/heading.ts#motor'] });
    expect(pasted.findings?.[0]).toMatchObject({ rule: 'new-clone', level: 'error', twin: { path: 'lib/slugify.ts', name: 'slugify', startLine: 1 } });
    expect(pasted.findings?.[0]?.advice).toContain('Call slugify in lib/slugify.ts:1 instead');
    const text = await simcode(folder, 'check');
    expect(text.stdout).toContain('app/heading.ts:1: new renamed copy');
    expect(text.stdout).toContain('only names and literals differ: slugify → motor');

    // the baseline accepts it, for a reason
    const id = pasted.new[0] ?? '';
    expect(await simcode(folder, 'baseline', '--accept', id)).toMatchObject({ code: 2, stderr: expect.stringContaining('needs a reason') as string });
    expect(await simcode(folder, 'baseline', '--accept', id, '--reason', 'headings will part')).toMatchObject({ code: 0 });
    expect(await check(folder)).toMatchObject({ code: 0, new: [], accepted: [{ class: id, reason: 'headings will part' }] });
    // writing the rest anew keeps it
    expect((await simcode(folder, 'baseline')).stdout).toContain('1 accepted');
    expect(await check(folder)).toMatchObject({ code: 0, accepted: [{ class: id }] });
    commit(folder, 'accepted');

    // another copy of the accepted function is new again
    writeFiles(folder, { 'app/third.ts': sample('base', 'slugify.ts') });
    expect(await check(folder)).toMatchObject({ code: 1, fresh: ['app/third.ts#slugify'] });
    rmSync(join(folder, 'app/third.ts'));

    // a copy goes
    rmSync(join(folder, 'copies/parse-csv.ts'));
    const gone = await check(folder);
    expect([gone.code, gone.gone.length]).toEqual([0, 1]);
    expect((await simcode(folder, 'baseline', '--prune')).stdout).toContain('(0 added, 1 removed), 1 accepted');
    expect(readFileSync(join(folder, baseline), 'utf8')).not.toContain('copies/parse-csv.ts');
    expect(await check(folder)).toMatchObject({ code: 0, gone: [] });
    // pruning adds nothing: what was pruned is new when it comes back
    writeFiles(folder, { 'copies/parse-csv.ts': sample('type2', 'parse-csv.ts') });
    expect((await simcode(folder, 'baseline', '--prune')).stdout).toContain('(0 added, 0 removed)');
    expect((await check(folder)).fresh).toEqual([expect.stringMatching(/^(copies|lib)\/parse-csv\.ts#/)]);
  });

  it('takes a light edit, a rename and a move of a known clone for what they are, and names drift', async () => {
    const folder = tempRepository(twentyClasses());
    expect((await simcode(folder, 'baseline')).code).toBe(0);
    commit(folder, 'baseline');
    const edited = sample('base', 'invoice-total.ts').replace(/^(export )?function (\w+)\(([^)]*)\)([^{]*)\{/m, (head) => `${head}\n  const started = Date.now();\n  void started;`);
    expect(edited).not.toBe(sample('base', 'invoice-total.ts'));
    writeFiles(folder, { 'lib/invoice-total.ts': edited });
    expect(await check(folder)).toMatchObject({ code: 0, new: [] });
    const drift = await check(folder, '--against', 'HEAD');
    expect(drift.code).toBe(0);
    expect(drift.drift).toMatchObject([{ rule: 'drift', level: 'warning', member: { path: 'lib/invoice-total.ts' }, twin: { path: 'copies/invoice-total.ts' } }]);
    expect(drift.drift?.[0]?.message).toContain('only');
    expect(await check(folder, '--against', 'HEAD', '--fail-on', 'drift')).toMatchObject({ code: 1, new: [], drift: [{ level: 'error' }] });
    expect((await simcode(folder, 'check', '--against', 'HEAD')).stdout).toContain('lib/invoice-total.ts:1: drift');

    // the same edit in the other copy: no drift
    const twin = sample('type2', 'invoice-total.ts').replace(/^(export )?function (\w+)\(([^)]*)\)([^{]*)\{/m, (head) => `${head}\n  const begun = Date.now();\n  void begun;`);
    writeFiles(folder, { 'copies/invoice-total.ts': twin });
    expect(await check(folder, '--against', 'HEAD')).toMatchObject({ code: 0, new: [], drift: [] });

    git(folder, 'mv', 'copies/card-check.ts', 'copies/card-number.ts');
    git(folder, 'mv', 'lib', 'source');
    for (const args of [[], ['--against', 'HEAD']]) expect(await check(folder, ...args)).toMatchObject({ code: 0, new: [], gone: [] });
  });

  it('knows what is new since a commit, in changed and in staged lines', async () => {
    const folder = tempRepository(twentyClasses());
    writeFiles(folder, { 'app/heading.ts': sample('type2', 'slugify.ts'), 'app/other.ts': 'export const nothing = 1;\n' });
    for (const args of [['--against', 'HEAD'], ['--since', 'HEAD'], ['--changed']]) {
      expect(await check(folder, ...args)).toMatchObject({ code: 1, fresh: ['app/heading.ts#motor'] });
    }
    expect(await check(folder, '--staged')).toMatchObject({ code: 0, new: [] });
    git(folder, 'add', 'app/heading.ts');
    // what is staged counts, not what lies in the folder
    rmSync(join(folder, 'app/heading.ts'));
    expect(await check(folder, '--staged')).toMatchObject({ code: 1, fresh: ['app/heading.ts#motor'], against: { kind: 'changes', name: 'staged' } });
    expect((await check(folder, '--staged', '--max-new', '1')).code).toBe(0);
    expect((await check(folder, '--staged', '--types', '1')).code).toBe(0);
    expect(await check(folder, '--staged', '--exit-zero')).toMatchObject({ code: 0, fresh: ['app/heading.ts#motor'] });
  });

  it('hears suppressions, lists them, and says which are of no use', async () => {
    const folder = tempRepository(twentyClasses());
    writeFiles(folder, {
      'app/heading.ts': `// simcode-ignore: headings follow another standard\n${sample('type2', 'slugify.ts')}`,
      'lib/retry.ts': `// simcode-ignore: nothing like it\n${sample('base', 'retry.ts')}`,
      'app/bare.ts': `// simcode-ignore\n${sample('type2', 'task-order.ts')}`,
    });
    const heard = await check(folder, '--against', 'HEAD', '--report-unused');
    expect(heard.code).toBe(1);
    expect(heard.fresh.map((member) => member.split('#')[0])).toEqual(['app/bare.ts']);
    expect(heard.suppressed).toMatchObject([{ member: expect.stringContaining('app/heading.ts#motor') as string, line: 1, reason: 'headings follow another standard' }]);
    expect(heard.unused).toEqual([{ path: 'lib/retry.ts', line: 1, reason: 'nothing like it' }]);
    expect(heard.warnings.map(({ code, path }) => [code, path])).toEqual(expect.arrayContaining([['suppression', 'app/bare.ts'], ['unused-suppression', 'lib/retry.ts']]));
  });

  it('merges baselines line by line', async () => {
    const folder = tempRepository(twentyClasses());
    await simcode(folder, 'baseline');
    commit(folder, 'baseline');
    git(folder, 'checkout', '--quiet', '-b', 'other');
    for (const [branch, name] of [['other', 'retry.ts'], ['main', 'task-order.ts']] as const) {
      git(folder, 'checkout', '--quiet', branch);
      writeFiles(folder, { [`zz/${name}`]: sample('type2', name) });
      expect((await simcode(folder, 'baseline')).stdout).toContain('(1 added, 0 removed)');
      commit(folder, branch);
    }
    try {
      git(folder, 'merge', '--quiet', 'other');
    } catch {
      const file = join(folder, baseline);
      expect(await simcode(folder, 'check')).toMatchObject({ code: 2, stderr: expect.stringMatching(/baseline\.json:\d+: an unresolved merge conflict[\s\S]*both sides/) as string });
      writeFileSync(file, readFileSync(file, 'utf8').split('\n').filter((line) => !/^(<{7}|={7}|>{7})/.test(line)).join('\n'));
    }
    expect(await check(folder)).toMatchObject({ code: 0, new: [], gone: [] });
    // the next writing is in order again
    await simcode(folder, 'baseline', '--prune');
    expect(() => JSON.parse(readFileSync(join(folder, baseline), 'utf8')) as unknown).not.toThrow();
    expect(await check(folder)).toMatchObject({ code: 0, new: [], gone: [] });
  });
});
