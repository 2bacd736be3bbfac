import { z } from 'zod';

/** What `/v1/embeddings` answers; everything else in it is left alone. Vectors as numbers or base64 of LE float32. */
const answer = z.object({
  model: z.string().max(1000).nullish(),
  data: z.array(z.object({
    index: z.int().min(0).nullish(),
    embedding: z.union([z.string(), z.array(z.number())]),
  })),
});

export interface Vectors {
  /** In the order of the inputs, as the server made them. */
  readonly rows: readonly Float32Array[];
  /** The model the server says it ran, if it says so. */
  readonly model: string | undefined;
}

/**
 * Reads an answer to `count` inputs.
 * @throws Error saying what is wrong: no JSON, a vector missing, given twice, of another length or not finite
 */
export function readAnswer(text: string, count: number): Vectors {
  const { data, model } = answer.parse(JSON.parse(text));
  if (data.length !== count) throw new Error(`${data.length} vectors for ${count} texts`);
  const rows: (Float32Array | undefined)[] = Array.from({ length: count });
  const indexed = data.every(({ index }) => typeof index === 'number');
  for (const [at, { index, embedding }] of data.entries()) {
    const place = indexed ? index ?? at : at;
    if (place >= count || rows[place]) throw new Error(`index ${place} is out of range or given twice`);
    rows[place] = typeof embedding === 'string' ? decode(embedding) : Float32Array.from(embedding);
  }
  const dims = rows[0]?.length ?? 0;
  for (const row of rows) {
    if (!row || row.length !== dims || dims === 0) throw new Error('vectors of different lengths');
    if (!row.every(Number.isFinite)) throw new Error('a vector that is not finite');
  }
  return { rows: rows.filter((row) => row !== undefined), model: model ?? undefined };
}

function decode(base64: string): Float32Array {
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length % 4 !== 0) throw new Error('a base64 vector of odd length');
  const row = new Float32Array(bytes.length / 4);
  for (let at = 0; at < row.length; at++) row[at] = bytes.readFloatLE(at * 4);
  return row;
}
