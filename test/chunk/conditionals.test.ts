import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chunkFile } from '../../src/chunk/chunk.ts';
import { withoutSplits } from '../../src/chunk/conditionals.ts';
import { openGrammars } from '../../src/io/grammars.ts';

const grammars = await openGrammars();
const chunk = (language: string, text: string) => chunkFile({ path: 'f', language, text, sha256: '' }, grammars, { minLines: 1, minTokens: 1 });

const split = `static int table[] =
#if SINGLE
  {1, 2};
#elif DOUBLE
  {3};
#else
  #error "which"
#endif

int first(int a) {
#ifdef FAST
  if (a > 1) {
#else
  while (a > 2) {
#endif
    a--;
  }
  return a;
}

#if 0
int broken(
#else
int second(
#endif
    int b) {
  return b; /* é😀 */
}
`;

describe('preprocessor branches that split statements', () => {
  it('are read as one of their forms, with the text and the places of the file', async () => {
    const text = split.replaceAll('\n', '\r\n');
    const { chunks, warnings } = await chunk('c', text);
    expect(warnings).toEqual([]);
    expect(chunks.map(({ name, range }) => [name, range.startLine, range.endLine])).toEqual([['first', 10, 19], ['second', 24, 28]]);
    for (const { text: own, range } of chunks) expect(text.slice(range.startIndex, range.endIndex)).toBe(own);
    expect(chunks[0]?.text).toContain('#else\r\n  while (a > 2) {');
    expect(chunks[0]?.lexemes.join(' ')).toBe('int first int a if a > 1 a -- return a');
  });

  it.each([
    ['csharp', 'class A {\n#if NET\n  int F(int a)\n  {\n#else\n  int F(long a)\n  {\n#endif\n    return 1;\n  }\n  int G() { return 2; }\n}\n', ['F', 'G']],
    ['csharp', 'class A {\n  int F() {\n    if (a) {\n      return 1;\n    }\n#if X\n    else if (b) {\n      return 2;\n    }\n#endif\n    else {\n      return 3;\n    }\n  }\n}\n', ['F']],
    ['swift', 'enum E {\n#if canImport(Security)\n    case one\n#endif\n    case two\n}\nfunc f(a: Int) -> Int {\n    call(a\n#if DEBUG\n      , b: 1\n#endif\n    )\n    return a\n}\n', ['f']],
    ['cpp', '#ifdef __cplusplus\nextern "C" {\n#endif\nint f(int a) { return a; }\n#ifdef __cplusplus\n}\n#endif\n', ['f']],
  ])('are read in %s', async (language, text, names) => {
    const { chunks, warnings } = await chunk(language, text);
    expect([warnings, chunks.map(({ name }) => name)]).toEqual([[], names]);
  });

  it('leave whole statements alone, so that the functions of every branch are found', async () => {
    const text = '#ifdef WIN32\nint a(void) { return 1; }\n#else\nint b(void) { return 2; }\n#endif\nint c(void) {\n#if X\n  x();\n#endif\n  return 3;\n}\n';
    expect(withoutSplits(text)).toBe(text);
    expect((await chunk('c', text)).chunks.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
  });

  it('keep every line and character in its place, in time that grows with the text', () => {
    const line = fc.constantFrom('#if A', '#ifdef B', '# else', '#elif C', '#endif', 'int f() {', '}', 'x = 1;', '  y(', ')', '/* {', '*/', '"{"', '#define M \\', '', '// é😀 {');
    fc.assert(fc.property(fc.array(line, { maxLength: 40 }), fc.constantFrom('\n', '\r\n'), (lines, end) => {
      const text = lines.join(end);
      const read = withoutSplits(text);
      expect(read).toHaveLength(text.length);
      for (let i = 0; i < text.length; i++) if (read[i] !== text[i]) expect([read[i], /[\r\n]/.test(text[i] ?? '')]).toEqual([' ', false]);
    }));
    const start = performance.now();
    for (const text of ['#if A\n{\n'.repeat(100_000), `${'#if A\n{\n'.repeat(50_000)}${'#endif\n'.repeat(50_000)}`, `#if A\n${'#elif B\n{\n'.repeat(100_000)}#endif\n`]) withoutSplits(text);
    expect(performance.now() - start).toBeLessThan(5_000);
  });
});

describe('what a grammar does not know', () => {
  it.each([
    ['swift', 'func check(a: Int) {\n    #expect(a == 1)\n    log("\\(#function)")\n}\n', ['check'], '#expect(a == 1)'],
    ['kotlin', 'class Bytes\ninternal actual constructor(\n  internal actual val data: ByteArray,\n) : Base() {\n  fun size(): Int {\n    return data.size\n  }\n}\n', ['size'], 'data.size'],
    ['objc', '@implementation A\n- (void)collect:(id)metrics AF_API_AVAILABLE(ios(10), macosx(10.12)) {\n  [self add:metrics];\n}\n- (void)next {\n  go();\n}\n@end\n', ['collect', 'next'], 'AF_API_AVAILABLE'],
  ])('is read around in %s, and stays in the text', async (language, text, names, kept) => {
    const { chunks, warnings } = await chunk(language, text);
    expect([warnings, chunks.map(({ name }) => name)]).toEqual([[], names]);
    expect(chunks[0]?.text).toContain(kept);
  });
});

it('no function is called like a keyword, whatever error recovery makes of it', async () => {
  const { chunks } = await chunk('csharp', 'class A {\n  void F() {\n    x();\n  else if (a) {\n    b();\n  }\n  }\n}\n');
  expect(chunks.map(({ name }) => name)).toEqual(['F']);
  expect((await chunk('javascript', 'class A { catch(f) { return f(); } }')).chunks.map(({ name }) => name)).toEqual(['catch']);
});
