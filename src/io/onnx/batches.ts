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
