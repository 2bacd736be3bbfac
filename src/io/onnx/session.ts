import { InferenceSession } from 'onnxruntime-node';
import { SimcodeError } from '../../errors.ts';
import type { ModelSpec } from '../model.ts';
import { NAME_MARK } from '../tokenizer.ts';
import type { Layer } from './dense.ts';
import { feedsOf, inputProblem, type Batch, type InputMetadata } from './feeds.ts';
import { floatsOf } from './half.ts';
import type { WorkerSetup } from './protocol.ts';
import { normalizeInto, pool } from './vectors.ts';

export interface TextSession {
  /** Runs texts (their token ids, as `loadTokenizer` gives them) as one batch and writes their unit vectors into `target` (`setup.dims` floats each). */
  run(rows: readonly (readonly number[])[], target: Float32Array): Promise<void>;
  release(): Promise<void>;
}

/**
 * One thread a session for small models: two sessions of one thread embed 1.6 times as much as one session of two
 * (`npm run bench`). Lengths vary, so remembered memory plans are never used again.
 */
const OPTIONS: InferenceSession.SessionOptions = {
  interOpNumThreads: 1,
  executionMode: 'sequential',
  graphOptimizationLevel: 'all',
  enableMemPattern: false, enableCpuMemArena: false,
  // errors are thrown anyway; onnxruntime's own lines would spoil stderr
  logSeverityLevel: 4,
  extra: { session: { intra_op: { allow_spinning: '0' } } },
};

/** Outputs of published graphs: pooled first, as there the graph itself says how. */
const OUTPUTS = ['sentence_embedding', 'last_hidden_state', 'token_embeddings'] as const;

/** @throws SimcodeError bad-model (graph not understood), missing-device (execution provider does not start) */
export async function openSession(setup: WorkerSetup): Promise<TextSession> {
  const { model, dims } = setup;
  const session = await create(setup);
  const problem = inputProblem(session.inputMetadata);
  if (problem !== undefined) throw bad(model, problem);
  const inputs = session.inputMetadata.filter((input): input is InputMetadata => input.isTensor);
  const name = outputOf(session, model);
  // few models have such layers, and what reads them takes a tenth of a second to load
  const layers = model.dense.length === 0 ? [] : await import('./dense.ts').then(({ loadDense }) => model.dense.map(loadDense));
  return {
    async run(texts, target) {
      const { rows, names } = parted(texts);
      const batch: Batch = { rows, names, side: model.paddingSide, width: Math.max(...rows.map((row) => row.length)) };
      // fetching one output keeps present key-value tensors (100 KB a token) from being copied
      const output = (await session.run(feedsOf(inputs, batch), [name]))[name];
      const data = floatsOf(output?.data);
      if (!output || !data) throw bad(model, `output ${name} is ${output?.type ?? 'missing'}, not floats`);
      for (const row of rows.keys()) {
        const vector = vectorOf({ data, shape: output.dims, batch, model, layers }, row);
        if (!normalizeInto(target.subarray(row * dims, (row + 1) * dims), vector)) throw bad(model, 'it gave a vector that is zero or not finite');
      }
    },
    release: () => session.release(),
  };
}

/** Lexemes and names apart. */
function parted(texts: readonly (readonly number[])[]): Required<Pick<Batch, 'rows' | 'names'>> {
  const marks = texts.map((ids) => ids.indexOf(NAME_MARK));
  return {
    rows: texts.map((ids, at) => (marks[at] === -1 ? ids : ids.slice(0, marks[at]))),
    names: texts.map((ids, at) => (marks[at] === -1 ? [] : ids.slice((marks[at] ?? 0) + 1))),
  };
}

interface Output {
  readonly data: Float32Array;
  readonly shape: readonly number[];
  readonly batch: Batch;
  readonly model: ModelSpec;
  readonly layers: readonly Layer[];
}

/** One text's vector from [batch, dims], or pooled from [batch, tokens, hidden] and led through the dense layers. */
function vectorOf({ data, shape, batch, model, layers }: Output, row: number): Float32Array {
  const { rows, width, side } = batch;
  if (shape.length === 2 && (model.pooling === 'none' || model.pooling === 'graph' || model.output === undefined)) {
    if (shape[0] !== rows.length || shape[1] !== model.dims) throw bad(model, `its vectors are [${shape.join(', ')}], not ${rows.length} × ${model.dims}`);
    return data.subarray(row * model.dims, (row + 1) * model.dims);
  }
  if (model.pooling === 'graph') throw bad(model, 'no file says how to pool tokens into a vector (1_Pooling/config.json is missing)');
  const { hidden } = model;
  if (model.pooling === 'none' || shape.length !== 3 || shape[0] !== rows.length || shape[1] !== width || shape[2] !== hidden) {
    throw bad(model, `its output is [${shape.join(', ')}], not ${model.pooling === 'none' ? '' : `${width} × `}${hidden} float32 for each of ${rows.length} texts`);
  }
  const tokens = rows[row]?.length ?? 0;
  const start = row * width + (side === 'left' ? width - tokens : 0);
  const pooled = pool(data.subarray(start * hidden, (start + tokens) * hidden), hidden, model.pooling);
  return layers.reduce((vector, layer) => layer(vector), pooled);
}

async function create({ model: { modelPath: path }, device, intraThreads }: WorkerSetup): Promise<InferenceSession> {
  try {
    return await InferenceSession.create(path, { ...OPTIONS, intraOpNumThreads: intraThreads, executionProviders: [device] });
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

function outputOf(session: InferenceSession, model: ModelSpec): string {
  const wanted = model.output === undefined ? OUTPUTS : [model.output];
  const name = wanted.find((one) => session.outputNames.includes(one));
  if (name !== undefined) return name;
  throw bad(model, `it has no output ${wanted.join(' or ')} (it has ${session.outputNames.slice(0, 5).join(', ')})`);
}

function bad(model: ModelSpec, what: string): SimcodeError {
  return new SimcodeError('bad-model', `Model ${model.id} (${model.modelPath}) cannot be used: ${what}`, {
    hint: 'The files of the model folder must belong together, and the graph must be an encoder\'s.',
  });
}
