import fc from 'fast-check';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chunkFile } from '../../src/chunk/chunk.ts';
import { grammarOf } from '../../src/chunk/grammar.ts';
import { parseText } from '../../src/chunk/parse.ts';
import { snippetLexemes } from '../../src/chunk/snippet.ts';
import { openGrammars } from '../../src/io/grammars.ts';
import { languageOf } from '../../src/util/languages.ts';

const grammars = await openGrammars();
const folder = join(import.meta.dirname, '../../fixtures/chunk/languages');
const samples = await Promise.all((await readdir(folder)).filter((name) => !/\.(golden|ipynb)$/.test(name))
  .map(async (name) => ({ language: languageOf(name) ?? '', text: await readFile(join(folder, name), 'utf8') })));
const all = { minLines: 1, minTokens: 1 };

/** Real code with pieces cut out, moved and replaced by noise. */
const damaged = fc.tuple(fc.constantFrom(...samples), fc.nat(), fc.nat(60), fc.oneof(fc.string({ unit: 'binary', maxLength: 12 }), fc.constantFrom('"', '`', '/*', '{', ')', "'''", '\\', '\r\n', '😀', '\0', '<?php')))
  .map(([{ language, text }, at, length, noise]) => {
    const start = at % text.length;
    return { language, text: text.slice(0, start) + noise + text.slice(start + length) };
  });

describe('any text', () => {
  it('is chunked without a crash, and every range slices to its text in UTF-16 and in UTF-8', async () => {
    await fc.assert(fc.asyncProperty(damaged, async ({ language, text }) => {
      const { chunks } = await chunkFile({ path: 'f', language, text, sha256: '' }, grammars, all);
      const bytes = Buffer.from(text);
      const ids = new Set<string>();
      for (const chunk of chunks) {
        const { range, metrics } = chunk;
        expect(text.slice(range.startIndex, range.endIndex)).toBe(chunk.text);
        expect(bytes.subarray(range.startByte, range.endByte).equals(Buffer.from(chunk.text))).toBe(true);
        expect(text.slice(0, range.startIndex).split('\n')).toHaveLength(range.startLine);
        expect(range.endLine - range.startLine + 1).toBe(metrics.lines);
        expect(metrics.codeLines).toBeLessThanOrEqual(metrics.lines);
        expect(chunk.parentId === undefined || ids.has(chunk.parentId)).toBe(true);
        expect(ids.has(chunk.id)).toBe(false);
        ids.add(chunk.id);
      }
    }), { numRuns: 60 });
  });

  it('has no more lines of code than lines, where the end of a block is read as standing after its unit', async () => {
    const text = 'object Cart {\n  def total(rate: Double): Double = {\n    val round = (value: Double) => Math.round(value) / 100\u{FDC8}\n    lines match {\n      case Nil => 0\n      case head :: tail => round(head.price)\n    }\n  }\n}\n';
    const { chunks } = await chunkFile({ path: 'f', language: 'scala', text, sha256: '' }, grammars, all);
    const lines = chunks.map(({ name, metrics }) => [name, metrics.lines, metrics.codeLines]);
    expect(lines).toContainEqual(['round', 5, 5]);
  });

  it('gives lexemes without spaces or capitals from ASCII, and a name for each', async () => {
    await fc.assert(fc.asyncProperty(damaged, async ({ language, text }) => {
      if (await grammars.host(language) !== undefined) return;
      const grammar = await grammarOf(grammars, language);
      const found = snippetLexemes(text, grammar);
      if (found === undefined) {
        // only where no wrapping lets the grammar finish: a file with this text is read in sections, and says so
        expect([{ prefix: '', suffix: '' }, ...grammar.spec.snippets].map(({ prefix, suffix }) => parseText(prefix + text + suffix, grammar))).not.toContainEqual(expect.anything());
        expect((await chunkFile({ path: 'f', language, text, sha256: '' }, grammars, all)).warnings).toContainEqual(expect.objectContaining({ code: expect.stringMatching(/^(parse-limit|syntax-error)$/) }));
        return;
      }
      expect(found.names).toHaveLength(found.lexemes.length);
      for (const lexeme of found.lexemes) expect(lexeme).toMatch(/^\S+$/u);
    }), { numRuns: 60 });
  });

  it('is the same after a rename of a parameter, but for its words', async () => {
    const grammar = await grammarOf(grammars, 'typescript');
    await fc.assert(fc.property(fc.stringMatching(/^[a-z]{2,8}Q$/), (name) => {
      const code = (parameter: string) => `function f(${parameter}: number) { return ${parameter} * 2 + o.${parameter}; }`;
      const base = snippetLexemes(code('x'), grammar);
      const renamed = snippetLexemes(code(name), grammar);
      const merged = renamed?.lexemes.flatMap((lexeme, i) => (renamed.names[i] === 1 ? (renamed.names[i - 1] === 1 ? [] : ['x']) : [lexeme]));
      expect(merged?.slice(0, -2)).toEqual(base?.lexemes.slice(0, -1));
    }));
  });

  it('does not depend on line ends', async () => {
    for (const { language, text } of samples) {
      const read = async (source: string) => (await chunkFile({ path: 'f', language, text: source, sha256: '' }, grammars, all)).chunks
        .map(({ qualifiedName, range, lexemes }) => [qualifiedName, range.startLine, range.endLine, lexemes]);
      expect(await read(text.replaceAll('\n', '\r\n'))).toEqual(await read(text));
    }
  });
});
