import { createHash } from 'node:crypto';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { manifestOf, tableOf } from '../../grammars/manifest.ts';
import { grammarOf } from '../../src/chunk/grammar.ts';
import { openGrammars } from '../../src/io/grammars.ts';
import { languageOf } from '../../src/util/languages.ts';

const root = join(import.meta.dirname, '../../grammars');
const { languages: vendored } = JSON.parse(await readFile(join(root, 'manifest.json'), 'utf8')) as { languages: { language: string; sha256: string }[] };
const temporary = await mkdtemp(join(tmpdir(), 'simcode-grammars-'));
afterAll(() => rm(temporary, { recursive: true, force: true }));

describe('vendored grammars', () => {
  it('are what the manifest says, and the language table what their folders say', async () => {
    expect(manifestOf(root)).toBe(await readFile(join(root, 'manifest.json'), 'utf8'));
    expect(tableOf(root)).toBe(await readFile(join(root, '../src/util/language-table.ts'), 'utf8'));
  });

  it('come with the licence of their package, pinned to a version and an integrity', async () => {
    for (const { language } of vendored) {
      const { grammar } = JSON.parse(await readFile(join(root, language, 'language.json'), 'utf8')) as { grammar: Record<string, string> };
      expect(grammar['version']).toMatch(/^\d+\.\d+\.\d+$/);
      expect(grammar['integrity']).toMatch(/^sha512-.{88}$/);
      expect(await readFile(join(root, language, 'LICENSE'), 'utf8')).toContain(grammar['licence'] === 'MIT' ? 'Permission is hereby granted' : grammar['licence']);
    }
  });

  it('name only node types and fields that exist, in every language that inherits nothing', async () => {
    const grammars = await openGrammars();
    for (const { language } of vendored) {
      const raw = JSON.parse(await readFile(join(root, language, 'language.json'), 'utf8')) as { extends?: string };
      if (raw.extends !== undefined) continue;
      const { spec, typeNames, fieldIds } = await grammarOf(grammars, language);
      const types = new Set(typeNames);
      const selectors = [...spec.properties, ...spec.calls, ...spec.definitions, ...spec.binders, ...spec.unbinders, ...Object.keys(spec.bindings)];
      const named = [
        ...[spec.comments, spec.strings, spec.interpolations, spec.numbers, spec.docstrings, spec.keywords, spec.wrappers, spec.argumentLists, spec.decorators, spec.blocks, spec.atoms, spec.skip].flat(),
        ...Object.keys(spec.functions), ...Object.keys(spec.scopes), ...Object.keys(spec.receivers),
        ...selectors.map((selector) => selector.split('.')[0] ?? ''),
        ...selectors.flatMap((selector) => /\.#([a-z]\w*)$/.exec(selector)?.[1] ?? []),
      ];
      expect([language, named.filter((name) => !types.has(name))]).toEqual([language, []]);
      const fields = selectors.flatMap((selector) => /\.(\w+)$/.exec(selector)?.[1] ?? []);
      expect([language, fields.filter((field) => !fieldIds.has(field))]).toEqual([language, []]);
    }
  });
});

describe('a new language', () => {
  it('whose data is wrong is told by file and field', async () => {
    await cp(join(import.meta.dirname, '../../fixtures/chunk/broken-language'), join(temporary, 'bad'), { recursive: true });
    const grammars = await openGrammars(join(temporary, 'bad'));
    await expect(grammars.load('toy')).rejects.toMatchObject({ code: 'missing-grammar', message: expect.stringMatching(/language\.json[\s\S]*comments/) });
  });
});

describe('the language of a file', () => {
  it.each([
    ['src/a.ts', '', 'typescript'], ['a.d.mts', '', 'typescript'], ['a.TSX', '', 'tsx'], ['x/a.cjs', '', 'javascript'], ['a.h', '', 'c'], ['Rakefile', '', 'ruby'],
    ['bin/tool', '#!/usr/bin/env python3', 'python'], ['bin/tool', '#!/bin/sh -e', 'bash'], ['bin/tool', '#!/usr/bin/env -S node --test', 'javascript'],
    ['bin/tool', 'plain', undefined], ['.ts', '', undefined], ['a.txt', '#!/bin/sh', undefined], ['README.md', '', undefined],
  ])('%s %j is %s', (path, firstLine, language) => {
    expect(languageOf(path, firstLine)).toBe(language);
  });
});

it('hashes what is loaded', async () => {
  const { wasm } = await (await openGrammars()).load('lua');
  expect(createHash('sha256').update(wasm).digest('hex')).toBe(vendored.find(({ language }) => language === 'lua')?.sha256);
});

it('has a grammar for every language that is no host, and hosts name only such languages', async () => {
  const grammars = await openGrammars();
  const known = new Set(vendored.map(({ language }) => language));
  for (const language of grammars.languages) {
    const host = await grammars.host(language);
    expect([language, host === undefined]).toEqual([language, known.has(language)]);
    for (const name of host === undefined ? [] : [host.code, host.fence ?? host.code, ...Object.values(host.names)]) expect(known).toContain(name);
  }
  await expect(grammars.load('vue')).rejects.toMatchObject({ code: 'missing-grammar', message: expect.stringContaining('no language of its own') });
});
