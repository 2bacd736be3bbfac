import { readFileSync } from 'node:fs';
import { afterAll, expect, test, vi } from 'vitest';
import { createHnsw } from '../../src/io/hnsw.ts';
import { createPairKernel } from '../../src/io/pair-kernel.ts';
import { analyse } from '../../src/run/analyse.ts';
import { stopwatch } from '../../src/run/stopwatch.ts';
import { parseCalibration } from '../../src/score/calibration.ts';
import type { Chunk, KeptPairs, Matrix } from '../../src/types.ts';
import { createRandom } from '../bench/random.ts';
import { hashEmbedder } from '../embed/hash-embedder.ts';
import { toyChunk } from '../helpers/toy-chunk.ts';

vi.setConfig({ testTimeout: 300_000 });
const calibration = parseCalibration(readFileSync('models/mini/calibration.json', 'utf8'), 'calibration.json');
const kernel = createPairKernel();
const ports = { calibration, kernel, ann: createHnsw, embedder: hashEmbedder(), onEvent: () => undefined, clock: () => 0 };
afterAll(() => kernel.close());

/** A function of a toy tree: where it stands and what it says. */
interface Place { readonly path: string; readonly code: string }

const DIMS = 24;
const random = createRandom(11);
const below = (end: number): number => Math.floor(random() * end);
const pick = <T>(items: readonly T[]): T => items[below(items.length)] as T;
const WORDS = ['price', 'count', 'items', 'total', 'owner', 'queue', 'start', 'limit', 'index', 'value'] as const;

const statement = (): string => pick([
  () => `if (${pick(WORDS)} > ${below(9)}) { ${pick(WORDS)} += ${pick(WORDS)} * ${below(5)} }`,
  () => `for (const ${pick(WORDS)} of ${pick(WORDS)}) { ${pick(WORDS)}.push(${pick(WORDS)}) }`,
  () => `const ${pick(WORDS)} = new Map(${pick(WORDS)}, "${pick(WORDS)}")`,
  () => `while (${pick(WORDS)} < ${pick(WORDS)}) { ${pick(WORDS)} = ${pick(WORDS)} - ${below(5)} }`,
])();
const written = (): string => `function ${pick(WORDS)}(${pick(WORDS)}, ${pick(WORDS)}) {\n${Array.from({ length: 4 + below(5) }, () => `  ${statement()}`).join('\n')}\n  return ${pick(WORDS)}\n}`;
const edited = (code: string): string => {
  const lines = code.split('\n');
  lines.splice(1 + below(lines.length - 2), below(2), `  ${statement()}`);
  return lines.join('\n');
};
const placeOf = (): string => `${pick(['a', 'b', 'c'])}/${below(40)}.ts`;

/** One or two functions written, copied, edited, moved or removed, or a file renamed. */
function change(tree: readonly Place[]): readonly Place[] {
  const at = below(tree.length);
  const one = tree[at] as Place;
  const without = tree.toSpliced(at, 1);
  return pick<() => readonly Place[]>([
    () => [...tree, { path: placeOf(), code: written() }],
    () => [...tree, { path: placeOf(), code: one.code }],
    () => [{ path: one.path, code: written() }, ...tree],
    () => without,
    () => tree.with(at, { ...one, code: edited(one.code) }),
    () => tree.with(at, { ...one, code: one.code.replaceAll(pick(WORDS), pick(WORDS)) }),
    () => [...without, { ...one, path: placeOf() }],
    () => tree.with(at, tree[0] as Place).with(0, one),
    () => tree.map((place) => (place.path === one.path ? { ...place, path: `${place.path}x` } : place)),
  ])();
}

/** Counts of words, so that like functions have like vectors; some point exactly the same way. */
function vectorOf(lexemes: readonly string[]): Float32Array {
  const row = new Float32Array(DIMS);
  for (const lexeme of lexemes) {
    const at = [...lexeme].reduce((sum, char) => (sum * 31 + char.charCodeAt(0)) % DIMS, 7);
    row[at] = (row[at] ?? 0) + 1;
  }
  const length = Math.hypot(...row);
  return row.map((value) => value / length);
}

function functionsOf(tree: readonly Place[], known: Set<string>): { readonly chunks: readonly Chunk[]; readonly matrix: Matrix } {
  const next = new Map<string, number>();
  const chunks = tree.toSorted((a, b) => (a.path < b.path ? -1 : Number(a.path > b.path))).map(({ path, code }) => {
    const line = next.get(path) ?? 0;
    next.set(path, line + code.split('\n').length);
    return toyChunk(code, { path, at: line });
  });
  const keys = chunks.map(({ lexemes }) => lexemes.join(' '));
  const rows = new Float32Array(chunks.length * DIMS);
  for (const [row, { lexemes }] of chunks.entries()) rows.set(vectorOf(lexemes), row * DIMS);
  const fresh = new Set(keys.filter((key) => !known.has(key)));
  for (const key of keys) known.add(key);
  return { chunks, matrix: { dims: DIMS, rows, chunkIds: chunks.map(({ id }) => id), keys, fresh } };
}

test('going on from the last run finds what a run from scratch finds, whatever was edited', async () => {
  const options = { root: '.', index: 'exact', threshold: 0.3, config: {} } as const;
  const known = new Set<string>();
  let tree: readonly Place[] = Array.from({ length: 150 }, () => ({ path: placeOf(), code: written() }));
  let kept: KeptPairs | undefined;
  let [classes, asked] = [0, 0];
  for (let step = 0; step < 30; step++) {
    for (let edits = 1 + below(2); edits > 0; edits--) tree = change(tree);
    const functions = functionsOf(tree, known);
    const counted = { ...kernel, pairsAbove: (...given: Parameters<typeof kernel.pairsAbove>) => { asked++; return kernel.pairsAbove(...given); } };
    const again = await analyse({ ...ports, kernel: counted }, functions, options, stopwatch(ports), { kept });
    const scratch = await analyse(ports, functions, options, stopwatch(ports));
    expect(again.found).toEqual(scratch.found);
    kept = structuredClone(again.kept);
    classes += again.found.classes.length;
  }
  expect(classes).toBeGreaterThan(30);
  // most steps searched for what had changed only
  expect(asked).toBeLessThan(25);
});
