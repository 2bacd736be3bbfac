import { InferenceSession, Tensor } from 'onnxruntime-node';
import { SimcodeError } from '../../errors.ts';
import type { WorkerSetup } from './protocol.ts';
import { normalizeInto, pool } from './vectors.ts';

export interface TextSession {
  /** Runs one unpadded text and writes its unit vector into `target` (`setup.dims` floats). */
  run(ids: readonly number[], target: Float32Array): Promise<void>;
  release(): Promise<void>;
}

/**
 * One text a run: on the CPU batching gains nothing, and with dynamic int8 the padding would change the vector.
 * One thread a session: two sessions of one thread embed 1.6 times as much as one session of two (`npm run bench`).
 */
const CPU_OPTIONS: InferenceSession.SessionOptions = {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  graphOptimizationLevel: 'all',
  // lengths vary, so remembered memory plans are never used again
  enableMemPattern: false,
  // errors are thrown anyway; onnxruntime's own lines would spoil stderr
  logSeverityLevel: 4,
  extra: { session: { intra_op: { allow_spinning: '0' } } },
};

/** Inputs simcode knows how to fill for one unpadded text. */
const KNOWN_INPUTS: ReadonlyMap<string, (ids: readonly number[]) => BigInt64Array> = new Map([
  ['input_ids', (ids: readonly number[]) => BigInt64Array.from(ids, BigInt)],
  ['attention_mask', (ids: readonly number[]) => new BigInt64Array(ids.length).fill(1n)],
  ['token_type_ids', (ids: readonly number[]) => new BigInt64Array(ids.length)],
]);

/** @throws SimcodeError bad-model (graph not understood), missing-device (execution provider does not start) */
export async function openSession(setup: WorkerSetup): Promise<TextSession> {
  const { model, device } = setup;
  const session = await create(model.modelPath, device);
  checkGraph(session, setup);
  return {
    async run(ids, target) {
      const feeds: Record<string, Tensor> = {};
      for (const name of session.inputNames) {
        const fill = KNOWN_INPUTS.get(name);
        if (fill) feeds[name] = new Tensor('int64', fill(ids), [1, ids.length]);
      }
      const output = (await session.run(feeds, [model.output]))[model.output];
      const expected = model.pooling === 'none' ? model.dims : model.dims * ids.length;
      if (!(output?.data instanceof Float32Array) || output.data.length !== expected) {
        throw bad(setup, `output ${model.output} is ${output?.type} [${output?.dims}], not ${expected} float32`);
      }
      if (!normalizeInto(target, pool(output.data, model.dims, model.pooling))) {
        throw bad(setup, 'it gave a vector that is zero or not finite');
      }
    },
    release: () => session.release(),
  };
}

async function create(path: string, device: string): Promise<InferenceSession> {
  try {
    return await InferenceSession.create(path, { ...CPU_OPTIONS, executionProviders: [device] });
  } catch (cause) {
    const reason = (cause instanceof Error ? cause.message : String(cause)).trim();
    if (device === 'cpu') {
      throw new SimcodeError('bad-model', `${path} is not a model onnxruntime can load (${reason})`, {
        hint: 'Copy the model folder again, or reinstall simcode.', cause,
      });
    }
    throw new SimcodeError('missing-device', `Device ${device} does not start (${reason})`, {
      hint: 'Run `simcode doctor` to see the devices of this machine, or use --device cpu.', cause,
    });
  }
}

function checkGraph(session: InferenceSession, setup: WorkerSetup): void {
  const unknown = session.inputNames.filter((name) => !KNOWN_INPUTS.has(name));
  if (unknown.length > 0) throw bad(setup, `it asks for inputs simcode does not know (${unknown.join(', ')})`);
  if (!session.inputNames.includes('input_ids')) throw bad(setup, 'it has no input input_ids');
  if (!session.outputNames.includes(setup.model.output)) {
    throw bad(setup, `it has no output ${setup.model.output} (it has ${session.outputNames.join(', ')})`);
  }
}

function bad(setup: WorkerSetup, what: string): SimcodeError {
  return new SimcodeError('bad-model', `Model ${setup.model.id} (${setup.model.modelPath}) cannot be used: ${what}`, {
    hint: 'config.json and model.onnx in the model folder must belong together.',
  });
}
