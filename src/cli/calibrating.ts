import { calibrate } from '../calibrate/calibrate.ts';
import { describeExamples } from '../calibrate/examples.ts';
import type { Dataset } from '../eval/dataset.ts';
import { openGrammars } from '../io/grammars.ts';
import type { OnEvent } from '../types.ts';
import { openCache, openEmbedder } from './wiring.ts';

/** Describes the pairs with a model and fits its calibration. */
export async function fitModel(
  dataset: Extract<Dataset, { kind: 'pairs' }>,
  { model, device, threads, cache }: { readonly model: string; readonly device: string; readonly threads?: number | undefined; readonly cache: boolean },
  onEvent: OnEvent,
) {
  const embedder = await openEmbedder({ model, device: device as 'auto', ...(threads !== undefined && { threads }) });
  try {
    const { examples, skipped } = await describeExamples(dataset.rows, { grammars: await openGrammars(), embedder, cache: await openCache(cache, embedder), onEvent });
    return { ...calibrate(examples, dataset.name), skipped };
  } finally {
    await embedder.close();
  }
}
