import { describe, expect, it } from 'vitest';
import { chunkFile } from '../../src/chunk/chunk.ts';
import { openGrammars } from '../../src/io/grammars.ts';
import { TokenKind } from '../../src/types.ts';
import { hashOf, kindOf, packToken, tokenHash } from '../../src/util/tokens.ts';

const grammars = await openGrammars();

async function tokens(language: string, text: string): Promise<readonly number[]> {
  const { chunks } = await chunkFile({ path: 'f', language, text, sha256: '' }, grammars, { minLines: 1, minTokens: 1 });
  return [...(chunks[0]?.tokens ?? [])];
}

async function kinds(language: string, text: string, word: string): Promise<readonly number[]> {
  return (await tokens(language, text)).filter((token) => hashOf(token) === tokenHash(word)).map(kindOf);
}

describe('the token stream', () => {
  it('ignores layout, comments, quotes, semicolons and trailing commas', async () => {
    const one = await tokens('typescript', "function f(a: string) {\n  return g(a, 'x');\n}");
    const two = await tokens('typescript', 'function f(\n  a: string, // first\n) { /* body */ return g(a, "x",) }');
    expect(two).toEqual(one);
    expect(await tokens('typescript', "function f(a: string) { return g(a, 'y') }")).not.toEqual(one);
  });

  it('hashes template strings by pieces and keeps their code', async () => {
    const one = await tokens('javascript', 'function f(a) { return `x ${a} y` }');
    expect(one).not.toEqual(await tokens('javascript', 'function f(a) { return `x ${a} z` }'));
    expect(await kinds('javascript', 'function f(a) { return `x ${a} y` }', 'a')).toEqual([TokenKind.identifier, TokenKind.identifier]);
  });

  it('tells indentation apart, drops docstrings', async () => {
    const inside = await tokens('python', 'def f(a):\n    if a:\n        b()\n        c()\n');
    const outside = await tokens('python', 'def f(a):\n    """Doc."""\n    if a:\n        b()\n    c()\n');
    expect(inside).not.toEqual(outside);
    expect(inside.toSorted((a, b) => a - b)).toEqual(outside.toSorted((a, b) => a - b));
  });

  it.each([
    ['typescript', 'function f(a) { g(a); a.g.g(); new g(); }', 'g', ['callee', 'property', 'callee', 'callee']],
    ['python', 'def f(a):\n    g(a)\n    a.g.g()\n    h(g=1)\n', 'g', ['callee', 'property', 'callee', 'property']],
    ['java', 'class X { void f(A a) { g(a); a.g.g(); } }', 'g', ['callee', 'property', 'callee']],
    ['go', 'package p\nfunc f(a A) { g(a); a.g.g() }', 'g', ['callee', 'property', 'callee']],
    ['rust', 'fn f(a: A) { g(a); a.g.g(); A::g(); }', 'g', ['callee', 'property', 'callee', 'callee']],
    ['csharp', 'class X { void f(A a) { g(a); a.g.g(); } }', 'g', ['callee', 'property', 'callee']],
    ['kotlin', 'fun f(a: A) { g(a); a.g.g() }', 'g', ['callee', 'property', 'callee']],
    ['swift', 'func f(a: A) { g(a); a.g.g() }', 'g', ['callee', 'property', 'callee']],
    ['cpp', 'void f(A a) { g(a); a.g.g(); p->g(); }', 'g', ['callee', 'property', 'callee', 'callee']],
    ['php', '<?php function f($a) { g($a); $a->g->g(); }', 'g', ['callee', 'property', 'callee']],
    ['ruby', 'def f(a)\n  g(a)\n  a.g(1)\nend', 'g', ['callee', 'callee']],
    ['scala', 'def f(a: A) = { g(a); a.g.g() }', 'g', ['callee', 'property', 'callee']],
    ['lua', 'function f(a) g(a); a.g.g(); a:g() end', 'g', ['callee', 'property', 'callee', 'callee']],
  ] as const)('tells callees and properties apart in %s', async (language, text, word, expected) => {
    expect(await kinds(language, text, word)).toEqual(expected.map((kind) => TokenKind[kind]));
  });

  it('calls self, this, true and types of the language keywords', async () => {
    expect(await kinds('python', 'def f(self):\n    return self\n', 'self')).toEqual([TokenKind.keyword, TokenKind.keyword]);
    expect(await kinds('typescript', 'function f() { return this.x === true }', 'this')).toEqual([TokenKind.keyword]);
  });

  it('packs hash and kind into 32 bits', () => {
    for (const text of ['', 'a', 'return', '𝒳']) {
      const token = packToken(tokenHash(text), TokenKind.property);
      expect([hashOf(token), kindOf(token)]).toEqual([tokenHash(text), TokenKind.property]);
      expect(token).toBeLessThan(2 ** 32);
    }
  });
});
