import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';

const bin = join(import.meta.dirname, '../../bin/simcode.js');
const run = promisify(execFile);
const folder = await mkdtemp(join(tmpdir(), 'simcode-lexemes-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

async function simcode(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  try {
    return { code: 0, ...await run(process.execPath, [bin, 'lexemes', ...args]) };
  } catch (error) {
    return error as { code: number; stdout: string; stderr: string };
  }
}

const rows = (text: string) => text.trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);

describe('simcode lexemes', () => {
  it('writes one line a function of a folder', async () => {
    await writeFile(join(folder, 'a.py'), 'def outer(a, b):\n    """Adds."""\n    def inner(c):\n        return c\n    return inner(a) + b\n');
    await writeFile(join(folder, 'notes.txt'), 'no code');
    const { stdout, code } = await simcode(folder, '--min-lines', '2', '--min-tokens', '5');
    expect(code).toBe(0);
    expect(rows(stdout)).toEqual([
      {
        path: 'a.py', lang: 'python', kind: 'function', name: 'outer', startLine: 1, endLine: 5, doc: 'Adds.', text: expect.stringMatching(/^def outer/),
        lexemes: ['def', 'outer', 'a', 'b', ':', 'def', 'inner', 'c', ':', 'return', 'c', 'return', 'inner', 'a', '+', 'b'],
        names: [0, -1, 1, 2, 0, 0, -2, 3, 0, 0, 3, 0, -2, 1, 0, 2],
      },
      expect.objectContaining({ name: 'outer.inner', startLine: 3 }),
    ]);
  });

  it('reads rows of a dataset, bare methods too, into a file, and says what it left out', async () => {
    const dataset = join(folder, 'rows.jsonl');
    const method = 'public int twice(int x) { return x * 2; }';
    await writeFile(dataset, [
      { id: 1, lang: 'java', code: method }, { id: 'b', lang: 'c#', code: method }, { id: 3, lang: 'php', code: 'function f($x) { return $x; }' },
      { id: 4, lang: 'kotlin', code: 'fun f(x: Int) = x' }, { id: 5, lang: 'cobol', code: 'x' },
    ].map((row) => JSON.stringify(row)).join('\n'));
    const output = join(folder, 'out.jsonl');
    const { stderr, code } = await simcode('--dataset', dataset, '-o', output);
    expect([code, stderr]).toEqual([0, `${dataset}:5: left out: no grammar for "cobol"\n4 written, 1 left out\n`]);
    const written = rows(await readFile(output, 'utf8'));
    expect(written.map(({ id, lang, names }) => [id, lang, names])).toEqual([
      [1, 'java', [0, 0, -1, 0, 1, 0, 1, 0, 0]], ['b', 'c#', [0, 0, -1, 0, 1, 0, 1, 0, 0]], [3, 'php', [0, -1, 1, 0, 1]], [4, 'kotlin', [0, -1, 1, 0, 0, 0, 1]],
    ]);
    expect(written[0]?.['lexemes']).toEqual(['public', 'int', 'twice', 'int', 'x', 'return', 'x', '*', '2']);
  });

  it.each([
    [[], /either paths or --dataset/], [['x', '--dataset', 'y'], /either paths or --dataset/], [['--dataset', '/nowhere.jsonl'], /Cannot read \/nowhere\.jsonl/],
    [['/nowhere'], /\/nowhere does not exist/], [['--min-lines', '0', '.'], /whole number/],
  ])('refuses %j with exit code 2', async (args, message) => {
    const { code, stderr } = await simcode(...args);
    expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
  });

  it('names the line of a bad row', async () => {
    const dataset = join(folder, 'bad.jsonl');
    await writeFile(dataset, '{"id":1,"lang":"go","code":"func f() {}"}\n{"id":2}\n');
    const { code, stderr } = await simcode('--dataset', dataset);
    expect([code, stderr]).toEqual([2, expect.stringContaining('bad.jsonl:2 is not a row')]);
  });
});
