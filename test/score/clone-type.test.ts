import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { cloneType, TYPE_3_BOUND } from '../../src/score/clone-type.ts';
import { profileChunks, type Profile } from '../../src/score/profile.ts';
import { alphaKey, exactKey } from '../../src/score/sequence.ts';
import { createTokenComparer } from '../../src/score/similarity.ts';
import { toyChunk } from '../helpers/toy-chunk.ts';

const keysOf = ({ chunk, family }: Profile) => ({ exact: exactKey(chunk, family), alpha: alphaKey(chunk, family) });
function typeOf(codeA: string, codeB: string) {
  const { all: [a, b], alphabet } = profileChunks([toyChunk(codeA), toyChunk(codeB, { path: 'b.ts' })]);
  if (a === undefined || b === undefined) throw new Error('two chunks in, two profiles out');
  return cloneType(keysOf(a), keysOf(b), createTokenComparer(alphabet)(a, b));
}

const base = 'function total(items) { let sum = 0; for (const item of items) { sum += item.price * 3 } return sum }';

test('layout, semicolons and trailing commas do not make another type', () => {
  expect(typeOf(base, base.replaceAll(';', '').replaceAll(' { ', '\n{\n').replace('(items)', '(items,)'))).toBe(1);
});

test('a consistent renaming with other literals is Type 2', () => {
  expect(typeOf(base, base.replaceAll('items', 'rows').replaceAll('item', 'row').replaceAll('sum', 'all').replace('3', '"x"'))).toBe(2);
});

test('a renaming that maps two names to one is not Type 2', () => {
  expect(typeOf(base, base.replaceAll('sum', 'item'))).toBe(3);
});

test('Type 3 begins at its bound', () => {
  const keys = { a: { exact: 'a', alpha: 'a' }, b: { exact: 'b', alpha: 'b' } };
  const at = (renamed: number) => cloneType(keys.a, keys.b, { lexical: 0, structural: 1, renamed });
  expect([at(TYPE_3_BOUND), at(TYPE_3_BOUND - 1e-9)]).toEqual([3, 4]);
});

test('token similarities lie in order and are symmetric', () => {
  const words = fc.array(fc.constantFrom('a', 'b', 'c', 'if', '+', '-', '1', '"s"', '('), { minLength: 1, maxLength: 80 });
  fc.assert(fc.property(words, words, (x, y) => {
    const { all: [a, b], alphabet } = profileChunks([toyChunk(x.join(' ')), toyChunk(y.join(' '))]);
    if (a === undefined || b === undefined) return;
    const compare = createTokenComparer(alphabet);
    const { lexical, structural, renamed } = compare(a, b);
    expect(lexical).toBeLessThanOrEqual(renamed + 1e-12);
    expect(renamed).toBeLessThanOrEqual(structural + 1e-12);
    expect(structural).toBeLessThanOrEqual(1);
    expect(compare(b, a).lexical).toBe(lexical);
    expect(compare(b, a).structural).toBe(structural);
  }));
});
