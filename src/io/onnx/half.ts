/** IEEE 754 binary16 bits as a number; Node 20 has no Float16Array. */
export function halfToFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Floats of an output tensor, whatever precision it has. Undefined for anything else. */
export function floatsOf(data: unknown): Float32Array | undefined {
  if (data instanceof Float32Array) return data;
  if (data instanceof Uint16Array) return Float32Array.from(data, halfToFloat);
  // a Float16Array, where the runtime has them
  return ArrayBuffer.isView(data) && data.constructor.name === 'Float16Array' ? Float32Array.from(data as unknown as Iterable<number>) : undefined;
}
