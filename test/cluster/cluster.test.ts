import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { clusterPairs } from '../../src/cluster/cluster.ts';
import type { Chunk, CloneClass, ClonePair, CloneType } from '../../src/types.ts';
import { toyChunk } from '../helpers/toy-chunk.ts';

const THRESHOLD = 0.8;
const OPTIONS = { threshold: THRESHOLD };

function chunkAt(index: number, path = `f${index}.ts`, at = 0, lines = 5): Chunk {
  const code = `function f${index}() {${'\n  work();'.repeat(lines - 1)} }`;
  return toyChunk(code, { path, at });
}
function pairOf(a: Chunk | undefined, b: Chunk | undefined, similarity: number, type: CloneType = 3): ClonePair {
  if (a === undefined || b === undefined) throw new Error('no such chunk');
  return { a: a.id, b: b.id, similarity, type, cosine: 0, lexical: 0, structural: 0 };
}
const members = (classes: readonly CloneClass[]) => classes.map((found) => found.members.map((id) => Number(/f(\d+)\./.exec(id)?.[1]))).toSorted();

/** A random graph of functions, sparse enough to hold several groups. */
const graph = fc.integer({ min: 2, max: 14 }).chain((size) => fc.record({
  size: fc.constant(size),
  edges: fc.array(fc.record({
    a: fc.nat(size - 1), b: fc.nat(size - 1), similarity: fc.integer({ min: 60, max: 100 }).map((n) => n / 100), type: fc.constantFrom<CloneType>(2, 3, 4),
  }), { maxLength: 40 }),
})).map(({ size, edges }) => {
  const chunks = Array.from({ length: size }, (_, i) => chunkAt(i));
  const distinct = new Map(edges.filter(({ a, b }) => a !== b).map((edge) => [[edge.a, edge.b].toSorted().join(), edge] as const));
  return { chunks, pairs: [...distinct.values()].map(({ a, b, similarity, type }) => pairOf(chunks[Math.min(a, b)], chunks[Math.max(a, b)], similarity, type)) };
});

test('the order of chunks and pairs does not matter', () => {
  fc.assert(fc.property(graph, fc.infiniteStream(fc.nat()), ({ chunks, pairs }, keys) => {
    const shuffled = <T>(items: readonly T[]) => items.map((item) => ({ item, key: Number(keys.next().value) })).toSorted((x, y) => x.key - y.key).map(({ item }) => item);
    expect(clusterPairs(shuffled(chunks), shuffled(pairs), OPTIONS)).toEqual(clusterPairs(chunks, pairs, OPTIONS));
  }));
});

test('classes are disjoint, every member is paired with the representative, and the mean holds', () => {
  fc.assert(fc.property(graph, ({ chunks, pairs }) => {
    const similarity = new Map(pairs.map(({ a, b, similarity }) => [`${a} ${b}`, similarity]));
    const seen = new Set<string>();
    for (const found of clusterPairs(chunks, pairs, OPTIONS)) {
      expect(found.members.length).toBeGreaterThan(1);
      const toCenter = found.members.filter((id) => id !== found.representative)
        .map((id) => similarity.get(`${id} ${found.representative}`) ?? similarity.get(`${found.representative} ${id}`) ?? 0);
      expect(Math.min(...toCenter)).toBeGreaterThanOrEqual(THRESHOLD);
      expect(found.minSimilarity).toBe(Math.min(...toCenter));
      expect(found.cohesion).toBeGreaterThanOrEqual(THRESHOLD - 1e-12);
      for (const id of found.members) {
        expect(seen.has(id)).toBe(false);
        seen.add(id);
      }
    }
  }));
});

test('a function that is like nothing else changes nothing', () => {
  fc.assert(fc.property(graph, ({ chunks, pairs }) => {
    expect(clusterPairs([chunkAt(99), ...chunks], pairs, OPTIONS)).toEqual(clusterPairs(chunks, pairs, OPTIONS));
  }));
});

test('two tight groups joined by one weak pair stay two classes', () => {
  const chunks = Array.from({ length: 6 }, (_, i) => chunkAt(i));
  const within = [[0, 1], [0, 2], [1, 2], [3, 4], [3, 5], [4, 5]].map(([a = 0, b = 0]) => pairOf(chunks[a], chunks[b], 0.95));
  expect(members(clusterPairs(chunks, [...within, pairOf(chunks[2], chunks[3], 0.81)], OPTIONS))).toEqual([[0, 1, 2], [3, 4, 5]]);
});

test('a chain of neighbours does not become one class', () => {
  const chunks = Array.from({ length: 40 }, (_, i) => chunkAt(i));
  const chain = chunks.slice(1).map((chunk, i) => pairOf(chunks[i], chunk, 0.99));
  for (const found of clusterPairs(chunks, chain, OPTIONS)) expect(found.members.length).toBeLessThanOrEqual(3);
});

test('functions that are like one hub and not like each other do not become one class', () => {
  const chunks = Array.from({ length: 188 }, (_, i) => chunkAt(i));
  const star = chunks.slice(1).map((chunk) => pairOf(chunks[0], chunk, 0.95));
  expect(clusterPairs(chunks, star, OPTIONS).map(({ members: ids }) => ids.length)).toEqual([2]);
});

test('at a low threshold and with random links among 188 functions no class holds more than half of its pairs unlinked', () => {
  fc.assert(fc.property(fc.infiniteStream(fc.integer({ min: 0, max: 99 })), fc.integer({ min: 2, max: 25 }), (dice, percent) => {
    const chunks = Array.from({ length: 188 }, (_, i) => chunkAt(i));
    const pairs = chunks.flatMap((a, i) => chunks.slice(i + 1).flatMap((b) => (Number(dice.next().value) < percent ? [pairOf(a, b, 0.6)] : [])));
    for (const found of clusterPairs(chunks, pairs, { threshold: 0.3 })) {
      const possible = (found.members.length * (found.members.length - 1)) / 2;
      expect(found.pairs.length / possible).toBeGreaterThanOrEqual(0.5);
      expect(found.members.length).toBeLessThan(40);
    }
  }), { numRuns: 20 });
});

test('a third member just below the threshold to one of two joins them, one far below does not', () => {
  const chunks = [chunkAt(0), chunkAt(1), chunkAt(2)];
  const pairs = [pairOf(chunks[0], chunks[1], 0.95), pairOf(chunks[1], chunks[2], 0.95)];
  const sizes = (similarity: number) => clusterPairs(chunks, pairs, { ...OPTIONS, weak: [pairOf(chunks[0], chunks[2], similarity)] }).map((found) => found.members.length);
  expect([sizes(0.75), sizes(0.5)]).toEqual([[3], [2]]);
});

test('identical functions stored as a star become one class with cohesion 1', () => {
  const chunks = Array.from({ length: 300 }, (_, i) => chunkAt(i));
  const star = chunks.slice(1).map((chunk) => pairOf(chunks[0], chunk, 1, 1));
  const [found, ...others] = clusterPairs(chunks, star, OPTIONS);
  expect(others).toEqual([]);
  expect(found).toMatchObject({ cohesion: 1, minSimilarity: 1, type: 1, duplicatedLines: 299 * 5 });
  expect(found?.members.length).toBe(300);
});

test('a near copy of a large identical group joins it by one stored pair', () => {
  const chunks = Array.from({ length: 80 }, (_, i) => chunkAt(i));
  const star = chunks.slice(1, 79).map((chunk) => pairOf(chunks[0], chunk, 1, 1));
  const classes = clusterPairs(chunks, [...star, pairOf(chunks[0], chunks[79], 0.9)], OPTIONS);
  expect(classes.map((found) => [found.members.length, found.type])).toEqual([[80, 3]]);
});

test('a function and one inside it are never in one class', () => {
  const outer = chunkAt(0, 'f0.ts', 0, 20);
  const inner = chunkAt(1, 'f0.ts', 1, 3);
  const far = chunkAt(2);
  const classes = clusterPairs([outer, inner, far], [pairOf(outer, far, 0.9), pairOf(inner, far, 0.95), pairOf(outer, inner, 0.99)], OPTIONS);
  expect(classes.map(({ members: ids }) => ids.length)).toEqual([2]);
});

test('a class inside the members of another is folded into it, one that reaches outside stays', () => {
  const [outerA, outerB] = [chunkAt(0, 'f0.ts', 0, 30), chunkAt(1, 'f1.ts', 0, 30)];
  const [innerA, innerB, elsewhere] = [chunkAt(10, 'f0.ts', 1, 4), chunkAt(11, 'f1.ts', 1, 4), chunkAt(12)];
  const pairs = [pairOf(outerA, outerB, 0.9), pairOf(innerA, innerB, 0.95)];
  const chunks = [outerA, outerB, innerA, innerB, elsewhere];
  expect(clusterPairs(chunks, pairs, OPTIONS).map(({ members: ids }) => ids)).toEqual([[outerA.id, outerB.id]]);
  const wider = [...pairs, pairOf(innerA, elsewhere, 0.95), pairOf(innerB, elsewhere, 0.95)];
  expect(clusterPairs(chunks, wider, OPTIONS).map(({ members: ids }) => ids.length)).toEqual([2, 3]);
});

test('classes are sorted by the lines they would save, and a line is counted once', () => {
  const oneLiners = [chunkAt(0, 'x.ts', 0, 1), chunkAt(1, 'x.ts', 0, 1)].map((chunk, i) => (
    { ...chunk, id: `${chunk.id}:${i}`, range: { ...chunk.range, startIndex: i * 50, endIndex: i * 50 + 40 } }));
  const big = [chunkAt(2, 'y.ts', 0, 9), chunkAt(3, 'z.ts', 0, 9)];
  const classes = clusterPairs([...oneLiners, ...big], [pairOf(oneLiners[0], oneLiners[1], 0.9), pairOf(big[0], big[1], 0.9)], OPTIONS);
  expect(classes.map(({ duplicatedLines }) => duplicatedLines)).toEqual([9, 0]);
});

test('the id is the head of a fingerprint that knows nothing of lines', () => {
  const at = (line: number) => [chunkAt(0, 'f0.ts', line), chunkAt(1)];
  const idAt = (line: number) => clusterPairs(at(line), [pairOf(at(line)[0], at(line)[1], 0.9)], OPTIONS)[0];
  expect(idAt(7)?.fingerprint).toBe(idAt(0)?.fingerprint);
  expect(idAt(0)?.fingerprint.startsWith(idAt(0)?.id ?? '-')).toBe(true);
});
