import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SimcodeError } from '../../src/errors.ts';
import { openFolderStore } from '../../src/io/stores/folder.ts';
import { loadRepositories } from '../../src/store/load.ts';
import type { Pack } from '../../src/store/port.ts';
import { tempFolder } from '../helpers/temp.ts';
import { infoOf, model, putToy, toyFunctions } from './functions.ts';

async function packsOf(store: ReturnType<typeof openFolderStore>, name: string): Promise<Uint8Array[]> {
  const packs: Uint8Array[] = [];
  for await (const pack of store.packs(name)) packs.push(pack);
  return packs;
}

describe('a store in a folder', () => {
  it('keeps repositories apart, replaces them whole, and is the same bytes again', async () => {
    const store = openFolderStore(join(tempFolder(), 'deep/store'));
    expect(await store.repositories()).toEqual([]);
    await putToy(store, 'b', 700);
    await putToy(store, 'a', 3);
    expect((await store.repositories()).map(({ name, functions }) => [name, functions])).toEqual([['a', 3], ['b', 700]]);
    const before = readFileSync(join(store.location, 'a.simcode'));
    await putToy(store, 'a', 3);
    expect(readFileSync(join(store.location, 'a.simcode')).equals(before)).toBe(true);
    const loaded = await loadRepositories(store, [], model);
    expect(loaded.chunks.length).toBe(703);
    expect((await loadRepositories(store, ['a'], model)).chunks.map(({ id }) => id)).toEqual(toyFunctions(3).chunks.map(({ path, name, range }) => `a/${path}#${name}@${range.startLine}:1`));
    expect([await store.remove('a'), await store.remove('a')]).toEqual([true, false]);
    expect(readdirSync(store.location)).toEqual(['b.simcode']);
  });

  it('leaves what was there when writing fails half-way', async () => {
    const store = openFolderStore(tempFolder());
    await putToy(store, 'a', 3);
    const failing = function* (): Generator<Pack> {
      yield { bytes: new Uint8Array(1000), functions: 1, vectors: [] };
      throw new Error('killed');
    };
    await expect(store.put(infoOf('a', 9), failing())).rejects.toThrow('killed');
    expect((await loadRepositories(store, [], model)).chunks.length).toBe(3);
    expect(readdirSync(store.location)).toEqual(['a.simcode']);
  });

  it('is bound to one model', async () => {
    const store = openFolderStore(tempFolder());
    await putToy(store, 'a', 3);
    await expect(loadRepositories(store, [], { ...model, revision: '2' })).rejects.toThrow(/holds vectors of toy \(1, 8 dimensions\), not of toy \(2, 8 dimensions\)/);
    await expect(loadRepositories(store, ['z'], model)).rejects.toThrow(/has no repository z/);
    await expect(loadRepositories(openFolderStore(join(store.location, 'none')), [], model)).rejects.toThrow(/is empty/);
  });

  it('reads files cut anywhere or changed anywhere as damaged, and says so', async () => {
    const folder = tempFolder();
    const store = openFolderStore(folder);
    await putToy(store, 'a', 30);
    const path = join(folder, 'a.simcode');
    const bytes = readFileSync(path);
    const read = async (): Promise<void> => {
      try {
        expect((await loadRepositories(store, [], model)).chunks.length).toBe(30);
      } catch (error) {
        expect(error).toBeInstanceOf(SimcodeError);
      }
    };
    await fc.assert(fc.asyncProperty(fc.nat(bytes.length - 1), async (length) => {
      writeFileSync(path, bytes.subarray(0, length));
      await expect(loadRepositories(store, [], model)).rejects.toBeInstanceOf(SimcodeError);
    }), { numRuns: 60 });
    await fc.assert(fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(255), async (at, value) => {
      const changed = Buffer.from(bytes);
      changed[at] = value;
      writeFileSync(path, changed);
      await read();
    }), { numRuns: 100 });
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (junk) => {
      writeFileSync(path, Buffer.concat([bytes.subarray(0, 16), junk]));
      await expect(packsOf(store, 'a')).rejects.toBeInstanceOf(SimcodeError);
    }), { numRuns: 60 });
  });

  it('follows no link, waits for no pipe, and leaves its folder for no name', async () => {
    const folder = tempFolder({ 'outside.simcode': 'x' });
    const inside = join(folder, 'store');
    mkdirSync(inside);
    const store = openFolderStore(inside);
    symlinkSync('../outside.simcode', join(inside, 'link.simcode'));
    await expect(store.repositories()).rejects.toThrow(/cannot be used: a symbolic link lies there/);
    execFileSync('rm', [join(inside, 'link.simcode')]);
    execFileSync('mkfifo', [join(inside, 'pipe.simcode')]);
    await expect(store.repositories()).rejects.toThrow(/it is no file/);
    execFileSync('rm', [join(inside, 'pipe.simcode')]);
    expect(() => store.remove('../outside')).toThrow();
    await putToy(store, 'a', 1);
    execFileSync('mv', [join(inside, 'a.simcode'), join(inside, 'b.simcode')]);
    await expect(store.repositories()).rejects.toThrow(/it holds repository "a"/);
  });
});
