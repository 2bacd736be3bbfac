import type { EffectiveConfig } from '../config/schema.ts';
import { createHnsw } from '../io/hnsw.ts';
import { createPairKernel } from '../io/pair-kernel.ts';
import { EXACT_LIMIT } from '../neighbors/crossover.ts';
import type { NeighborSearch } from '../run/ports.ts';
import { findClones } from '../pipeline.ts';
import type { Loaded } from '../store/load.ts';
import { loadRepositories, modelOf } from '../store/load.ts';
import { storeNeighbors } from '../store/neighbors.ts';
import type { VectorStore } from '../store/port.ts';
import type { OnEvent, ScanResult } from '../types.ts';
import { withStore } from './stores.ts';
import { isolation, openCalibration, openEmbedder, reported, ruleSwitches } from './wiring.ts';

/**
 * Clone classes within and across repositories of a store, without their sources.
 * @param names of repositories, all when empty
 * @throws SimcodeError `store`
 */
export async function scanStore(where: string, names: readonly string[], config: EffectiveConfig, onEvent: OnEvent): Promise<ScanResult> {
  const [calibration, embedder, kernel] = await Promise.all([openCalibration(config.model, config.embedUrls), openEmbedder(config), createPairKernel()]);
  try {
    return await withStore(where, async (store) => {
      onEvent({ stage: 'chunk', state: 'start' });
      const loaded = narrow(await loadRepositories(store, names, modelOf(embedder)), config);
      onEvent({ stage: 'chunk', state: 'end' });
      // the store's index knows the vectors of all its repositories
      const search = names.length === 0 ? ownSearch(store, loaded, config.index) : undefined;
      const sum = (key: 'files' | 'lines'): number => loaded.repositories.reduce((total, one) => total + one[key], 0);
      return findClones(
        { embedder, calibration, kernel, ann: createHnsw, onEvent, clock: () => performance.now() / 1000, ...(search && { search }) },
        {
          chunks: loaded.chunks, matrix: loaded.matrix, files: sum('files'), lines: sum('lines'),
          embedded: 0, cached: new Set(loaded.vectorIds).size, skips: [], warnings: await store.check(),
        },
        {
          root: store.location, index: config.index, crossLanguage: config.crossLanguage,
          rules: { switches: ruleSwitches(config), isolate: isolation(config.isolate) }, config: reported({ ...config, paths: [] }),
          ...(config.threshold !== undefined && { threshold: config.threshold }),
        },
      );
    });
  } finally {
    await Promise.all([embedder.close(), kernel.close()]);
  }
}

/** The store's own index where an index is asked for or needed. */
function ownSearch({ search }: VectorStore, { vectorIds }: Loaded, index: EffectiveConfig['index']): NeighborSearch | undefined {
  const wanted = index === 'hnsw' || (index === 'auto' && new Set(vectorIds).size > EXACT_LIMIT);
  return search !== undefined && wanted ? (matrix, options) => storeNeighbors({ matrix, vectorIds }, search, options) : undefined;
}

/** Functions that the size floors and languages of this run let through. */
function narrow(loaded: Loaded, { minLines, minTokens, languages }: EffectiveConfig): Loaded {
  const { dims, rows } = loaded.matrix;
  const kept = [...loaded.chunks.keys()].filter((i) => {
    const chunk = loaded.chunks[i];
    return chunk !== undefined && chunk.metrics.lines >= minLines && chunk.metrics.tokens >= minTokens && (languages.length === 0 || languages.includes(chunk.language));
  });
  if (kept.length === loaded.chunks.length) return loaded;
  const fewer = new Float32Array(kept.length * dims);
  for (const [to, from] of kept.entries()) fewer.set(rows.subarray(from * dims, (from + 1) * dims), to * dims);
  const chunks = kept.flatMap((i) => loaded.chunks[i] ?? []);
  return { ...loaded, chunks, matrix: { dims, rows: fewer, chunkIds: chunks.map(({ id }) => id) }, vectorIds: kept.map((i) => loaded.vectorIds[i] ?? '') };
}
