import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { openScanner } from '../../src/cli/wiring.ts';
import { defaults } from '../../src/config/defaults.ts';
import { json } from '../../src/report/json.ts';
import type { FileSource } from '../../src/types.ts';
import { demo, root, simcode, temporaryFolder } from './run.ts';

vi.setConfig({ testTimeout: 300_000 });
const folder = temporaryFolder();
cpSync(demo, join(folder, 'tree/demo'), { recursive: true });
for (const part of ['base', 'type2']) cpSync(join(root, 'fixtures/micro', part), join(folder, 'tree/micro', part), { recursive: true });

const untimed = (text: string): string => text.replace(/"seconds": \{[^}]*\}/, '"seconds": {}');

test('two runs with different worker counts write the same bytes', async () => {
  const run = async (threads: string): Promise<string> => {
    const { stdout, code } = await simcode(['scan', '.', '--json', '--no-cache', '--threads', threads], { cwd: join(folder, 'tree'), env: { SIMCODE_CACHE_DIR: join(folder, `cache${threads}`) } });
    expect(code).toBe(0);
    return untimed(stdout);
  };
  const [one, three] = [await run('1'), await run('3')];
  expect(three).toBe(one);
  expect(JSON.parse(one).clusters.length).toBeGreaterThan(10);
});

test('files in any order give the same bytes', async () => {
  const home = process.cwd();
  process.chdir(join(folder, 'tree'));
  const scanner = await openScanner({ ...defaults, cache: false, paths: [] }, { onEvent: () => undefined });
  try {
    const shuffled = (order: (path: string) => string): FileSource => ({
      ...scanner.files,
      list: async () => {
        const listed = await scanner.files.list();
        return { ...listed, paths: listed.paths.toSorted((x, y) => (order(x) < order(y) ? -1 : 1)) };
      },
    });
    const report = async (files: FileSource): Promise<string> => untimed(json(await scanner.scan(files), {}));
    const plain = await report(scanner.files);
    expect(await report(shuffled((path) => [...path].toReversed().join('')))).toBe(plain);
    expect(await report(shuffled((path) => String.fromCodePoint(0x10000 - (path.codePointAt(path.length - 5) ?? 0)) + path))).toBe(plain);
  } finally {
    await scanner.close();
    process.chdir(home);
  }
});
