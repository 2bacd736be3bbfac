import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { detailFile } from '../../src/chunk/chunk.ts';
import { openGrammars } from '../../src/io/grammars.ts';
import { languageOf } from '../../src/util/languages.ts';

const folder = join(import.meta.dirname, '../../fixtures/chunk/languages');
const grammars = await openGrammars();
const samples = (await readdir(folder)).filter((name) => !name.endsWith('.golden'));

/** One line a chunk, then its lexemes with own names marked. */
async function golden(path: string): Promise<string> {
  const language = languageOf(path) ?? '';
  const text = await readFile(join(folder, path), 'utf8');
  const { chunks, warnings } = await detailFile({ path, language, text, sha256: '' }, grammars, { minLines: 1, minTokens: 1 });
  const lines = chunks.map(({ chunk, doc, names }) => {
    const { kind, qualifiedName, range, metrics, tags } = chunk;
    const head = `${kind} ${qualifiedName} ${range.startLine}-${range.endLine} tokens=${metrics.tokens} code=${metrics.codeLines}`;
    const marked = chunk.lexemes.map((lexeme, i) => (names[i] === 0 ? lexeme : `${lexeme}/${names[i]}`)).join(' ');
    return [`${head}${tags.map((tag) => ` #${tag}`).join('')}`, ...(doc === undefined ? [] : [`  doc: ${doc}`]), `  ${marked}`].join('\n');
  });
  return `${[...warnings.map((warning) => `${warning.code}: ${warning.message}`), ...lines].join('\n')}\n`;
}

describe('chunks and lexemes of every construct', () => {
  it.each(samples)('%s', async (sample) => {
    await expect(await golden(sample)).toMatchFileSnapshot(join(folder, `${sample}.golden`));
  });

  it('has a sample for every registered language', () => {
    expect(new Set(samples.map((sample) => languageOf(sample)))).toEqual(new Set(grammars.languages));
  });
});
