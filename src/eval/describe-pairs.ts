import { snippetChunk } from '../chunk/snippet.ts';
import { embedChunks } from '../embed/embed.ts';
import { SimcodeError } from '../errors.ts';
import { createDescriber } from '../score/describe.ts';
import { gatherUnits } from '../score/units.ts';
import type { Chunk, Embedder, Grammars, OnEvent, VectorCache } from '../types.ts';
import type { PairRow } from './dataset.ts';

export interface CalibrationPorts {
  readonly grammars: Grammars;
  readonly embedder: Embedder;
  readonly cache: VectorCache;
  readonly onEvent: OnEvent;
}

/**
 * Feature vectors (ordered as `FEATURE_NAMES`) of labelled pairs, in their order; a text that is in several pairs is read once.
 * @throws SimcodeError `bad-input` for a side that cannot be parsed within bounds
 */
export async function describePairs(rows: readonly PairRow[], { grammars, embedder, cache, onEvent }: CalibrationPorts): Promise<Float64Array[]> {
  const chunks: Chunk[] = [];
  const known = new Map<string, number>();
  const sides: number[] = [];
  for (const [i, { a, b, langA, langB }] of rows.entries()) {
    for (const [side, lang, code] of [['a', langA, a], ['b', langB, b]] as const) {
      const key = `${lang} ${code}`;
      if (!known.has(key)) {
        const chunk = await snippetChunk(`${String(chunks.length).padStart(9, '0')}${side}`, lang, code, grammars);
        if (chunk === undefined) throw new SimcodeError('bad-input', `pair ${i + 1}: side ${side} cannot be parsed within bounds`);
        known.set(key, chunks.push(chunk) - 1);
      }
      sides.push(known.get(key) ?? 0);
    }
  }
  const { matrix } = await embedChunks(chunks, embedder, cache, onEvent);
  await cache.save();
  const units = gatherUnits(chunks);
  const describer = createDescriber(units, matrix);
  return rows.map((_, i) => describer.describe(units.unitOf[sides[2 * i] ?? 0] ?? 0, units.unitOf[sides[2 * i + 1] ?? 0] ?? 0).features);
}
