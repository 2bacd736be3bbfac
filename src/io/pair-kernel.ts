import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { SimcodeError } from '../errors.ts';
import type { PairKernel } from '../types.ts';
import { fastDot } from '../util/dot.ts';

const GRAPH = fileURLToPath(new URL('../../models/kernels/pairs.onnx', import.meta.url));

/** One session over all cores; spinning threads would take CPU time from the caller between tiles. */
const OPTIONS: InferenceSession.SessionOptions = {
  executionProviders: ['cpu'],
  graphOptimizationLevel: 'all',
  intraOpNumThreads: availableParallelism(),
  interOpNumThreads: 1,
  enableMemPattern: false,
  logSeverityLevel: 3,
  extra: { session: { intra_op: { allow_spinning: '0' } } },
};

/** Numbers to multiply up to which this thread is done before onnxruntime is loaded. */
const FEW = 50_000_000;

/**
 * The dense kernel on onnxruntime: matrix product, comparison and gathering in one graph (`models/kernels/make.ts`).
 * A call holds rows(a) × rows(b) floats and blocks the thread for its length, so callers hand in tiles: at
 * 1024 × 1024 × 256 that is 4 MB and about 3 ms on two cores. Calls run one after another.
 * onnxruntime is loaded by the first call, which throws `SimcodeError` `io` when the graph cannot be loaded; `bad-input`
 * when a or b are not whole rows. A first call of at most `few` multiplications does without it.
 */
export function createPairKernel(few = FEW): PairKernel {
  let opened: ReturnType<typeof open> | undefined;
  return {
    async pairsAbove(a, b, dims, floor) {
      if (a.length === 0 || b.length === 0) return gather(new Int32Array(0), new Int32Array(0), new Float32Array(0));
      const size = [rowCount(a, dims), rowCount(b, dims)] as const;
      if (opened === undefined && size[0] * size[1] * dims <= few) return multiply(a, b, dims, floor);
      opened ??= open();
      const { session, tensor } = await opened;
      const { rowIndex, indices, cosines } = await session.run({
        a: tensor(a, [size[0], dims]), b: tensor(b, [size[1], dims]), floor: tensor(Float32Array.of(floor), [1]),
      });
      return gather(rowIndex?.data as Int32Array, indices?.data as Int32Array, cosines?.data as Float32Array);
    },
    async close() {
      const session = (await opened?.catch(() => undefined))?.session;
      opened = undefined;
      await session?.release();
    },
  };
}

async function open(): Promise<{ readonly session: InferenceSession; tensor(rows: Float32Array, dims: readonly number[]): Tensor }> {
  const onnx = await import('onnxruntime-node');
  const session = await onnx.InferenceSession.create(GRAPH, OPTIONS).catch((cause: unknown) => {
    throw new SimcodeError('io', `cannot load the pair kernel ${GRAPH}`, { hint: 'reinstall simcode', cause });
  });
  return { session, tensor: (rows, dims) => new onnx.Tensor('float32', rows, dims) };
}

function rowCount(rows: Float32Array, dims: number): number {
  if (!(dims > 0) || rows.length % dims !== 0) {
    throw new SimcodeError('bad-input', `${rows.length} numbers are not rows of ${dims}`);
  }
  return rows.length / dims;
}

function multiply(a: Float32Array, b: Float32Array, dims: number, floor: number): Awaited<ReturnType<PairKernel['pairsAbove']>> {
  const [rows, cols, cosines]: [number[], number[], number[]] = [[], [], []];
  for (let row = 0; row < a.length / dims; row++) {
    for (let col = 0; col < b.length / dims; col++) {
      const product = fastDot(a, row, b, col, dims);
      if (product < floor) continue;
      rows.push(row);
      cols.push(col);
      cosines.push(product);
    }
  }
  return { rows: Int32Array.from(rows), cols: Int32Array.from(cols), cosines: Float32Array.from(cosines) };
}

function gather(rowIndex: Int32Array, indices: Int32Array, cosines: Float32Array): Awaited<ReturnType<PairKernel['pairsAbove']>> {
  const rows = new Int32Array(cosines.length);
  for (let hit = 0; hit < rows.length; hit++) rows[hit] = rowIndex[indices[hit] as number] as number;
  return { rows, cols: indices.subarray(cosines.length), cosines };
}
