/** Batches small enough that threads finish together, large enough that messages cost nothing beside the model. */
const MAX_TEXTS = 16;
const MAX_CHARS = 16_384;

/** Indices of `texts`, longest first (the shortest fill the gaps at the end), in batches for one message each. */
export function planBatches(texts: readonly string[]): readonly (readonly number[])[] {
  const order = texts.map((text, at) => ({ at, length: text.length })).toSorted((a, b) => b.length - a.length || a.at - b.at);
  const batches: number[][] = [];
  let chars = Infinity;
  for (const { at, length } of order) {
    const open = batches.at(-1);
    if (open && open.length < MAX_TEXTS && chars + length <= MAX_CHARS) {
      open.push(at);
      chars += length;
    } else {
      batches.push([at]);
      chars = length;
    }
  }
  return batches;
}

export interface BatchLimits {
  /** Tokens of a batch, padding included. */
  readonly tokens: number;
  readonly rows: number;
}

/**
 * Indices of texts by their token counts, longest first, in batches whose padded size is within the limits; a text that
 * alone exceeds them is a batch of its own.
 */
export function planPadded(lengths: readonly number[], limits: BatchLimits): readonly (readonly number[])[] {
  const order = lengths.map((length, at) => ({ at, length })).toSorted((a, b) => b.length - a.length || a.at - b.at);
  const batches: number[][] = [];
  let width = 0;
  for (const { at, length } of order) {
    const open = batches.at(-1);
    if (open && open.length < limits.rows && (open.length + 1) * width <= limits.tokens) {
      open.push(at);
    } else {
      batches.push([at]);
      width = length;
    }
  }
  return batches;
}
