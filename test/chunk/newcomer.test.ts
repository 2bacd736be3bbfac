import { execFileSync } from 'node:child_process';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { chunkFile } from '../../src/chunk/chunk.ts';
import { openGrammars } from '../../src/io/grammars.ts';
import { languageOf, type LanguageInfo } from '../../src/util/languages.ts';
import { tempFolder } from '../helpers/temp.ts';

const project = join(import.meta.dirname, '../..');
const all = { minLines: 1, minTokens: 1 };
const bundled = await openGrammars();

/** What step 1 of grammars/README.md prints. */
function integrityOf(folder: string): string {
  const [packed] = JSON.parse(execFileSync('npm', ['pack', '--json', '--dry-run', folder], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })) as { integrity: string }[];
  return packed?.integrity ?? '';
}

/** Step 3: `npm run grammars`, with another folder of languages. */
function vendor(root: string, table: string): void {
  execFileSync(process.execPath, [join(project, 'node_modules/tsx/dist/cli.mjs'), join(project, 'grammars/vendor.ts'), '--root', root, '--table', table], { stdio: ['ignore', 'ignore', 'pipe'] });
}

/** The rows of a written table: each is a line of JSON. */
async function tableAt(path: string): Promise<readonly LanguageInfo[]> {
  return [...(await readFile(path, 'utf8')).matchAll(/^ {2}(\{.*\}),$/gm)].map(([, row]) => JSON.parse(row ?? '') as LanguageInfo);
}

it('a language is added by its folder alone, as grammars/README.md says', { timeout: 60_000 }, async () => {
  const root = tempFolder();
  const toy = join(root, 'toy');
  await cp(join(project, 'fixtures/chunk/toy-language/toy'), toy, { recursive: true });
  await writeFile(join(toy, 'package/toy.wasm'), (await bundled.load('lua')).wasm);
  const data = await readFile(join(toy, 'language.json'), 'utf8');
  await writeFile(join(toy, 'language.json'), data.replace('"integrity": "sha512-"', `"integrity": "${integrityOf(join(toy, 'package'))}"`));
  vendor(root, join(root, 'table.ts'));

  const table = await tableAt(join(root, 'table.ts'));
  const language = languageOf('lib/main.toy', '', table) ?? '';
  const grammars = await openGrammars(root);
  expect([language, grammars.languages, await readFile(join(toy, 'LICENSE'), 'utf8')]).toEqual(['toy', ['toy'], expect.stringContaining('Permission')]);
  expect(JSON.parse(await readFile(join(root, 'manifest.json'), 'utf8'))).toMatchObject({ languages: [{ language: 'toy', version: '1.0.0' }] });

  const text = await readFile(join(project, 'fixtures/chunk/toy-language/sample.toy'), 'utf8');
  const { chunks } = await chunkFile({ path: 'lib/main.toy', language, text, sha256: '' }, grammars, all);
  expect(chunks.map(({ kind, name, range, lexemes }) => [kind, name, range.startLine, lexemes.join(' ')])).toEqual([['function', 'double', 2, 'function double value return value * 2 end']]);
});

it('a package that is not the pinned one is refused', { timeout: 60_000 }, async () => {
  const root = tempFolder();
  await cp(join(project, 'fixtures/chunk/toy-language'), root, { recursive: true });
  await writeFile(join(root, 'toy/package/toy.wasm'), (await bundled.load('lua')).wasm);
  expect(() => vendor(root, join(root, 'table.ts'))).toThrow(/integrity sha512-.*pinned sha512-/);
});

it('the smallest language.json of grammars/README.md works', async () => {
  const [, example] = /```json\n(\s*\{\s*"id": "foo"[\s\S]*?)```/.exec(await readFile(join(project, 'grammars/README.md'), 'utf8')) ?? [];
  const root = tempFolder();
  await mkdir(join(root, 'foo'));
  await writeFile(join(root, 'foo/language.json'), example ?? '');
  await cp(join(project, 'grammars/bash/grammar.wasm.br'), join(root, 'foo/grammar.wasm.br'));
  const { chunks } = await chunkFile({ path: 'a.foo', language: 'foo', text: 'twice() {\n  # why\n  echo "$1$1" 2\n}\n', sha256: '' }, await openGrammars(root), all);
  expect(chunks.map(({ kind, name }) => [kind, name])).toEqual([['function', 'twice']]);
});
