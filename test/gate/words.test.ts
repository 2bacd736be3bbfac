import { describe, expect, it } from 'vitest';
import { differenceWords } from '../../src/util/difference.ts';
import { toyChunk } from '../helpers/toy-chunk.ts';

const words = (a: string, b: string, type: 1 | 2 | 3 | 4): string => differenceWords(toyChunk(a), toyChunk(b), type);
const base = 'function total(items) {\n  // of all\n  return items.sum("a");\n}';

describe('differenceWords', () => {
  it.each([
    [1, base, base, 'the code is the same'],
    [2, base, base.replaceAll('items', 'rows').replaceAll('total', 'amount'), 'only names and literals differ: total → amount, items → rows'],
    [2, base, base.replace('"a"', '"b c"').replace('of all', 'of quite other things'), 'only literals differ'],
    [2, base, base.replace('items', 'a, b'), 'only names and literals differ'],
    [3, base, base.replace('return', 'log();\n  return'), '1 of 5 lines differs'],
    [3, base, base.replaceAll('\n', '\n   '), 'only layout differs'],
    [3, base, '', 'some lines differ'],
    [2, '', base, 'only names and literals differ'],
    [4, base, 'function f() {}', 'other text, same behaviour'],
  ] as const)('says what type %i copies differ in', (type, twin, member, expected) => {
    expect(words(twin, member, type)).toBe(expected);
  });

  it('takes no long time over long texts', () => {
    const long = `function f() {\n${'  "\\'.repeat(50_000)}\n}`;
    expect(words(long, long.replace('f', 'g'), 2)).toContain('only');
  });
});
