import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { grammarOf } from '../../src/chunk/grammar.ts';
import { snippetLexemes } from '../../src/chunk/snippet.ts';
import { openGrammars } from '../../src/io/grammars.ts';

const languages: Readonly<Record<string, string>> = { py: 'python', ts: 'typescript', js: 'javascript' };

it('gives the lexemes that the shipped model was checked with', async () => {
  const grammars = await openGrammars();
  const path = join(import.meta.dirname, '../../fixtures/chunk/starter-golden.json');
  const cases = JSON.parse(await readFile(path, 'utf8')) as { lang: string; code: string; lexemes: string[] }[];
  for (const { lang, code, lexemes } of cases) {
    const grammar = await grammarOf(grammars, languages[lang] ?? lang);
    expect(snippetLexemes(code, grammar)?.lexemes).toEqual(lexemes);
  }
});
