import type { Command } from '@commander-js/extra-typings';
import { cacheInfo, cleanCache } from '../../io/cache-admin.ts';
import { chunkStoresInfo, cleanChunkStores } from '../../io/chunk-store-admin.ts';
import { cacheDir } from '../../io/paths.ts';
import { count, thousands } from '../../messages.ts';
import { escapeText } from '../../report/escape.ts';
import { addGlobalOptions } from '../options.ts';
import { writeStdout } from '../output.ts';

const help = `
The cache holds vectors, and what each file was cut into: positions, names and the words that the model reads, no source
text. It lies in $SIMCODE_CACHE_DIR, else in $XDG_CACHE_HOME/simcode, else in the
platform's own place, and is made anew when it is missing.

Examples:
  simcode cache info --json
  simcode cache clean`;

/** `simcode cache info|clean`: what the cache holds, and emptying it. */
export function addCacheCommand(program: Command): void {
  const cache = program.command('cache').description('Show or empty the cache of vectors and chunks.').addHelpText('after', help);
  addGlobalOptions(cache);
  const info = cache.command('info').description('where it is and what it holds').option('--json', 'as JSON').action(showInfo);
  const clean = cache.command('clean').description('remove every vector and chunk').action(clear);
  addGlobalOptions(info);
  addGlobalOptions(clean);
}

async function showInfo(options: { readonly json?: true }): Promise<void> {
  const info = { ...await cacheInfo(cacheDir()), chunks: await chunkStoresInfo(cacheDir()) };
  if (options.json) {
    await writeStdout(`${JSON.stringify(info, null, 2)}\n`);
    return;
  }
  const vectors = info.stores.reduce((sum, store) => sum + store.vectors, 0);
  const lines = [`${escapeText(info.dir)}: ${count(vectors, 'vector')}, ${megabytes(info.bytes)}`];
  for (const store of info.stores) {
    const model = escapeText(`${store.id} ${store.revision}`);
    lines.push(`  ${model}: ${count(store.vectors, 'vector')} of ${thousands(store.dims)} numbers, ${megabytes(store.bytes)}, last used ${store.lastUsed.toISOString().slice(0, 10)}`);
  }
  if (info.chunks.files > 0) lines.push(`  chunks of ${count(info.chunks.files, 'tree')}, ${megabytes(info.chunks.bytes)}`);
  await writeStdout(`${lines.join('\n')}\n`);
}

async function clear(): Promise<void> {
  const dir = cacheDir();
  const [vectors, chunks] = [await cleanCache(dir), await cleanChunkStores(dir)];
  const removed = { files: vectors.files + chunks.files, bytes: vectors.bytes + chunks.bytes };
  await writeStdout(`Removed ${count(removed.files, 'file')}, ${megabytes(removed.bytes)}, from ${escapeText(dir)}\n`);
}

/** `1.5 MB`, in millions of bytes. */
export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
