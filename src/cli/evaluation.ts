import { calibrate, type CalibrationResult } from '../eval/calibrate.ts';
import type { Dataset } from '../eval/dataset.ts';
import { evaluate, readUnits, type EvalOptions, type Subject } from '../eval/evaluate.ts';
import type { EvalResult } from '../eval/summary.ts';
import { openGrammars } from '../io/grammars.ts';
import type { Chunk, OnEvent } from '../types.ts';
import type { ModelChoice } from './models.ts';
import { pullMissing } from './pulling.ts';
import { openCache, openCalibration, openEmbedder } from './wiring.ts';

/** How models are run; the options of `modelOptions`. */
export interface EvaluationRequest extends Omit<ModelChoice, 'model' | 'instruction' | 'purpose'> {
  readonly mask: EvalOptions['mask'] | undefined;
  /** Each model is scored with each; empty: with its default. */
  readonly instructions: readonly string[];
  readonly pull?: true | undefined;
  /** Vectors are kept between runs unless this is false. */
  readonly cache?: boolean | undefined;
  readonly onEvent: OnEvent;
}

const BASELINES = new Set(['tfidf', 'tf-idf']);

/** Every model, with every instruction, on every dataset, in the order given; one model is held at a time. */
export async function evaluateAll(datasets: readonly Dataset[], models: readonly string[], request: EvaluationRequest): Promise<EvalResult[]> {
  const grammars = await openGrammars();
  const { mask, onEvent } = request;
  const options: EvalOptions = { grammars, onEvent, clock: () => performance.now() / 1000, ...(mask !== undefined && { mask }) };
  const units = new Map<Dataset, readonly Chunk[]>();
  const results: EvalResult[] = [];
  for (const { model, instruction } of runsOf(models, request.instructions)) {
    const { subject, close } = await openSubject({ ...request, model, instruction });
    try {
      for (const dataset of datasets) {
        const chunks = units.get(dataset) ?? await readUnits(dataset, options);
        units.set(dataset, chunks);
        results.push(await evaluate(dataset, chunks, subject, options));
      }
    } finally {
      await close();
    }
  }
  return results;
}

function runsOf(models: readonly string[], instructions: readonly string[]): readonly Pick<ModelChoice, 'model' | 'instruction'>[] {
  return models.flatMap((model): Pick<ModelChoice, 'model' | 'instruction'>[] => (
    BASELINES.has(model) || instructions.length === 0 ? [{ model }] : instructions.map((instruction) => ({ model, instruction }))));
}

async function openSubject(choice: Omit<EvaluationRequest, 'instructions'> & ModelChoice): Promise<{ subject: Subject; close: () => Promise<void> }> {
  const { model, instruction, embedUrls, cache = true } = choice;
  if (BASELINES.has(model)) return { subject: { kind: 'tfidf' }, close: () => Promise.resolve() };
  if (choice.pull) await pullMissing(choice);
  const embedder = await openEmbedder(choice);
  return {
    subject: {
      kind: 'model', embedder, calibration: await openCalibration(model, embedUrls), cache: await openCache(cache, embedder), asQueries: instruction === 'search',
    },
    close: () => embedder.close(),
  };
}

/** Fits the calibration of one model on labelled pairs. */
export async function calibrateModel(
  dataset: Extract<Dataset, { kind: 'pairs' }>, request: Omit<EvaluationRequest, 'mask' | 'instructions'> & ModelChoice & { readonly floor: number },
): Promise<CalibrationResult> {
  const { cache = true, onEvent } = request;
  if (request.pull) await pullMissing(request);
  const embedder = await openEmbedder(request);
  try {
    return await calibrate(dataset.rows, dataset.name, request.floor, { grammars: await openGrammars(), embedder, cache: await openCache(cache, embedder), onEvent });
  } finally {
    await embedder.close();
  }
}
