import { realpath } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { compareTrees } from '../compare/compare.ts';
import type { TreeInput } from '../compare/read.ts';
import type { Comparison } from '../compare/schema.ts';
import type { EffectiveConfig } from '../config/schema.ts';
import { isVendoredFolder } from '../discover/vendored.ts';
import { SimcodeError } from '../errors.ts';
import { createFileSource } from '../io/files.ts';
import { openGrammars } from '../io/grammars.ts';
import { createPairKernel } from '../io/pair-kernel.ts';
import { loadRepositories, modelOf } from '../store/load.ts';
import type { StoreModel } from '../store/port.ts';
import type { FileSource, OnEvent } from '../types.ts';
import { withStore } from './stores.ts';
import { statTyped } from './typed-path.ts';
import { openCache, openCalibration, openEmbedder } from './wiring.ts';

export interface StoreRequest {
  readonly where: string;
  /** Names, all of the store when empty. */
  readonly repositories: readonly string[];
}

export interface CompareRequest {
  /** Two trees; one to compare with a store, none to compare two repositories of a store. */
  readonly trees: readonly string[];
  readonly store?: StoreRequest | undefined;
  readonly ignoreCommon: readonly string[];
  readonly purpose: Comparison['purpose'];
}

/** Opens the trees and the model, and compares. @throws SimcodeError `bad-input` for trees that do not exist or are one */
export async function runCompare({ trees: names, store, ignoreCommon, purpose }: CompareRequest, config: EffectiveConfig, onEvent: OnEvent): Promise<Comparison> {
  const places = await locateTrees(names, ignoreCommon);
  const [grammars, calibration, kernel] = await Promise.all([openGrammars(), openCalibration(config.model, config.embedUrls), createPairKernel()]);
  const embedder = await openEmbedder(config);
  try {
    const [read, common] = [treesOf(places.trees, places, config), treesOf(places.common, places, config)];
    const stored = store === undefined ? [] : await storedTrees(store, names.length, modelOf(embedder));
    const trees = [...read, ...stored, ...common].map((tree, i) => ({ ...tree, side: i === 0 ? 'a' as const : i === 1 ? 'b' as const : 'c' as const }));
    const { include, exclude, languages, maxFileSize, tests, includeVendored, includeGenerated, minLines, minTokens, crossLanguage, rules } = config;
    return await compareTrees(trees, { grammars, embedder, calibration, kernel, onEvent, cache: await openCache(config.cache, embedder) }, {
      purpose, minLines, minTokens, crossLanguage, ...(config.threshold !== undefined && { threshold: config.threshold }),
      discover: { include, exclude, maxFileSize, tests, includeVendored, includeGenerated, onEvent, ...(languages.length > 0 && { languages }) },
      // methods of one name in two trees are what is looked for, not noise
      switches: { ...rules, parallel: false, test: tests === 'exclude' },
    });
  } finally {
    await Promise.all([embedder.close(), kernel.close()]);
  }
}

interface Place { readonly name: string; readonly real: string; readonly directory: boolean }

interface Places { readonly trees: readonly Place[]; readonly common: readonly Place[] }

async function locateTrees(names: readonly string[], ignoreCommon: readonly string[]): Promise<Places> {
  const [trees, common] = [await Promise.all(names.map(locate)), await Promise.all(ignoreCommon.map(locate))];
  const [a, b] = trees;
  if (a !== undefined && a.real === b?.real) {
    throw new SimcodeError('bad-input', `${a.name} and ${b.name} are the same.`, { hint: `To find the clones within one tree: simcode scan ${a.name}` });
  }
  for (const one of common) {
    if (trees.some(({ real }) => real === one.real)) {
      throw new SimcodeError('bad-input', `--ignore-common ${one.name} is one of the trees compared: nothing would be left.`, { hint: 'Name the folder of the template or of the vendored code.' });
    }
  }
  return { trees, common };
}

type Tree = Omit<TreeInput, 'side'>;

/** A tree that lies inside another is left out of that one. */
function treesOf(chosen: readonly Place[], { trees, common }: Places, config: EffectiveConfig): Tree[] {
  return chosen.map((place) => ({
    name: place.name, source: without(place, [...trees, ...common].filter((other) => other.real !== place.real && isInside(other.real, place.real)), config),
  }));
}

/** Repositories of a store: together the second tree, or the two trees where none was named. */
async function storedTrees({ where, repositories }: StoreRequest, named: number, model: StoreModel): Promise<readonly Tree[]> {
  return withStore(where, async (store) => {
    const load = async (names: readonly string[]): Promise<Tree> => {
      const { repositories: found, chunks, matrix } = await loadRepositories(store, names, model);
      return { name: names.length === 0 ? store.location : names.join(', '), source: { files: found.reduce((sum, { files }) => sum + files, 0), chunks, matrix } };
    };
    return named === 1 ? [await load(repositories)] : Promise.all(repositories.map((name) => load([name])));
  });
}

async function locate(name: string): Promise<Place> {
  const found = await statTyped(name);
  return { name, real: await realpath(name), directory: found.isDirectory() };
}

function without({ real, directory }: Place, inner: readonly Place[], { git, includeVendored }: EffectiveConfig): FileSource {
  const root = directory ? real : dirname(real);
  const source = createFileSource(root, [directory ? '.' : basename(real)], {
    git, ...(!includeVendored && { prune: (folder: string) => (isVendoredFolder(folder) ? 'vendored' as const : undefined) }),
  });
  if (inner.length === 0) return source;
  return {
    read: source.read,
    list: async () => {
      const listing = await source.list();
      return { ...listing, paths: listing.paths.filter((path) => !inner.some((place) => isInside(join(root, path), place.real))) };
    },
  };
}

function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && resolve(folder, way) === path);
}
