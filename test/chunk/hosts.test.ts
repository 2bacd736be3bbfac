import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chunkFile } from '../../src/chunk/chunk.ts';
import { scriptsOf } from '../../src/chunk/markup.ts';
import { cellsOf } from '../../src/chunk/notebook.ts';
import { chunkStored } from '../../src/chunk/stored.ts';
import { chunkToStore } from '../../src/chunk/to-store.ts';
import { openGrammars } from '../../src/io/grammars.ts';
import type { Chunk, HostSpec, SizeFloor, SourceFile, StoredFile } from '../../src/types.ts';

const grammars = await openGrammars();
const all = { minLines: 1, minTokens: 1 };
const folder = join(import.meta.dirname, '../../fixtures/chunk/languages');
const sample = (name: string): string => readFileSync(join(folder, name), 'utf8');
const chunk = (language: string, text: string) => chunkFile({ path: 'a/file', language, text, sha256: '' }, grammars, all);
const hostOf = async (language: string): Promise<HostSpec> => {
  const host = await grammars.host(language);
  if (host === undefined) throw new Error(`${language} is no host`);
  return host;
};
const vue = await hostOf('vue');
const jupyter = await hostOf('jupyter');

/** What a range covers in a file, by lines and columns alone, and by bytes alone. */
function covered(text: string, { range }: Chunk): readonly string[] {
  const lines = text.split('\n').slice(range.startLine - 1, range.endLine);
  const last = lines.length - 1;
  const byLines = lines.map((line, i) => line.slice(i === 0 ? range.startColumn - 1 : 0, i === last ? range.endColumn - 1 : undefined)).join('\n');
  return [byLines, Buffer.from(text).subarray(range.startByte, range.endByte).toString(), text.slice(range.startIndex, range.endIndex)];
}

/** JSON string contents as written over several strings → text. */
const unescaped = (json: string): string => JSON.parse(`"${json.replace(/",\s*"/g, '')}"`) as string;

describe('script elements', () => {
  it.each([['vue', 'LF'], ['vue', 'CRLF'], ['svelte', 'LF'], ['svelte', 'CRLF'], ['astro', 'LF'], ['astro', 'CRLF']])('of %s keep their places in the file with %s', async (language, ends) => {
    const lf = sample(`sample.${language}`).replace('rate > 0', 'rate > 0 && "é😀"').replace('alert(title)', 'alert("é😀" + title)');
    const text = ends === 'LF' ? lf : lf.replaceAll('\n', '\r\n');
    const { chunks, warnings } = await chunk(language, text);
    expect([warnings, chunks.length >= 2]).toEqual([[], true]);
    for (const one of chunks) expect(new Set(covered(text, one))).toEqual(new Set([one.text]));
    const reference = (await chunk(language, lf)).chunks;
    expect(chunks.map(({ qualifiedName, range, lexemes }) => [qualifiedName, range.startLine, range.endLine, lexemes]))
      .toEqual(reference.map(({ qualifiedName, range, lexemes }) => [qualifiedName, range.startLine, range.endLine, lexemes]));
  });

  it('are in the language that they name, and functions are told by it', async () => {
    const { chunks } = await chunk('vue', sample('sample.vue'));
    expect(chunks.map(({ language, name }) => [language, name])).toEqual([['javascript', 'total'], ['javascript', ''], ['typescript', 'add'], ['typescript', 'withTax']]);
    expect(chunks.at(-1)?.suppression).toEqual({ scope: 'next', line: 32, reason: 'the tax office wants it so' });
  });

  it.each([
    ['<script>a</script>', ['a']], ['<SCRIPT>a</SCRIPT>', []], ['<script\n lang=ts >a</SCRIPT >', ['a']], ['<script src=x />b<script>c', ['c']],
    ['<script type="module">a</script><script type="text/template">b</script><script lang="coffee">c</script>', ['a']],
    ['<!-- <script>a</script> --><script>b</script>', ['b']], ['<p title="<script>">x</p><script>b</script>', ['b']],
    ['<style>a > "<script>"</style><script>b</script>', ['b']], ['<scripted>a</scripted>', []], ['<script', []], ['<!--', []], ['a < b <3 <', []],
    ["<script data-x='</script>' lang=\"ts\">a</script>", ['a']], ['<script>a = "</script>";</script>', ['a = "']],
  ])('of %j are %j', (text, contents) => {
    expect(scriptsOf(text, vue).map(({ start, end }) => text.slice(start, end))).toEqual(contents);
  });

  it('are found whatever markup stands around them', () => {
    const markup = fc.stringMatching(/^([a-z \n"'={}&;.-]|<p class="[a-z<> ]*">|<\/p>|<!-- [a-z<> ]*-->|<br\/>|a < b|\{#if x <3\})*$/, { maxLength: 80 }).filter((text) => !/["'](?![^<]*>)/.test(text) && !/<[^>]*$/.test(text));
    const code = fc.stringMatching(/^[a-z {}()<>"'\n=;😀-]*$/u, { maxLength: 60 }).filter((text) => !/<\/script/i.test(text));
    fc.assert(fc.property(fc.array(fc.tuple(markup, code)), markup, (parts, rest) => {
      const text = parts.map(([before, script]) => `${before}<script lang="ts">${script}</script>`).join('') + rest;
      const found = scriptsOf(text, vue);
      expect(found.map(({ start, end, language }) => [text.slice(start, end), language])).toEqual(parts.map(([, script]) => [script, 'typescript']));
    }));
  });

  it('are stretches in order, one after the other, of any text, in time that grows with it', () => {
    const piece = fc.constantFrom('<', '>', '/', '"', "'", '=', '<script', '</script', '>', '<!--', '-->', '<style>', '---\n', ' ', 'a', '\n', '<script lang="ts">', '`', '{');
    fc.assert(fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      const text = pieces.join('');
      let last = 0;
      for (const { start, end } of scriptsOf(text, { ...vue, fence: 'typescript' })) {
        expect(start).toBeGreaterThanOrEqual(last);
        expect(end).toBeGreaterThanOrEqual(start);
        expect(end).toBeLessThanOrEqual(text.length);
        last = end;
      }
    }), { numRuns: 500 });
    const start = performance.now();
    for (const unit of ['<a b="', "<a b='", '<a b=', '<!--', '<script', '<script>', '<a ', '<a / / /', '</script']) scriptsOf(unit.repeat(100_000), vue);
    expect(performance.now() - start).toBeLessThan(5_000);
  });
});

describe('notebooks', () => {
  it.each([['LF', 1], ['CRLF', 1], ['LF', 0]])('keep the places of their code with %s and indentation %i', async (ends, indentation) => {
    const document = JSON.parse(sample('sample.ipynb')) as unknown;
    const json = JSON.stringify(document, null, indentation);
    const text = ends === 'LF' ? json : json.replaceAll('\n', '\r\n');
    const { chunks, warnings } = await chunk('jupyter', text);
    expect([warnings, chunks.map(({ language, name }) => [language, name])]).toEqual([[], [['python', 'revenue'], ['python', 'fetch'], ['bash', 'count'], ['python', 'twice']]]);
    for (const one of chunks) {
      const [byLines, byBytes, byIndex] = covered(text, one);
      expect([byLines, byBytes]).toEqual([byIndex, byIndex]);
      expect(unescaped(byIndex ?? '')).toBe(one.text);
    }
    expect(chunks[0]?.metrics).toMatchObject({ lines: 5, codeLines: 5 });
    expect(chunks[1]?.suppression?.line).toBe(indentation === 0 ? 1 : 44);
  });

  it('give the code of each cell, and where each character of it stands', () => {
    const line = fc.string({ unit: fc.oneof(fc.constantFrom('"', '\\', '\t', '😀', 'é', '\0', '/'), fc.string({ minLength: 1, maxLength: 1 })), maxLength: 12 }).filter((text) => !/^\s*[%!?]|\?/.test(text));
    const cells = fc.array(fc.record({ lines: fc.array(line, { minLength: 1 }), type: fc.constantFrom('code', 'code', 'markdown'), whole: fc.boolean(), late: fc.boolean() }));
    fc.assert(fc.property(cells, fc.constantFrom(undefined, 1, 2), fc.boolean(), (given, indentation, ascii) => {
      const documents = given.map(({ lines, type, whole, late }) => {
        const source = whole ? lines.join('\n') : lines.map((text, i) => (i < lines.length - 1 ? `${text}\n` : text));
        return late ? { source, outputs: [{ data: { source: 'no' } }], cell_type: type } : { cell_type: type, metadata: { cell_type: 'x', source: ['no'] }, source };
      });
      const json = JSON.stringify({ cells: documents, metadata: { language_info: { name: 'python' } } }, null, indentation);
      const text = ascii ? json.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`) : json;
      const { regions, problem } = cellsOf(text, jupyter);
      expect([problem, regions.map(({ text: code }) => code)]).toEqual([undefined, given.filter(({ type }) => type === 'code').map(({ lines }) => lines.join('\n'))]);
      for (const { text: code, origin } of regions) {
        for (let i = 0; i < code.length; i++) {
          const written = text.slice(origin?.startOf(i), origin?.endOf(i + 1));
          expect(JSON.parse(`"${written}"`)).toBe(code[i]);
        }
      }
    }));
  });

  it.each([['', 'no JSON|cut off|^$'], ['{"cells": [', 'cut off'], ['{"cells": [{]}', 'no JSON'], ['['.repeat(5_000), 'deeply'], ['{"cells": ["\u0001"]}', 'no JSON']])('that are damaged (%j) are a warning', async (text, problem) => {
    const { chunks, warnings } = await chunk('jupyter', text);
    expect(chunks).toEqual([]);
    expect(warnings.map(({ code, message }) => `${code}: ${message}`).join()).toMatch(new RegExp(problem));
  });

  it('that are cut off still give their whole cells', async () => {
    const text = sample('sample.ipynb');
    const { chunks, warnings } = await chunk('jupyter', text.slice(0, text.indexOf('%%html')));
    expect(chunks.map(({ name }) => name)).toEqual(['revenue', 'fetch', 'count']);
    expect(warnings).toMatchObject([{ code: 'syntax-error', message: expect.stringContaining('not a whole notebook') }]);
  });

  it('in a language without a grammar give nothing', async () => {
    const { chunks, warnings } = await chunk('jupyter', sample('sample.ipynb').replace('"name": "python"\n', '"name": "julia"\n'));
    expect([chunks.map(({ language }) => language), warnings]).toEqual([['bash'], []]);
  });

  it('come from the store with their text', async () => {
    const kept = new Map<string, StoredFile>();
    const store = { get: (key: string) => structuredClone(kept.get(key)), set: (key: string, file: StoredFile) => void kept.set(key, file), save: () => Promise.resolve([]) };
    const file = { path: 'a.ipynb', language: 'jupyter', text: sample('sample.ipynb'), sha256: '0' };
    const chunker = { chunk: (given: SourceFile, floor: SizeFloor) => chunkToStore(given, grammars, floor) };
    const fresh = await chunkStored(file, chunker, all, store);
    expect(fresh).toMatchObject({ ...await chunkFile(file, grammars, all), isNew: true });
    expect(await chunkStored(file, { chunk: () => Promise.reject(new Error('parsed')) }, all, store)).toEqual({ ...fresh, isNew: false });
    expect(fresh.chunks[0]?.text).toContain('"""Paid orders');
  });
});
