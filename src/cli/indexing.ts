import { realpath } from 'node:fs/promises';
import { basename } from 'node:path';
import type { EffectiveConfig } from '../config/schema.ts';
import { isVendoredFolder } from '../discover/vendored.ts';
import { SimcodeError } from '../errors.ts';
import { noChunkStore, openChunkStore } from '../io/chunk-store.ts';
import { createFileSource } from '../io/files.ts';
import { noKnownFiles, openKnownFiles } from '../io/known-files.ts';
import { openChunker } from '../io/parse/chunker.ts';
import { cacheDir } from '../io/paths.ts';
import { readFunctions } from '../pipeline.ts';
import { buildPacks } from '../store/build.ts';
import { checkModel, modelOf } from '../store/load.ts';
import type { RepositoryInfo, VectorStore } from '../store/port.ts';
import { repositoryName } from '../store/port.ts';
import type { Embedder, OnEvent, Skip, Warning } from '../types.ts';
import { version } from '../version.ts';
import { statTyped } from './typed-path.ts';
import { discoverOptions, openCache, openEmbedder } from './wiring.ts';

/** A repository that was put into a store. */
export interface Indexed {
  readonly info: RepositoryInfo;
  readonly bytes: number;
  readonly embedded: number;
  readonly skips: readonly Skip[];
  readonly warnings: readonly Warning[];
}

interface Named { readonly name: string; readonly folder: string }

/**
 * Reads folders and puts each into the store as a repository, in place of what it has under that name.
 * @param name of the one folder, instead of the folder's own
 * @throws SimcodeError `bad-input` for folders that do not exist or have one name, `nothing-analysed`, `store`
 */
export async function indexFolders(
  store: VectorStore, folders: readonly string[], name: string | undefined, config: EffectiveConfig, onEvent: OnEvent,
): Promise<readonly Indexed[]> {
  const named = await nameFolders(folders, name);
  const embedder = await openEmbedder(config);
  try {
    // told before the work rather than after it
    for (const { name: other, model } of await store.repositories()) if (!named.some((one) => one.name === other)) checkModel(store.location, model, modelOf(embedder));
    const indexed: Indexed[] = [];
    for (const one of named) indexed.push(await indexFolder(store, one, embedder, config, onEvent));
    return indexed;
  } finally {
    await embedder.close();
  }
}

async function indexFolder(store: VectorStore, { name, folder }: Named, embedder: Embedder, config: EffectiveConfig, onEvent: OnEvent): Promise<Indexed> {
  const files = createFileSource(folder, ['.'], {
    git: config.git, ...(!config.includeVendored && { prune: (inner: string) => (isVendoredFolder(inner) ? 'vendored' as const : undefined) }),
  });
  const read = await readFunctions({
    files, chunker: openChunker(), known: config.cache ? await openKnownFiles(cacheDir(), folder) : noKnownFiles(), embedder, cache: await openCache(config.cache, embedder), onEvent,
    chunkStore: config.cache ? await openChunkStore(cacheDir(), folder) : noChunkStore(), clock: () => performance.now() / 1000,
  }, { discover: discoverOptions(config, onEvent), minLines: config.minLines, minTokens: config.minTokens, text: false });
  if (read.chunks.length === 0) {
    throw new SimcodeError('nothing-analysed', `Nothing to index: ${folder} has no function of ${config.minLines} lines and ${config.minTokens} tokens or more`, {
      hint: 'Lower --min-lines and --min-tokens, or name another folder.',
    });
  }
  const info: RepositoryInfo = { name, tool: version, model: modelOf(embedder), functions: read.chunks.length, files: read.files, lines: read.lines };
  await store.put(info, buildPacks(read.chunks, read.matrix), (functions) => onEvent({ stage: 'report', state: 'tick', done: functions, total: info.functions }));
  return { info, bytes: await store.bytes(name), embedded: read.embedded, skips: read.skips, warnings: read.warnings };
}

async function nameFolders(folders: readonly string[], name: string | undefined): Promise<readonly Named[]> {
  if (name !== undefined && folders.length > 1) {
    throw new SimcodeError('bad-option', `--name names one folder, not ${folders.length}`, { hint: 'Add the folders one by one.' });
  }
  const named: Named[] = [];
  for (const typed of folders) {
    const folder = await existingFolder(typed);
    const own = name === undefined ? nameOf(basename(folder)) : checkedName(name);
    const twin = named.find((one) => one.name === own);
    if (twin !== undefined) {
      throw new SimcodeError('bad-input', `${twin.folder} and ${folder} would both be repository ${own}`, { hint: `Add one of them by itself under another name: simcode index add ${typed} --name <name> --store <where>` });
    }
    named.push({ name: own, folder });
  }
  return named;
}

async function existingFolder(typed: string): Promise<string> {
  const found = await statTyped(typed);
  if (!found.isDirectory()) throw new SimcodeError('bad-input', `${typed} is not a folder`, { hint: 'A repository is a folder.' });
  return realpath(typed);
}

/** A folder's name as a repository's. */
function nameOf(folder: string): string {
  const name = folder.replaceAll(/[^A-Za-z0-9._-]+/g, '-').replace(/^[.-]+/, '').slice(0, 100);
  return name === '' ? 'repository' : name;
}

/** @throws SimcodeError `bad-option` for what cannot be the name of a repository */
export function checkedName(name: string): string {
  if (repositoryName.safeParse(name).success) return name;
  throw new SimcodeError('bad-option', `${JSON.stringify(name)} cannot be the name of a repository`, { hint: 'Use up to 100 letters, digits, dots, dashes and underscores, not beginning with a dot or dash.' });
}
