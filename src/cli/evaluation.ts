import { calibrate, type CalibrationResult } from '../eval/calibrate.ts';
import type { Dataset } from '../eval/dataset.ts';
import { evaluate } from '../eval/evaluate.ts';
import type { EvalOptions, Subject } from '../eval/evaluate.ts';
import type { EvalResult } from '../eval/summary.ts';
import { openGrammars } from '../io/grammars.ts';
import type { OnEvent } from '../types.ts';
import { openCache, openCalibration, openEmbedder } from './wiring.ts';

export interface EvaluationRequest {
  readonly mask: EvalOptions['mask'] | undefined;
  readonly device: string;
  readonly threads?: number | undefined;
  readonly instruction?: string | undefined;
  readonly cache: boolean;
  readonly onEvent: OnEvent;
}

/** Every model on every dataset, in the order given; one model is held at a time. */
export async function evaluateAll(datasets: readonly Dataset[], models: readonly string[], request: EvaluationRequest): Promise<EvalResult[]> {
  const grammars = await openGrammars();
  const { mask, onEvent } = request;
  const options: EvalOptions = { grammars, onEvent, clock: () => performance.now() / 1000, ...(mask !== undefined && { mask }) };
  const results: EvalResult[] = [];
  for (const model of models) {
    const { subject, close } = await openSubject(model, request);
    try {
      for (const dataset of datasets) results.push(await evaluate(dataset, subject, options));
    } finally {
      await close();
    }
  }
  return results;
}

async function openSubject(model: string, { device, threads, instruction, cache }: EvaluationRequest): Promise<{ subject: Subject; close: () => Promise<void> }> {
  if (model === 'tf-idf') return { subject: { kind: 'tfidf' }, close: () => Promise.resolve() };
  const embedder = await openEmbedder({
    model, device: device as 'auto', ...(threads !== undefined && { threads }), ...(instruction !== undefined && { instruction }),
  });
  return {
    subject: { kind: 'model', embedder, calibration: await openCalibration(model), cache: await openCache(cache, embedder) },
    close: () => embedder.close(),
  };
}

/** Fits the calibration of one model on labelled pairs. */
export async function calibrateModel(
  dataset: Extract<Dataset, { kind: 'pairs' }>, request: Omit<EvaluationRequest, 'mask' | 'instruction'> & { readonly model: string },
): Promise<CalibrationResult> {
  const { model, device, threads, cache, onEvent } = request;
  const embedder = await openEmbedder({ model, device: device as 'auto', ...(threads !== undefined && { threads }) });
  try {
    return await calibrate(dataset.rows, dataset.name, { grammars: await openGrammars(), embedder, cache: await openCache(cache, embedder), onEvent });
  } finally {
    await embedder.close();
  }
}
