import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { clusterPairs } from '../../src/cluster/cluster.ts';
import { parseCalibration } from '../../src/score/calibration.ts';
import { MAX_FULL_GROUP } from '../../src/score/candidates.ts';
import { scorePairs } from '../../src/score/score.ts';
import type { Chunk, Matrix } from '../../src/types.ts';
import { toyChunk } from '../helpers/toy-chunk.ts';

const calibration = parseCalibration(readFileSync('models/mini/calibration.json', 'utf8'), 'calibration.json');
const { threshold } = calibration;

/** Vectors that all point the same way, or are pairwise orthogonal. */
function matrixOf(chunks: readonly Chunk[], alike: boolean): Matrix {
  const dims = alike ? 1 : chunks.length;
  const rows = new Float32Array(chunks.length * dims);
  for (let i = 0; i < chunks.length; i++) rows[i * dims + (alike ? 0 : i)] = 1;
  return { dims, rows, chunkIds: chunks.map(({ id }) => id) };
}
const run = (chunks: readonly Chunk[], alike = true) =>
  scorePairs({ chunks, matrix: matrixOf(chunks, alike), neighbors: [], calibration, threshold });

const sum = 'function total(items) { let sum = 0; for (const item of items) { if (item.active) { sum += item.price * item.count } } return sum }';
const renamed = sum.replaceAll('items', 'rows').replaceAll('item', 'row').replaceAll('sum', 'all').replace('total', 'subtotal');

test('copies are found by structure alone, with similarity 1, and renamed ones as Type 2', () => {
  const chunks = [toyChunk(sum), toyChunk(sum, { path: 'b.ts' }), toyChunk(renamed, { path: 'c.ts' })];
  expect(run(chunks).pairs.map(({ similarity, type }) => [similarity === 1, type])).toEqual([[true, 1], [false, 2], [false, 2]]);
});

test('without structure only the neighbours given are looked at', () => {
  const chunks = [toyChunk(sum), toyChunk(renamed, { path: 'c.ts' })];
  const input = { chunks, matrix: matrixOf(chunks, true), calibration, threshold, structure: false };
  expect(scorePairs({ ...input, neighbors: [] })).toEqual({ pairs: [], weak: [], candidates: 0 });
  expect(scorePairs({ ...input, neighbors: [{ a: 0, b: 1, cosine: 1 }] }).pairs.length).toBe(1);
});

test('the result does not depend on the order of chunks', () => {
  const chunks = [toyChunk(sum), toyChunk(sum, { path: 'b.ts' }), toyChunk(renamed, { path: 'c.ts' })];
  expect(run(chunks.toReversed()).pairs).toEqual(run(chunks).pairs);
});

test('ten thousand identical functions cost no quadratic work and are one class', () => {
  const chunks = Array.from({ length: 10_000 }, (_, i) => toyChunk(sum, { path: `f${String(i).padStart(5, '0')}.ts` }));
  const { pairs, candidates } = run(chunks);
  expect([pairs.length, candidates]).toEqual([9_999, 0]);
  const [found, ...others] = clusterPairs(chunks, pairs, { threshold });
  expect([found?.members.length, found?.type, others.length]).toEqual([10_000, 1, 0]);
});

test('up to the limit every pair of identical functions is stored', () => {
  const chunks = Array.from({ length: MAX_FULL_GROUP }, (_, i) => toyChunk(sum, { path: `${i}.ts` }));
  expect(run(chunks).pairs.length).toBe((MAX_FULL_GROUP * (MAX_FULL_GROUP - 1)) / 2);
});

test('groups of equal vectors stand for all their members', () => {
  const chunks = [toyChunk(sum), toyChunk(`${sum} ;;`, { path: 'b.ts' }), toyChunk(renamed, { path: 'c.ts' }), toyChunk('function f(a, b) { return a.map(b) }', { path: 'd.ts' })];
  const { candidates } = scorePairs({
    chunks, matrix: matrixOf(chunks, true), neighbors: [{ a: 0, b: 3, cosine: 1 }], groups: [[0, 1, 2]], calibration, threshold, structure: false });
  expect(candidates).toBe(3);
});

test('ruling pairs out by upper bounds changes no result', () => {
  const chunks = [sum, renamed, sum.replace('+=', '-='), 'function f(a, b) { return a.map(b) }', 'function g(x) { if (x) { return x.items } return 0 }']
    .map((code, i) => toyChunk(code, { path: `${i}.ts` }));
  const neighbors = chunks.flatMap((_, a) => chunks.slice(a + 1).map((_, i) => ({ a, b: a + 1 + i, cosine: 1 })));
  const at = (limit: number) => scorePairs({ chunks, matrix: matrixOf(chunks, true), neighbors, calibration, threshold: limit }).pairs;
  const all = at(0);
  expect(all.length).toBe(10);
  for (const limit of [0.2, 0.5, 0.9]) expect(at(limit)).toEqual(all.filter(({ similarity }) => similarity >= limit));
});

test('a function is never paired with one inside it', () => {
  const outer = toyChunk(sum.padEnd(400), { at: 0 });
  const inner = toyChunk(renamed, { at: 1 });
  expect(run([outer, inner])).toEqual({ pairs: [], weak: [], candidates: 0 });
});
