/**
 * Entry of a process that tries one device out: `node probe.js <device>` prints one line of JSON. A process of its own,
 * as a broken driver may take it down.
 */
import { argv, stdout } from 'node:process';
import { fileURLToPath } from 'node:url';
import { InferenceSession, Tensor } from 'onnxruntime-node';

const ROWS = 128;
const SIZE = 512;

/** Milliseconds of a run after a first one that compiles. @throws Error of the device, or when its numbers are wrong */
async function time(device: string, precision: 'fp32' | 'fp16'): Promise<number> {
  const path = fileURLToPath(new URL(`../../../models/kernels/probe-${precision}.onnx`, import.meta.url));
  const session = await InferenceSession.create(path, { executionProviders: [device], logSeverityLevel: 4 });
  // each product keeps the mean: SIZE values of 1 times 1 / SIZE
  const feeds = {
    x: new Tensor('float32', new Float32Array(ROWS * SIZE).fill(1), [ROWS, SIZE]),
    w: new Tensor('float32', new Float32Array(SIZE * SIZE).fill(1 / SIZE), [SIZE, SIZE]),
  };
  await session.run(feeds);
  const start = performance.now();
  const { y } = await session.run(feeds);
  const ms = performance.now() - start;
  if (!(y?.data instanceof Float32Array) || !y.data.every((value) => Math.abs(value - 1) < 0.01)) throw new Error('it computes wrong numbers');
  await session.release();
  return ms;
}

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error)).trim().split('\n')[0] ?? '';

async function probe(device: string): Promise<unknown> {
  try {
    const single = await time(device, 'fp32');
    const half = await time(device, 'fp16').catch(() => undefined);
    return { ok: true, ms: Math.min(single, half ?? Infinity), f16: half !== undefined };
  } catch (error) {
    return { ok: false, reason: reason(error) };
  }
}

stdout.write(`${JSON.stringify(await probe(argv[2] ?? 'cpu'))}\n`);
