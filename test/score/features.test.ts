import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { snippetChunk } from '../../src/chunk/snippet.ts';
import { openGrammars } from '../../src/io/grammars.ts';
import { createDescriber } from '../../src/score/describe.ts';
import { FEATURE_NAMES } from '../../src/score/features.ts';
import { gatherUnits } from '../../src/score/units.ts';
import type { Chunk } from '../../src/types.ts';
import { toyChunk } from '../helpers/toy-chunk.ts';

function featuresOf(a: Chunk, b: Chunk): Record<string, number> {
  const units = gatherUnits([a, b]);
  const matrix = { dims: 2, rows: Float32Array.of(1, 0, 0.6, 0.8), chunkIds: units.chunks.map(({ id }) => id) };
  const { features } = createDescriber(units, matrix).describe(0, 1);
  return Object.fromEntries(FEATURE_NAMES.map((name, i) => [name, features[i] ?? NaN]));
}
const at = (code: string, path: string, language = 'typescript') => toyChunk(code, { path, language });

test('features are finite, in range and the same both ways round', () => {
  const code = fc.array(fc.constantFrom('a', 'b', 'start', 'end', 'if', 'return', '+', '-', '1', '2', '"s"', '('), { minLength: 1, maxLength: 60 }).map((words) => words.join(' '));
  fc.assert(fc.property(code, code, (x, y) => {
    fc.pre(x !== y);
    const one = gatherUnits([at(x, 'a.ts'), at(y, 'b.ts')]);
    fc.pre(one.members.length === 2);
    const there = featuresOf(at(x, 'a.ts'), at(y, 'b.ts'));
    const back = featuresOf(at(y, 'a.ts'), at(x, 'b.ts'));
    for (const [name, value] of Object.entries(there)) {
      expect(Number.isFinite(value)).toBe(true);
      if (name !== 'logLength') expect(value >= 0 && value <= 1, name).toBe(true);
      // several longest alignments can exist, and which renamings they show depends on the direction
      if (name !== 'renamed') expect(back[name], name).toBeCloseTo(value, 12);
    }
  }));
});

test('each side of a feature is told apart', () => {
  const low = at('function pick(items) { return items.min() + 1 }', 'a.ts');
  const high = at('function pick(items) { return items.max() - 2 }', 'a.ts');
  expect(featuresOf(low, { ...high, id: 'other', range: { ...high.range, startIndex: 900, endIndex: 950 } })).toMatchObject({
    cosine: expect.closeTo(0.6, 6), structural: expect.closeTo(10 / 11, 1), numberDisagreement: 1, oppositeWords: 0.5, sameFamily: 1, sameFile: 1, nameOverlap: 1, sizeRatio: 1,
  });
});

test('JavaScript and TypeScript are one family, Python is another', () => {
  const [one, other] = ['function f(a) { return a + 1 }', 'function g(a) { return a * 2 }'] as const;
  expect(featuresOf(at(one, 'a.ts'), at(other, 'b.js', 'javascript')).sameFamily).toBe(1);
  expect(featuresOf(at(one, 'a.ts'), at(other, 'b.py', 'python')).sameFamily).toBe(0);
});

test('calls of what a function is given are no calls that two functions could disagree in; calls of its own name elsewhere are', async () => {
  const grammars = await openGrammars();
  const pairOf = async (a: string, b: string) => {
    const [one, other] = await Promise.all([snippetChunk('a', 'typescript', a, grammars), snippetChunk('b', 'typescript', b, grammars)]);
    if (one === undefined || other === undefined) throw new Error('not parsed');
    const named = (chunk: Chunk, code: string): Chunk => ({ ...chunk, name: /function (\w+)/.exec(code)?.[1] ?? '' });
    return featuresOf(named(one, a), named(other, b));
  };
  const given = await pairOf('function each(items, visit) { for (const item of items) visit(item, log(item)); }', 'function walk(rows, act) { for (const row of rows) act(row, log(row)); }');
  expect(given).toMatchObject({ calleeOverlap: 1, calleeDisagreement: 0 });
  const named = await pairOf('function dispose() { this.view.dispose(); clear(this); }', 'function close() { this.view.dispose(); clear(this); }');
  expect(named).toMatchObject({ calleeOverlap: 1, calleeDisagreement: 0 });
});
