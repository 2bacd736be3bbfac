import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chunkFile } from '../../src/chunk/chunk.ts';
import { grammarOf } from '../../src/chunk/grammar.ts';
import { openGrammars } from '../../src/io/grammars.ts';
import type { Chunk } from '../../src/types.ts';

const grammars = await openGrammars();
const all = { minLines: 1, minTokens: 1 };

async function chunk(language: string, text: string, options = all) {
  return chunkFile({ path: 'a/file', language, text, sha256: '' }, grammars, options);
}

function only(chunks: readonly Chunk[]): Chunk {
  expect(chunks).toHaveLength(1);
  return chunks[0] as Chunk;
}

describe('ranges', () => {
  const body = 'function first() {\n\treturn "𝒳é";\n}\nexport const second = (a) => {\n  /* 😀 */ return `é${a}`;\n};\n';

  it.each([['LF', body], ['CRLF', body.replaceAll('\n', '\r\n')], ['BOM', `\uFEFF${body}`]])('count lines, UTF-16 units and UTF-8 bytes with %s', async (_, text) => {
    const { chunks, lines } = await chunk('javascript', text);
    expect(lines).toBe(7);
    expect(chunks.map(({ name, range }) => [name, range.startLine, range.endLine])).toEqual([['first', 1, 3], ['second', 4, 6]]);
    const bytes = Buffer.from(text);
    for (const { text: own, range } of chunks) {
      expect(text.slice(range.startIndex, range.endIndex)).toBe(own);
      expect(bytes.subarray(range.startByte, range.endByte).toString()).toBe(own);
      expect(own.endsWith('}') || own.endsWith(';')).toBe(true);
    }
    expect(chunks[1]?.range.startColumn).toBe(1);
    expect(chunks[1]?.range.endColumn).toBe(3);
  });

  it('begin with decorators and exports', async () => {
    const python = only((await chunk('python', '@cache\n@route("/")\ndef f(x):\n    return x\n')).chunks);
    expect(python.range).toMatchObject({ startLine: 1, endLine: 4, startColumn: 1 });
    const rust = only((await chunk('rust', 'struct A;\n#[inline]\n/// doc\npub fn f() {}\n')).chunks);
    expect(rust.range).toMatchObject({ startLine: 2, endLine: 4 });
  });

  it('count lines that carry code', async () => {
    const { metrics } = only((await chunk('typescript', 'function f() {\n  // why\n\n  return `a\nb`;\n}\n')).chunks);
    expect(metrics).toMatchObject({ lines: 6, codeLines: 4 });
  });
});

describe('the size floor', () => {
  const five = 'function f(a, b, c) {\n  const d = a + b * c;\n  const e = d - a / b + c;\n  return d * e + a;\n}\n';

  it('takes a function of 5 lines and 30 tokens', async () => {
    expect((await chunk('javascript', five, {} as typeof all)).chunks).toHaveLength(1);
  });

  it('wants both lines and tokens', async () => {
    expect((await chunk('javascript', five.replaceAll('\n', ' '), {} as typeof all)).chunks).toHaveLength(0);
    expect((await chunk('javascript', 'function f() {\n\n\n\n\n\n}\n', {} as typeof all)).chunks).toHaveLength(0);
  });

  it('links a chunk to the nearest enclosing chunk, past functions below the floor', async () => {
    const text = 'function outer() {\n  return () => {\n    function inner(a) {\n      return a;\n    }\n  };\n}\n';
    const { chunks } = await chunk('javascript', text, { minLines: 1, minTokens: 8 });
    const [outer, arrow, inner] = chunks;
    expect(chunks.map(({ qualifiedName }) => qualifiedName)).toEqual(['outer', 'outer.<arrow>', 'outer.inner']);
    expect([outer?.parentId, arrow?.parentId, inner?.parentId]).toEqual([undefined, outer?.id, arrow?.id]);
    const far = await chunk('javascript', text.replace('return () => {', 'return () => {').replace('inner(a)', 'inner(a, b, c, d, e, f)'), { minLines: 3, minTokens: 16 });
    expect(far.chunks.at(-1)?.parentId).toBeDefined();
  });
});

describe('bad files', () => {
  it('still gives the functions around a syntax error, with one warning that counts', async () => {
    const text = 'function good(a) {\n  return a + 1;\n}\nconst = = ;;; ) (\nfunction fine(b) {\n  return b - 1;\n}\n';
    const { chunks, warnings } = await chunk('javascript', text);
    expect(chunks.map(({ name }) => name)).toEqual(['good', 'fine']);
    expect(warnings.map(({ code }) => code)).toEqual(['syntax-error']);
    expect(warnings[0]?.message).toMatch(/^\d+ syntax errors?;/);
  });

  it.each(['', '\n\n', '\0\0', '\uFEFF', '\uD800 lone surrogate', '{'.repeat(900), '('.repeat(20_000)])('survives odd text %#', async (text) => {
    for (const language of ['typescript', 'python', 'bash', 'ruby']) expect((await chunk(language, text)).chunks).toEqual([]);
  });

  it('reads deep nesting without recursion', async () => {
    const nested = (depth: number) => `${'function f() { '.repeat(depth)}${'}'.repeat(depth)}`;
    expect((await chunk('javascript', nested(20))).chunks).toHaveLength(20);
    expect((await chunk('javascript', nested(300))).chunks).toHaveLength(25);
    const expression = `const f = () => ${'!'.repeat(3_000)}${'['.repeat(900)}${']'.repeat(900)};`;
    expect((await chunk('javascript', expression)).chunks).toHaveLength(1);
  });

  it('leaves out a file that nests too deeply, and says so', async () => {
    const { chunks, warnings } = await chunk('javascript', `${'('.repeat(20_000)}${')'.repeat(20_000)}`);
    expect([chunks, warnings.map(({ code }) => code)]).toEqual([[], ['parse-limit']]);
  });

  it('reads in sections what a grammar recovers from for ever, and loses no function beyond the error', async () => {
    const text = (await readFile(join(import.meta.dirname, '../../fixtures/chunk/languages/sample.kt'), 'utf8')).replace('        return try', '😀        return try');
    const { parser } = await grammarOf(grammars, 'kotlin');
    let calls = 0;
    expect(parser.parse(text, null, { progressCallback: () => ++calls > 3_000 })).toBeNull();
    parser.reset();
    const { chunks, warnings } = await chunk('kotlin', text);
    expect(chunks.map(({ name }) => name)).toEqual(expect.arrayContaining(['size', 'slug', 'plus', 'twice', 'thrice']));
    for (const { text: own, range } of chunks) {
      expect(text.slice(range.startIndex, range.endIndex)).toBe(own);
      expect(text.slice(0, range.startIndex).split('\n')).toHaveLength(range.startLine);
    }
    expect(warnings.map(({ code }) => code)).toEqual(['syntax-error']);
  });

  it('reads in sections what a grammar passes over whole after an error', async () => {
    const { chunks, warnings } = await chunk('kotlin', `}\n\n${Array.from({ length: 9 }, (_, i) => `fun f${i}(): Int {\n    return ${i}\n}\n`).join('\n')}`);
    expect(chunks.map(({ name }) => name)).toEqual(expect.arrayContaining(['f2', 'f3', 'f4', 'f5', 'f6', 'f7', 'f8']));
    expect(warnings.map(({ code }) => code)).toEqual(['syntax-error']);
  });

  it('leaves out the lines that nest too deeply, and no others', async () => {
    const functions = (from: number) => Array.from({ length: 5 }, (_, i) => `function f${from + i}(a) {\n  return a + ${i};\n}\n`).join('\n');
    const { chunks, warnings } = await chunk('javascript', `${functions(0)}\nconst deep = ${'('.repeat(5_000)}1${')'.repeat(5_000)};\n\n${functions(5)}`);
    expect(chunks.map(({ name }) => name)).toEqual(expect.arrayContaining(['f0', 'f1', 'f2', 'f3', 'f6', 'f7', 'f8', 'f9']));
    expect(warnings).toMatchObject([{ code: 'parse-limit', message: expect.stringMatching(/bounds; lines \d+ to \d+ left out$/) }]);
  });

  it('says which language has no grammar', async () => {
    await expect(chunk('cobol', 'x')).rejects.toMatchObject({ code: 'missing-grammar', hint: expect.stringContaining('typescript') });
  });
});

describe('suppressions', () => {
  const plain = 'function f(a) {\n  return a;\n}\n';

  it('is not what only speaks of one', async () => {
    const { chunks, warnings } = await chunk('javascript', `/** Reads \`simcode-ignore: reason\`; see "simcode-ignore-end". */\n${plain}`);
    expect([only(chunks).suppression, warnings]).toEqual([undefined, []]);
  });

  it.each([
    ['javascript', `// simcode-ignore: protocol table\n${plain}`, 'next', 'protocol table', 1],
    ['javascript', `/**\n * Docs.\n * simcode-ignore: kept apart\n */\n// more\n${plain}`, 'next', 'kept apart', 3],
    ['javascript', `// simcode-ignore-file: generated by hand\n\n${plain}`, 'file', 'generated by hand', 1],
    ['javascript', `/* simcode-ignore-start: legacy */\nlet x;\n${plain}// simcode-ignore-end\n`, 'range', 'legacy', 1],
    ['python', '# simcode-ignore: mirrors the wire format\ndef f(a):\n    return a\n', 'next', 'mirrors the wire format', 1],
  ])('covers a function: %s %#', async (language, text, scope, reason, line) => {
    const { chunks, warnings } = await chunk(language, text);
    expect(only(chunks).suppression).toEqual({ scope, reason, line });
    expect(warnings).toEqual([]);
  });

  it('does not reach past code', async () => {
    const { chunks } = await chunk('javascript', `// simcode-ignore: only the next\n${plain}${plain.replace('f(', 'g(')}`);
    expect(chunks.map(({ suppression }) => suppression?.reason)).toEqual(['only the next', undefined]);
  });

  it.each([
    ['// simcode-ignore\n', 'needs a reason'],
    ['// simcode-ignore:   \n', 'needs a reason'],
    ['// simcode-ignore-file\n', 'needs a reason'],
    ['// simcode-ignore-start: open\n', 'without an end'],
    ['// simcode-ignore-end\n', 'without a start'],
  ])('warns about %j', async (comment, message) => {
    const { chunks, warnings } = await chunk('javascript', comment + plain);
    expect(warnings).toMatchObject([{ code: 'suppression', path: 'a/file' }]);
    expect(warnings[0]?.message).toContain(message);
    if (message === 'needs a reason') expect(only(chunks).suppression).toBeUndefined();
  });

  it('ignores the words outside comments', async () => {
    const { chunks, warnings } = await chunk('javascript', `const s = "simcode-ignore-file: no";\n${plain}`);
    expect([only(chunks).suppression, warnings]).toEqual([undefined, []]);
  });
});
