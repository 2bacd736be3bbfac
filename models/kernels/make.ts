/** `npx tsx models/kernels/make.ts` writes every kernel of this folder; a test compares the files with these graphs. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ElementType, type OnnxGraph, writeModel } from './onnx-writer.ts';

const { float, float16, int32 } = ElementType;

/**
 * Every (i, j) with a_i · b_j ≥ floor, for a [m, d] and b [n, d]: hit h is row `rowIndex[0][indices[0][h]]` of a and
 * row `indices[1][h]` of b (by i, then j), its product `cosines[h]`. Rows without a hit, nearly all, are dropped after
 * one vectorised maximum: NonZero runs on one core and was a third of the time over whole tiles.
 */
const pairs: OnnxGraph = {
  name: 'pairs',
  opset: 17,
  inputs: [
    { name: 'a', type: float, shape: ['m', 'd'] },
    { name: 'b', type: float, shape: ['n', 'd'] },
    { name: 'floor', type: float, shape: [1] },
  ],
  outputs: [
    { name: 'rowIndex', type: int32, shape: [1, 'rows'] },
    { name: 'indices', type: int32, shape: [2, 'hits'] },
    { name: 'cosines', type: float, shape: ['hits'] },
  ],
  nodes: [
    { op: 'Gemm', inputs: ['a', 'b'], outputs: ['products'], attributes: { transB: 1 } },
    { op: 'ReduceMax', inputs: ['products'], outputs: ['best'], attributes: { axes: [1], keepdims: 0 } },
    { op: 'GreaterOrEqual', inputs: ['best', 'floor'], outputs: ['rowAbove'] },
    { op: 'NonZero', inputs: ['rowAbove'], outputs: ['wideRows'] },
    { op: 'Cast', inputs: ['wideRows'], outputs: ['rowIndex'], attributes: { to: int32 } },
    { op: 'Compress', inputs: ['products', 'rowAbove'], outputs: ['kept'], attributes: { axis: 0 } },
    { op: 'GreaterOrEqual', inputs: ['kept', 'floor'], outputs: ['above'] },
    { op: 'NonZero', inputs: ['above'], outputs: ['wide'] },
    { op: 'Cast', inputs: ['wide'], outputs: ['indices'], attributes: { to: int32 } },
    { op: 'Transpose', inputs: ['wide'], outputs: ['positions'] },
    { op: 'GatherND', inputs: ['kept', 'positions'], outputs: ['cosines'] },
  ],
};

/** What a device is tried out with: an encoder's main work, a product of matrices, in one precision. */
const probe = (type: number): OnnxGraph => ({
  name: 'probe',
  opset: 17,
  inputs: [
    { name: 'x', type: float, shape: ['m', 'd'] },
    { name: 'w', type: float, shape: ['d', 'd'] },
  ],
  outputs: [{ name: 'y', type: float, shape: ['m', 'd'] }],
  nodes: [
    { op: 'Cast', inputs: ['x'], outputs: ['x0'], attributes: { to: type } },
    { op: 'Cast', inputs: ['w'], outputs: ['w0'], attributes: { to: type } },
    ...[0, 1, 2, 3].map((at) => ({ op: 'MatMul', inputs: [`x${at}`, 'w0'], outputs: [`x${at + 1}`] })),
    { op: 'Cast', inputs: ['x4'], outputs: ['y'], attributes: { to: float } },
  ],
});

export const kernels: ReadonlyMap<string, Uint8Array> = new Map([
  ['pairs.onnx', writeModel(pairs)],
  ['probe-fp32.onnx', writeModel(probe(float))],
  ['probe-fp16.onnx', writeModel(probe(float16))],
]);

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [file, bytes] of kernels) writeFileSync(new URL(file, import.meta.url), bytes);
}
