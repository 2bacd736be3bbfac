import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chunkFile } from '../../src/chunk/chunk.ts';
import { chunkStored } from '../../src/chunk/stored.ts';
import { chunkToStore } from '../../src/chunk/to-store.ts';
import { chunkStoresDir, openChunkStore } from '../../src/io/chunk-store.ts';
import { openGrammars } from '../../src/io/grammars.ts';
import type { FileChunker, Grammars, SourceFile } from '../../src/types.ts';
import { tempFolder } from '../helpers/temp.ts';

const grammars = await openGrammars();
const chunkWith = (grammars: Grammars): Pick<FileChunker, 'chunk'> => ({ chunk: (given, floor) => chunkToStore(given, grammars, floor) });
const chunker = chunkWith(grammars);
/** Fails where a file is parsed. */
const none = chunkWith({ languages: [], load: () => Promise.reject(new Error('parsed')), host: () => Promise.reject(new Error('parsed')) });
const text = `class Cart {
  total(lines, rate = 0.2) {
    let net = 0;
    for (const line of lines) net += line.price * line.count;
    // simcode-ignore: the tax office wants it so
    const round = (value) => {
      const cents = Math.round(value * 100);
      const sign = cents < 0 ? -1 : 1;
      return (sign * Math.abs(cents)) / 100;
    };
    return round(net * (1 + rate));
  }
}
`;
const file = (path: string, body = text): SourceFile => ({ path, language: 'javascript', text: body, sha256: createHash('sha256').update(body).digest('hex') });
const options = { minLines: 3, minTokens: 20 };

describe('chunkStored', () => {
  it('gives the same chunks and warnings from the store as from the parser, and then does not parse', async () => {
    const dir = tempFolder();
    const fresh = await chunkFile(file('a.js'), grammars, options);
    expect(fresh.chunks.length).toBe(2);
    const kept = { ...fresh, chunks: fresh.chunks.map((chunk) => ({ ...chunk, joined: chunk.lexemes.join(' ') })), key: expect.any(String) as string };
    const cold = await openChunkStore(dir, '/root');
    expect(await chunkStored(file('a.js'), chunker, options, cold)).toEqual({ ...kept, isNew: true });
    expect(await cold.save()).toEqual([]);
    const warm = await openChunkStore(dir, '/root');
    expect(await chunkStored(file('a.js'), none, options, warm)).toEqual({ ...kept, isNew: false });
  });

  it('parses again when the text, the path, an option or the root changes', async () => {
    const dir = tempFolder();
    const cold = await openChunkStore(dir, '/root');
    await chunkStored(file('a.js'), chunker, options, cold);
    await cold.save();
    const warm = await openChunkStore(dir, '/root');
    const elsewhere = await openChunkStore(dir, '/other');
    // the grammar of a language is kept by the process, so another one shows that the file is parsed
    const changed = (given: SourceFile): SourceFile => ({ ...given, language: 'klingon' });
    await expect(chunkStored(changed(file('a.js')), none, options, warm)).rejects.toThrow('parsed');
    expect(await chunkStored(file('b.js'), chunker, options, warm)).toMatchObject({ chunks: [{ path: 'b.js' }, { path: 'b.js' }] });
    expect((await chunkStored(file('a.js', `\n${text}`), chunker, options, warm)).chunks[0]?.range.startLine).toBe(3);
    expect((await chunkStored(file('a.js'), chunker, { minLines: 8, minTokens: 20 }, warm)).chunks).toHaveLength(1);
    expect((await chunkStored(file('a.js'), chunker, options, elsewhere)).chunks).toHaveLength(2);
  });
});

describe('openChunkStore', () => {
  it('makes a damaged file anew with a warning, whatever is in it', async () => {
    const dir = tempFolder();
    const cold = await openChunkStore(dir, '/root');
    await chunkStored(file('a.js'), chunker, options, cold);
    await cold.save();
    const [name = ''] = readdirSync(chunkStoresDir(dir));
    const path = join(chunkStoresDir(dir), name);
    const good = readFileSync(path);
    await fc.assert(fc.asyncProperty(fc.integer({ min: 0, max: good.length - 1 }), fc.integer({ min: 1, max: 255 }), fc.boolean(), async (at, flip, cut) => {
      const bad = Buffer.from(good);
      bad[at] = (bad[at] ?? 0) ^ flip;
      writeFileSync(path, cut ? good.subarray(0, at + 1 === good.length ? at : at + 1) : bad);
      const store = await openChunkStore(dir, '/root');
      expect((await store.save()).map(({ code }) => code)).toEqual(['cache-corrupt']);
      expect((await chunkStored(file('a.js'), chunker, options, store)).chunks).toHaveLength(2);
    }), { numRuns: 60 });
  });

  it('says so when it cannot write, and goes on', async () => {
    const dir = tempFolder({ 'chunks-1': 'a file in the way' });
    const store = await openChunkStore(dir, '/root');
    await chunkStored(file('a.js'), chunker, options, store);
    expect((await store.save()).map(({ code }) => code)).toEqual(['cache-unwritable']);
  });

  it('does not follow a folder that lies where the file should', async () => {
    const dir = tempFolder();
    const store = await openChunkStore(dir, '/root');
    await chunkStored(file('a.js'), chunker, options, store);
    await store.save();
    const [name = ''] = readdirSync(chunkStoresDir(dir));
    mkdirSync(join(dir, 'again', 'chunks-1', name), { recursive: true });
    expect((await (await openChunkStore(join(dir, 'again'), '/root')).save()).map(({ code }) => code)).toEqual(['cache-corrupt']);
  });
});
