/** `npx tsx models/kernels/make.ts` writes every kernel of this folder; a test compares the files with these graphs. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ElementType, type OnnxGraph, writeModel } from './onnx-writer.ts';

const { float, int32 } = ElementType;

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

export const kernels: ReadonlyMap<string, Uint8Array> = new Map([['pairs.onnx', writeModel(pairs)]]);

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [file, bytes] of kernels) writeFileSync(new URL(file, import.meta.url), bytes);
}
