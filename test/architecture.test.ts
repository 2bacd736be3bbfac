import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempFolder } from './helpers/temp.ts';

/** Lints one file as if it lay in the project. */
function lint(path: string, text: string): { readonly code: number | null; readonly output: string } {
  const folder = tempFolder({ [path]: text });
  mkdirSync(join(folder, 'src'), { recursive: true });
  cpSync('.oxlintrc.json', join(folder, '.oxlintrc.json'));
  const { status, stdout } = spawnSync(process.execPath, [resolve('node_modules/oxlint/bin/oxlint'), '--deny-warnings', '.'], { cwd: folder, encoding: 'utf8' });
  return { code: status, output: stdout };
}

describe('the import law', () => {
  it.each([
    ['src/cluster/peek.ts', "import { scorePairs } from '../score/score.ts';\nexport const peek = scorePairs;\n", 'A stage sees only'],
    ['src/score/disk.ts', "import { readFile } from 'node:fs/promises';\nexport const disk = readFile;\n", 'Effects live in io'],
    ['src/pipeline.ts', "import { cacheDir } from './io/paths.ts';\nexport const scan = cacheDir;\n", 'stages and ports only'],
    ['src/run/disk.ts', "import { cacheDir } from '../io/paths.ts';\nexport const dir = cacheDir;\n", 'stages and ports only'],
    ['src/io/up.ts', "import { main } from '../cli/main.ts';\nexport const up = main;\n", 'io implements ports'],
    ['src/types.ts', "import { scan } from './pipeline.ts';\nexport type Scan = typeof scan;\n", 'depends on nothing'],
    ['src/eval/direct.ts', "import { cacheDir } from '../io/paths.ts';\nexport const direct = cacheDir;\n", 'stages and ports only'],
  ])('refuses %s', (path, text, reason) => {
    const { code, output } = lint(path, text);
    expect(output).toContain(reason);
    expect(code).toBe(1);
  });

  it('lets the pipeline see stages', () => {
    expect(lint('src/pipeline.ts', "import { scorePairs } from './score/score.ts';\nexport const scan = scorePairs;\n").code).toBe(0);
  });
});
