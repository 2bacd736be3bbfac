import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { SimcodeError } from '../../errors.ts';
import type { DenseLayer } from '../models/modules.ts';
import { halfToFloat } from './half.ts';

/** A layer's function of one vector. */
export type Layer = (vector: Float32Array) => Float32Array;

const MAX_HEADER = 1 << 20;
const tensor = z.object({ dtype: z.enum(['F32', 'F16', 'BF16']), shape: z.array(z.int().min(0)), data_offsets: z.tuple([z.int().min(0), z.int().min(0)]) });

/**
 * Loads a Dense layer: activation(W x + b).
 * @throws SimcodeError bad-model when the file is missing or does not fit
 */
export function loadDense({ path, inputs, outputs, activation }: DenseLayer): Layer {
  try {
    const read = openSafetensors(readFileSync(path));
    const weight = read('linear.weight', inputs * outputs);
    const bias = read('linear.bias', outputs, true);
    return (vector) => {
      const result = new Float32Array(outputs);
      for (let out = 0; out < outputs; out++) {
        let sum = bias?.[out] ?? 0;
        for (let at = 0; at < inputs; at++) sum += (weight?.[out * inputs + at] ?? 0) * (vector[at] ?? 0);
        result[out] = activate(sum, activation);
      }
      return result;
    };
  } catch (cause) {
    throw new SimcodeError('bad-model', `${path} is not a dense layer of ${inputs} × ${outputs} (${cause instanceof Error ? cause.message : String(cause)})`, {
      hint: 'Copy the whole model folder again.', cause,
    });
  }
}

function activate(value: number, activation: DenseLayer['activation']): number {
  if (activation === 'tanh') return Math.tanh(value);
  if (activation === 'relu') return Math.max(0, value);
  return activation === 'gelu' ? value * 0.5 * (1 + erf(value / Math.SQRT2)) : value;
}

/** Abramowitz and Stegun 7.1.26, |error| ≤ 1.5e-7. */
function erf(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const tail = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429)))) * Math.exp(-x * x);
  return Math.sign(x) * (1 - tail);
}

/** Tensors by name (https://github.com/huggingface/safetensors: u64 header length, JSON header, data). */
function openSafetensors(file: Buffer): (name: string, size: number, optional?: boolean) => Float32Array | undefined {
  const length = Number(file.readBigUInt64LE(0));
  if (length > MAX_HEADER || 8 + length > file.length) throw new Error('no safetensors header');
  const header = z.record(z.string(), z.unknown()).parse(JSON.parse(file.toString('utf8', 8, 8 + length)));
  return (name, size, optional = false) => {
    if (optional && header[name] === undefined) return undefined;
    const { dtype, shape, data_offsets: [from, to] } = tensor.parse(header[name]);
    const width = dtype === 'F32' ? 4 : 2;
    const data = file.subarray(8 + length + from, 8 + length + to);
    if (shape.reduce((a, b) => a * b, 1) !== size || data.length !== size * width) throw new Error(`${name} has the wrong size`);
    const value = (at: number): number => (dtype === 'F32' ? data.readFloatLE(at * 4) : dtype === 'F16' ? halfToFloat(data.readUInt16LE(at * 2)) : bfloat(data.readUInt16LE(at * 2)));
    return Float32Array.from({ length: size }, (_, at) => value(at));
  };
}

function bfloat(bits: number): number {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt16LE(bits, 2);
  return bytes.readFloatLE(0);
}
