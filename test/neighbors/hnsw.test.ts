import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createHnsw } from '../../src/io/hnsw.ts';
import { createPairKernel } from '../../src/io/pair-kernel.ts';
import { EXACT_LIMIT } from '../../src/neighbors/crossover.ts';
import { findNeighbors, type NeighborResult } from '../../src/neighbors/neighbors.ts';
import type { AnnFactory, Matrix, PairKernel } from '../../src/types.ts';
import { SimcodeError } from '../../src/errors.ts';
import { createRandom } from '../bench/random.ts';
import { clusteredRows, createBruteForce, toMatrix } from './helpers.ts';

let kernel: PairKernel;
beforeAll(async () => { kernel = await createPairKernel(); });
afterAll(() => kernel.close());

const exact = (matrix: Matrix, floor: number): Promise<NeighborResult> =>
  findNeighbors(matrix, { index: 'exact', floor }, kernel, createBruteForce());
const missing: AnnFactory = () => Promise.reject(new SimcodeError('missing-dependency', 'not here'));

test('an index that looks at everything gives the same bits as exact', async () => {
  const matrix = toMatrix(clusteredRows(createRandom(11), [40, 20, 7, 7, 3, 1, 1, 1], 32, 0.35));
  const found = await findNeighbors(matrix, { index: 'hnsw', floor: 0.85 }, kernel, createBruteForce());
  expect(found).toEqual({ ...(await exact(matrix, 0.85)), index: 'hnsw' });
  expect(found.neighbors.length).toBeGreaterThan(200);
});

test('k grows for a class of 500 and stays small elsewhere', async () => {
  const matrix = toMatrix(clusteredRows(createRandom(2), [500, ...Array.from({ length: 60 }, () => 1)], 16, 0.1));
  const asked: number[] = [];
  const { neighbors } = await findNeighbors(matrix, { index: 'hnsw', floor: 0.95 }, kernel, createBruteForce(asked));
  expect(neighbors.length).toBeGreaterThanOrEqual((500 * 499) / 2);
  expect(new Set(asked)).toEqual(new Set([32, 64, 128, 256, 512]));
  expect(asked.filter((k) => k === 32)).toHaveLength(560);
  expect(asked.filter((k) => k === 512)).toHaveLength(500);
});

test('hnswlib finds what exact finds, or says how to install it', async () => {
  const random = createRandom(1);
  const sizes = Array.from({ length: 400 }, (_, i) => Math.max(1, Math.round(200 / (i + 1))));
  const matrix = toMatrix(clusteredRows(random, sizes, 64, 0.3));
  const search = findNeighbors(matrix, { index: 'hnsw', floor: 0.9 }, kernel, createHnsw);
  const installed = await createHnsw(1, 1).then(() => true, () => false);
  if (!installed) {
    await expect(search).rejects.toMatchObject({ code: 'missing-dependency' });
    return;
  }
  const truth = await exact(matrix, 0.9);
  const found = await search;
  const cosines = new Map(truth.neighbors.map(({ a, b, cosine }) => [`${a}-${b}`, cosine]));
  for (const { a, b, cosine } of found.neighbors) expect(cosines.get(`${a}-${b}`)).toBe(cosine);
  expect(truth.neighbors.length).toBeGreaterThan(10_000);
  expect(found.neighbors.length / truth.neighbors.length).toBeGreaterThanOrEqual(0.99);
});

test('auto is exact up to the crossover, hnsw above it, and exact again where hnswlib is missing', async () => {
  const matrix = toMatrix([[1, 0], [1, 0.1], [1, 0.2], [1, 0.2]]);
  const index = async (exactLimit: number, factory: AnnFactory): Promise<string> =>
    (await findNeighbors(matrix, { index: 'auto', floor: 0.5, exactLimit }, kernel, factory)).index;
  expect(await index(EXACT_LIMIT, createBruteForce())).toBe('exact');
  expect(await index(3, createBruteForce())).toBe('exact');
  expect(await index(2, createBruteForce())).toBe('hnsw');
  expect(await index(2, missing)).toBe('exact');
});

test('hnsw asked for and missing is an error, and so is a factory that fails for another reason', async () => {
  const matrix = toMatrix([[1, 0], [1, 0.1]]);
  const search = (index: 'auto' | 'hnsw', factory: AnnFactory): Promise<unknown> =>
    findNeighbors(matrix, { index, floor: 0.5, exactLimit: 1 }, kernel, factory);
  await expect(search('hnsw', missing)).rejects.toMatchObject({ code: 'missing-dependency' });
  await expect(search('auto', () => Promise.reject(new RangeError('broken')))).rejects.toThrow('broken');
});

test('without hnswlib-node the compiled adapter fails with what is missing and how to mend it', () => {
  const dir = mkdtempSync(join(tmpdir(), 'simcode-hnsw-'));
  try {
    for (const file of ['errors.js', 'io/hnsw.js']) cpSync(join('dist', file), join(dir, file));
    writeFileSync(join(dir, 'package.json'), '{"type":"module"}');
    const script = "const { createHnsw } = await import('./io/hnsw.js'); await createHnsw(2, 1).catch(({ name, code, message, hint }) => console.log(JSON.stringify({ name, code, message, hint })));";
    const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], { cwd: dir, encoding: 'utf8' });
    expect(JSON.parse(output)).toMatchObject({
      name: 'SimcodeError', code: 'missing-dependency', message: expect.stringContaining('hnswlib-node'), hint: expect.stringContaining('npm install hnswlib-node'),
    });
  } finally {
    rmSync(dir, { recursive: true });
  }
});

test('the compiled kernel finds its graph and lets the process end', () => {
  const script = "import { createPairKernel } from './dist/io/pair-kernel.js'; const k = await createPairKernel(0); const r = await k.pairsAbove(Float32Array.of(1, 0), Float32Array.of(1, 0, 0, 1), 2, 0.5); await k.close(); console.log(r.cols.length);";
  const { status, stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  expect({ status, stdout: stdout.trim() }).toEqual({ status: 0, stdout: '1' });
});
