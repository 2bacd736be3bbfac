import { describe, expect, it } from 'vitest';
import { chooseLanguages } from '../../src/score/cross-language.ts';
import type { Chunk, ClonePair } from '../../src/types.ts';

const chunk = (id: string, language: string) => ({ id, language }) as Chunk;
const pair = (a: string, b: string) => ({ a, b }) as ClonePair;
const chunks = [chunk('ts', 'typescript'), chunk('js', 'javascript'), chunk('py', 'python')];
const pairs = [pair('js', 'ts'), pair('py', 'ts')];

describe('chooseLanguages', () => {
  it('keeps, drops or requires pairs across languages; JavaScript and TypeScript are one', () => {
    expect(chooseLanguages(chunks, pairs, 'on')).toEqual(pairs);
    expect(chooseLanguages(chunks, pairs, 'off')).toEqual([pairs[0]]);
    expect(chooseLanguages(chunks, pairs, 'only')).toEqual([pairs[1]]);
  });
});
