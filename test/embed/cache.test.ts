import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { cacheInfo, cleanCache, noCache, openVectorCache, type VectorCacheOptions } from '../../src/io/cache.ts';
import { temporaryDir } from './temporary.ts';

const STORE = { id: 'm', revision: '1', instruction: '', dims: 4 };
const keyOf = (name: string): string => createHash('sha256').update(name).digest('hex');
const vectorOf = (seed: number): Float32Array => new Float32Array([seed, 1 / 3, -0, Math.fround(seed * 1e-30)]);

async function fill(dir: string, names: readonly string[], options?: VectorCacheOptions, store = STORE): Promise<void> {
  const cache = openVectorCache(dir, store, options);
  for (const [at, name] of names.entries()) cache.set(keyOf(name), vectorOf(at));
  expect(await cache.save()).toEqual([]);
}

const bytesOf = (vector?: Float32Array): Buffer => Buffer.from(new Uint8Array(Float32Array.from(vector ?? []).buffer));

function filesIn(dir: string): string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

test('vectors come back bit for bit', async () => {
  await fc.assert(fc.asyncProperty(
    fc.uniqueArray(fc.string(), { maxLength: 40 }), fc.array(fc.float32Array({ minLength: 4, maxLength: 4 }), { minLength: 40, maxLength: 40 }),
    async (names, vectors) => {
      const dir = temporaryDir();
      const cache = openVectorCache(dir, STORE);
      for (const [at, name] of names.entries()) cache.set(keyOf(name), vectors[at] ?? new Float32Array(4));
      await cache.save();
      const again = openVectorCache(dir, STORE);
      for (const [at, name] of names.entries()) {
        expect(bytesOf(again.get(keyOf(name)))).toEqual(bytesOf(vectors[at]));
      }
      expect(again.get(keyOf('something never stored'))).toBeUndefined();
      expect(again.get('not hex')).toBeUndefined();
    }), { numRuns: 20 });
});

test('nothing is written or made when nothing was added', async () => {
  const dir = join(temporaryDir(), 'cache');
  const cache = openVectorCache(dir, STORE);
  expect(cache.get(keyOf('a'))).toBeUndefined();
  expect(await cache.save()).toEqual([]);
  expect(existsSync(dir)).toBe(false);
  const none = noCache();
  none.set(keyOf('a'), vectorOf(1));
  expect(none.get(keyOf('a'))).toBeUndefined();
  expect(await none.save()).toEqual([]);
});

test('stores of other models, revisions, instructions and sizes are apart', async () => {
  const dir = temporaryDir();
  await fill(dir, ['a']);
  for (const other of [{ id: 'n' }, { revision: '2' }, { instruction: 'x' }]) {
    expect(openVectorCache(dir, { ...STORE, ...other }).get(keyOf('a'))).toBeUndefined();
  }
  const wide = openVectorCache(dir, { ...STORE, dims: 5 });
  expect(wide.get(keyOf('a'))).toBeUndefined();
  wide.set(keyOf('a'), vectorOf(1));
  expect(wide.get(keyOf('a'))).toBeUndefined();
});

test('damage anywhere in a file is a warning, the rest stays, and the next save mends it', async () => {
  const names = Array.from({ length: 20 }, (_, at) => `n${at}`);
  const probe = temporaryDir();
  await fill(probe, names);
  const size = statSync(filesIn(probe)[0] ?? '').size;
  await fc.assert(fc.asyncProperty(fc.nat(size - 1), fc.integer({ min: 1, max: 255 }), async (position, flip) => {
    const dir = temporaryDir();
    await fill(dir, names);
    const [path = ''] = filesIn(dir);
    const bytes = readFileSync(path);
    bytes[position] = (bytes[position] ?? 0) ^ flip;
    writeFileSync(path, bytes);
    const cache = openVectorCache(dir, STORE);
    const found = names.map((name) => cache.get(keyOf(name)));
    for (const [at, vector] of found.entries()) if (vector) expect(vector).toEqual(vectorOf(at));
    expect(found).toContain(undefined);
    for (const [at, name] of names.entries()) if (!found[at]) cache.set(keyOf(name), vectorOf(at));
    expect(await cache.save()).toEqual([expect.objectContaining({ code: 'cache-corrupt' })]);
    const mended = openVectorCache(dir, STORE);
    for (const [at, name] of names.entries()) expect(mended.get(keyOf(name))).toEqual(vectorOf(at));
    expect(await mended.save()).toEqual([]);
  }), { numRuns: 60 });
});

test('random, cut and foreign files never crash and are removed', async () => {
  await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), fc.boolean(), async (noise, headed) => {
    const dir = temporaryDir();
    await fill(dir, ['a', 'b']);
    const [path = ''] = filesIn(dir);
    const good = readFileSync(path);
    const bad = join(dirname(path), 'bad.vec');
    writeFileSync(bad, headed ? Buffer.concat([good.subarray(0, 33), noise]) : noise);
    const cache = openVectorCache(dir, STORE);
    expect(cache.get(keyOf('a'))).toEqual(vectorOf(0));
    expect(await cache.save()).toEqual([expect.objectContaining({ code: 'cache-corrupt', message: expect.stringContaining('bad.vec') })]);
    expect(existsSync(bad)).toBe(false);
    for (let cut = 0; cut < good.length; cut += 37) {
      writeFileSync(path, good.subarray(0, cut));
      expect(openVectorCache(dir, STORE).get(keyOf('a'))).toBeUndefined();
    }
  }), { numRuns: 15 });
});

test('a file of another model is not taken for ours', async () => {
  const dir = temporaryDir();
  await fill(dir, ['a']);
  const [ours = ''] = filesIn(dir);
  const theirs = temporaryDir();
  await fill(theirs, ['b'], {}, { ...STORE, revision: '2' });
  writeFileSync(join(dirname(ours), 'b.vec'), readFileSync(filesIn(theirs)[0] ?? ''));
  const cache = openVectorCache(dir, STORE);
  expect(cache.get(keyOf('b'))).toBeUndefined();
  expect(cache.get(keyOf('a'))).toEqual(vectorOf(0));
  expect(await cache.save()).toEqual([expect.objectContaining({ code: 'cache-corrupt', message: expect.stringContaining('another model') })]);
});

test('a cache that cannot be written is a warning', async () => {
  const dir = join(temporaryDir(), 'file');
  writeFileSync(dir, 'in the way');
  const cache = openVectorCache(dir, STORE);
  expect(cache.get(keyOf('a'))).toBeUndefined();
  cache.set(keyOf('a'), vectorOf(1));
  const warnings = await cache.save();
  expect(warnings.map(({ code }) => code)).toContain('cache-unwritable');
  expect(cache.get(keyOf('a'))).toEqual(vectorOf(1));
});

test('many saves stay few files, and processes at once lose nothing', async () => {
  const dir = temporaryDir();
  const writer = fileURLToPath(new URL('../../fixtures/embed/cache-writers/writer.mjs', import.meta.url));
  const module = new URL('../../dist/io/cache.js', import.meta.url).href;
  const run = promisify(execFile);
  const names = ['one', 'two', 'three', 'four'];
  const outputs = await Promise.all(names.map((name) => run(process.execPath, [writer, module, dir, name, '25'])));
  expect(outputs.map(({ stdout }) => stdout)).toEqual(names.map(() => '[]'));
  const cache = openVectorCache(dir, STORE);
  for (const name of names) {
    for (let round = 0; round < 25; round++) {
      for (let at = 0; at < 50; at++) {
        const key = keyOf(at < 10 ? `shared ${round} ${at}` : `${name} ${round} ${at}`);
        expect(cache.get(key)).toEqual(new Float32Array([round, at, 0.5, -1]));
      }
    }
  }
  expect(await cache.save()).toEqual([]);
  expect(filesIn(dir).length).toBeLessThan(40);
  expect(filesIn(dir).filter((path) => path.endsWith('.tmp'))).toEqual([]);
});

test('beyond its size the cache drops what was used longest ago', async () => {
  const dir = temporaryDir();
  const old = Array.from({ length: 50 }, (_, at) => `old ${at}`);
  const recent = Array.from({ length: 50 }, (_, at) => `recent ${at}`);
  await fill(dir, old, { today: 100 });
  await fill(dir, recent, { today: 101 });
  const maxBytes = 3600;
  const cache = openVectorCache(dir, STORE, { maxBytes, today: 102 });
  expect(cache.get(keyOf('old 7'))).toBeDefined();
  cache.set(keyOf('new'), vectorOf(1));
  expect(await cache.save()).toEqual([]);
  expect((await cacheInfo(dir)).bytes).toBeLessThanOrEqual(maxBytes);
  const after = openVectorCache(dir, STORE);
  expect(after.get(keyOf('old 7'))).toBeDefined();
  expect(after.get(keyOf('new'))).toBeDefined();
  expect(after.get(keyOf('old 8'))).toBeUndefined();
  expect(recent.filter((name) => after.get(keyOf(name))).length).toBeGreaterThan(25);
});

test('use is remembered: a vector read a week later outlives one that was not', async () => {
  const dir = temporaryDir();
  await fill(dir, ['kept', 'lost'], { today: 100 });
  const reader = openVectorCache(dir, STORE, { today: 110 });
  reader.get(keyOf('kept'));
  await reader.save();
  const full = openVectorCache(dir, STORE, { maxBytes: 190, today: 111 });
  full.get(keyOf('kept'));
  await full.save();
  const after = openVectorCache(dir, STORE);
  expect(after.get(keyOf('kept'))).toBeDefined();
  expect(after.get(keyOf('lost'))).toBeUndefined();
});

test('beyond the size other models’ vectors go first', async () => {
  const dir = temporaryDir();
  await fill(dir, ['a', 'b'], {}, { ...STORE, revision: 'old' });
  await fill(dir, ['c'], { maxBytes: 250 });
  const { stores } = await cacheInfo(dir);
  expect(stores.map(({ revision }) => revision)).toEqual(['1']);
});

test('info lists stores, clean removes only what is ours', async () => {
  const dir = temporaryDir();
  await fill(dir, ['a', 'b']);
  await fill(dir, ['a'], {}, { ...STORE, id: '../evil/ä name', instruction: 'find' });
  writeFileSync(join(dir, 'notes.txt'), 'mine');
  const outside = temporaryDir();
  writeFileSync(join(outside, 'x.vec'), 'mine too');
  symlinkSync(outside, join(dir, 'vectors-1', 'link'));
  const info = await cacheInfo(dir);
  expect(info.stores.map(({ id, vectors }) => [id, vectors]).toSorted()).toEqual([['../evil/ä name', 1], ['m', 2]]);
  expect(info.bytes).toBe(info.stores.reduce((sum, store) => sum + store.bytes, 0));
  expect(await cleanCache(dir)).toEqual({ files: 2, bytes: info.bytes });
  expect(filesIn(dir)).toEqual([join(dir, 'notes.txt')]);
  expect(existsSync(join(outside, 'x.vec'))).toBe(true);
  expect((await cacheInfo(dir)).stores).toEqual([]);
  expect(await cleanCache(join(dir, 'nowhere'))).toEqual({ files: 0, bytes: 0 });
});

test('files of a writer that died are removed, those of a living one are left', async () => {
  const dir = temporaryDir();
  await fill(dir, ['a']);
  const folder = dirname(filesIn(dir)[0] ?? '');
  mkdirSync(folder, { recursive: true });
  for (const name of ['dead', 'living']) writeFileSync(join(folder, `${name}.vec.tmp`), 'half');
  utimesSync(join(folder, 'dead.vec.tmp'), 1000, 1000);
  const cache = openVectorCache(dir, STORE);
  cache.get(keyOf('a'));
  expect(await cache.save()).toEqual([]);
  expect(readdirSync(folder)).toContain('living.vec.tmp');
  expect(readdirSync(folder)).not.toContain('dead.vec.tmp');
});
