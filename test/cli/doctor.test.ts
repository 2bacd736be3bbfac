import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { attempt, checkNode, goldenModel, grammars } from '../../src/cli/checks.ts';
import { SimcodeError } from '../../src/errors.ts';
import { root, simcode, temporaryFolder } from './run.ts';

const folder = temporaryFolder();

describe('simcode doctor', () => {
  it('tries out every part', async () => {
    const { code, stdout, stderr } = await simcode(['doctor'], { env: { SIMCODE_CACHE_DIR: join(folder, 'cache') } });
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^ok {4}node {9}v\d+/m);
    expect(stdout).toMatch(/^ok {4}onnxruntime {2}\d+\.\d+\.\d+, devices: cpu/m);
    expect(stdout).toMatch(/^ok {4}model mini {3}mini \S+, \d+ dimensions, runs on cpu$/m);
    expect(stdout).toMatch(/^ok {4}grammars {5}\d+ languages: .*javascript.*python.*tsx.*typescript/m);
    expect(stdout).toMatch(/^ok {4}cache {8}.*cache, 0 vectors, 0\.0 MB$/m);
    expect(stdout).toMatch(/^(ok|warn) {2,4}hnswlib/m);
    expect(stdout).toMatch(/^ok {4}git {10}\d+\./m);
  });

  it('warns and says how to mend what scans can do without', async () => {
    const { code, stdout } = await simcode(['doctor', '--json'], { env: { SIMCODE_CACHE_DIR: '/dev/null/cache', PATH: folder } });
    expect(code).toBe(0);
    const { ok, checks } = JSON.parse(stdout) as { ok: boolean; checks: { name: string; status: string; hint?: string }[] };
    expect(ok).toBe(true);
    const named = Object.fromEntries(checks.map((check) => [check.name, check]));
    expect(named['cache']).toMatchObject({ status: 'warn', hint: expect.stringContaining('SIMCODE_CACHE_DIR') as string });
    expect(named['git']).toMatchObject({ status: 'warn', hint: expect.stringContaining('--no-git') as string });
    expect(named['model mini']).toMatchObject({ status: 'ok' });
  });
});

describe('checks', () => {
  it.each([
    ['v20.19.0', 'ok'], ['v20.18.3', 'fail'], ['v18.20.0', 'fail'], ['v21.7.0', 'fail'], ['v22.11.0', 'fail'], ['v22.12.0', 'ok'], ['v24.0.0', 'ok'],
  ])('node %s: %s', (version, status) => {
    expect(checkNode(version).status).toBe(status);
  });

  it('notices weights that do not belong to the recorded vectors', async () => {
    const dir = join(folder, 'model');
    cpSync(join(root, 'models/mini'), dir, { recursive: true });
    const golden = JSON.parse(readFileSync(join(dir, 'golden.json'), 'utf8')) as { vector: number[] }[];
    const [first] = golden;
    writeFileSync(join(dir, 'golden.json'), JSON.stringify([{ ...first, vector: first?.vector.toReversed() }]));
    await expect(goldenModel(dir)).rejects.toMatchObject({ code: 'bad-model', message: expect.stringContaining('wrong vectors') as string });
  });

  it('names a grammar that does not load', async () => {
    const dir = join(folder, 'grammars');
    cpSync(join(root, 'grammars/python'), join(dir, 'python'), { recursive: true });
    mkdirSync(join(dir, 'broken'));
    await expect(grammars(dir)).rejects.toMatchObject({ code: 'missing-grammar', message: expect.stringMatching(/^Cannot load broken \(/) as string });
  });

  it('carries the hint of what failed', async () => {
    const check = await attempt('x', 'fail', () => Promise.reject(new SimcodeError('io', 'no disk', { hint: 'buy one' })));
    expect(check).toEqual({ name: 'x', status: 'fail', message: 'no disk', hint: 'buy one' });
  });
});
