import { snippetChunk } from '../chunk/snippet.ts';
import { embedChunks } from '../embed/embed.ts';
import type { PairRow } from '../eval/dataset.ts';
import { createDescriber } from '../score/describe.ts';
import { gatherUnits } from '../score/units.ts';
import type { Chunk, Embedder, Grammars, OnEvent, VectorCache } from '../types.ts';
import type { Example } from './fit.ts';

export interface ExamplePorts {
  readonly grammars: Grammars;
  readonly embedder: Embedder;
  readonly cache: VectorCache;
  readonly onEvent: OnEvent;
}

/** Pairs as the verifier sees them. `skipped`: rows with the same code twice, which are not judged, or code that cannot be parsed. */
export async function describeExamples(rows: readonly PairRow[], ports: ExamplePorts): Promise<{ readonly examples: readonly Example[]; readonly skipped: number }> {
  const chunks: Chunk[] = [];
  const labels: (0 | 1)[] = [];
  for (const [i, { a, b, langA, langB, label }] of rows.entries()) {
    const id = String(i).padStart(9, '0');
    const [left, right] = [await snippetChunk(`${id}a`, langA, a, ports.grammars), await snippetChunk(`${id}b`, langB, b, ports.grammars)];
    ports.onEvent({ stage: 'chunk', state: 'tick', done: i + 1, total: rows.length });
    if (left === undefined || right === undefined) continue;
    chunks.push(left, right);
    labels.push(label === 1 ? 1 : 0);
  }
  const { matrix } = await embedChunks(chunks, ports.embedder, ports.cache, ports.onEvent);
  await ports.cache.save();
  const units = gatherUnits(chunks);
  const describer = createDescriber(units, matrix);
  const examples = labels.flatMap((label, i): Example[] => {
    const [a, b] = [units.unitOf[2 * i] ?? 0, units.unitOf[2 * i + 1] ?? 0];
    return a === b ? [] : [{ label, features: describer.describe(a, b).features }];
  });
  return { examples, skipped: rows.length - examples.length };
}
