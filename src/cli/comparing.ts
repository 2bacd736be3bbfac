import { realpath, stat } from 'node:fs/promises';
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
import type { FileSource, OnEvent } from '../types.ts';
import { openCache, openCalibration, openEmbedder } from './wiring.ts';

export interface CompareRequest {
  readonly a: string;
  readonly b: string;
  readonly ignoreCommon: readonly string[];
  readonly purpose: Comparison['purpose'];
}

/** Opens the trees and the model, and compares. @throws SimcodeError `bad-input` for trees that do not exist or are one */
export async function runCompare({ a, b, ignoreCommon, purpose }: CompareRequest, config: EffectiveConfig, onEvent: OnEvent): Promise<Comparison> {
  const trees = await openTrees([a, b, ...ignoreCommon], config);
  const [grammars, calibration, kernel] = await Promise.all([openGrammars(), openCalibration(config.model, config.embedUrls), createPairKernel()]);
  const embedder = await openEmbedder(config);
  try {
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

/** The trees in order; a tree that lies inside another is left out of that one. */
async function openTrees(names: readonly string[], config: EffectiveConfig): Promise<TreeInput[]> {
  const places = await Promise.all(names.map(locate));
  const [a, b, ...common] = places;
  if (a === undefined || b === undefined) throw new RangeError('two trees are compared');
  if (a.real === b.real) {
    throw new SimcodeError('bad-input', `${a.name} and ${b.name} are the same.`, { hint: `To find the clones within one tree: simcode scan ${a.name}` });
  }
  for (const one of common) {
    if (one.real === a.real || one.real === b.real) {
      throw new SimcodeError('bad-input', `--ignore-common ${one.name} is one of the trees compared: nothing would be left.`, { hint: 'Name the folder of the template or of the vendored code.' });
    }
  }
  return places.map((place, i) => ({
    side: i === 0 ? 'a' as const : i === 1 ? 'b' as const : 'c' as const, name: place.name,
    files: without(place, places.filter((other, j) => j !== i && other.real !== place.real && isInside(other.real, place.real)), config),
  }));
}

async function locate(name: string): Promise<Place> {
  const path = resolve(name);
  const found = await stat(path).catch((cause: unknown) => {
    throw new SimcodeError('bad-input', `${name} does not exist`, { hint: `Paths are looked up from ${process.cwd()}`, cause });
  });
  return { name, real: await realpath(path), directory: found.isDirectory() };
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
