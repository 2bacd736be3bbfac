/** A request's limits: TEI takes 32 inputs, 2 MB and 16,384 tokens unless told otherwise, and it is the strictest. */
export const requestLimits = { inputs: 32, bytes: 1_500_000, chars: 48_000 } as const;

/**
 * Indices of `texts`, longest first (servers pad to the longest), in batches within the limits; a text that alone
 * exceeds them is a batch of its own.
 */
export function planRequests(texts: readonly string[], limits: Readonly<Record<keyof typeof requestLimits, number>> = requestLimits): readonly (readonly number[])[] {
  const order = texts.map((text, at) => ({ at, chars: text.length, bytes: jsonBytes(text) })).toSorted((a, b) => b.chars - a.chars || a.at - b.at);
  const batches: number[][] = [];
  let bytes = 0;
  let chars = 0;
  for (const text of order) {
    const open = batches.at(-1);
    bytes += text.bytes;
    chars += text.chars;
    if (open && open.length < limits.inputs && bytes <= limits.bytes && chars <= limits.chars) {
      open.push(text.at);
    } else {
      batches.push([text.at]);
      ({ bytes, chars } = text);
    }
  }
  return batches;
}

/** Bytes of a text inside a JSON array. */
function jsonBytes(text: string): number {
  return Buffer.byteLength(JSON.stringify(text)) + 1;
}
