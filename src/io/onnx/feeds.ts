import { Tensor, type InferenceSession } from 'onnxruntime-node';

/** Token ids of texts, padded to one length. */
export interface Batch {
  readonly rows: readonly (readonly number[])[];
  /** Token ids of each function's name, where the model reads it by itself; none for a function without. */
  readonly names?: readonly (readonly number[])[];
  readonly side: 'left' | 'right';
  /** Tokens of the longest row. */
  readonly width: number;
}

/** An input as the graph declares it; a size is a number, or a name where it varies. */
export type InputMetadata = Extract<InferenceSession.ValueMetadata, { isTensor: true }>;

const PAST = /^past_key_values\.\d+\.(?:key|value)$/;

/** Inputs by name: values per batch row, one for each of its tokens, and what padding gets. */
const tokenInputs: ReadonlyMap<string, { readonly padding: number; value(id: number, at: number): number }> = new Map([
  ['input_ids', { padding: 0, value: (id: number) => id }],
  ['attention_mask', { padding: 0, value: () => 1 }],
  ['token_type_ids', { padding: 0, value: () => 0 }],
  // padding is masked, so any position that exists will do
  ['position_ids', { padding: 1, value: (_: number, at: number) => at }],
]);

/** Ids of the words of a function's name; padding adds nothing. */
const NAMES = 'name_ids';

/** What is wrong with a graph's inputs, or undefined when all of them can be fed. */
export function inputProblem(inputs: readonly InferenceSession.ValueMetadata[]): string | undefined {
  const unknown = inputs.filter((input) => !isKnown(input)).map(({ name }) => name);
  if (unknown.length > 0) return `it asks for inputs simcode does not know (${unknown.join(', ')})`;
  return inputs.some(({ name }) => name === 'input_ids') ? undefined : 'it has no input input_ids';
}

function isKnown(input: InferenceSession.ValueMetadata): boolean {
  if (!input.isTensor) return false;
  if (PAST.test(input.name)) return (input.type === 'float32' || input.type === 'float16') && input.shape.length === 4;
  return (tokenInputs.has(input.name) || input.name === NAMES) && (input.type === 'int64' || input.type === 'int32');
}

/** Tensors for one run: token inputs [batch, width], and an empty key-value cache [batch, heads, 0, size] where there is one. */
export function feedsOf(inputs: readonly InputMetadata[], batch: Batch): Record<string, Tensor> {
  return Object.fromEntries(inputs.map((input) => [input.name, PAST.test(input.name) ? emptyCache(input, batch.rows.length) : tokenTensor(input, input.name === NAMES ? namesOf(batch) : batch)]));
}

function namesOf({ rows, names = [] }: Batch): Batch {
  const own = rows.map((_, row) => names[row] ?? []);
  return { rows: own, side: 'right', width: Math.max(1, ...own.map((ids) => ids.length)) };
}

function emptyCache({ type, shape }: InputMetadata, rows: number): Tensor {
  const dims = shape.map((size, axis) => (axis === 0 ? rows : axis === 2 ? 0 : Number(size)));
  return type === 'float16' ? new Tensor('float16', new Uint16Array(0), dims) : new Tensor('float32', new Float32Array(0), dims);
}

function tokenTensor({ name, type }: InputMetadata, { rows, side, width }: Batch): Tensor {
  const kind = tokenInputs.get(name === NAMES ? 'input_ids' : name);
  const values = new Int32Array(rows.length * width).fill(kind?.padding ?? 0);
  for (const [row, ids] of rows.entries()) {
    const start = row * width + (side === 'left' ? width - ids.length : 0);
    for (const [at, id] of ids.entries()) values[start + at] = kind?.value(id, at) ?? 0;
  }
  const dims = [rows.length, width];
  return type === 'int32' ? new Tensor('int32', values, dims) : new Tensor('int64', BigInt64Array.from(values, BigInt), dims);
}
