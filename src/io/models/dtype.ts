/** Weights a repository may offer, and how their files are called: `model<suffix>.onnx` (Hugging Face Optimum's names). */
export const dtypeSuffixes = {
  fp32: '', fp16: '_fp16', q8: '_quantized', int8: '_int8', uint8: '_uint8', q4: '_q4', q4f16: '_q4f16', bnb4: '_bnb4',
} as const;
export type Dtype = keyof typeof dtypeSuffixes;

export const dtypes = Object.keys(dtypeSuffixes) as readonly Dtype[];

/** What a device runs well. `f16`: it computes in half precision. */
export interface Precision { readonly device: string; readonly f16: boolean }

/** Above this a CPU is better served by 8-bit weights: a quarter of the memory traffic, and texts are never padded there. */
const LARGE = 1e9;

/**
 * The dtype to use of those offered (bytes each): exact weights where they fit, half precision on an accelerator that
 * has it, 8 bits for large models on a CPU. Undefined when nothing fits.
 */
export function defaultDtype(offered: ReadonlyMap<Dtype, number>, { device, f16 }: Precision): Dtype | undefined {
  const exact: readonly Dtype[] = ['fp32', 'q8', 'int8', 'uint8', 'fp16', 'q4', 'bnb4', 'q4f16'];
  const small: readonly Dtype[] = ['q8', 'int8', 'uint8', 'fp32', 'q4', 'fp16', 'bnb4', 'q4f16'];
  const half: readonly Dtype[] = ['fp16', 'fp32', 'q4f16', 'q4', 'q8', 'int8', 'uint8', 'bnb4'];
  const single: readonly Dtype[] = ['fp32', 'q4', 'q8', 'int8', 'uint8', 'bnb4'];
  const order = device !== 'cpu' ? (f16 ? half : single) : (offered.get('fp32') ?? 0) > LARGE ? small : exact;
  return order.find((dtype) => offered.has(dtype));
}
