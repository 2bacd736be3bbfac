import { SimcodeError } from '../errors.ts';
import type { Matrix } from '../types.ts';
import { fastDot } from '../util/dot.ts';
import { dotRows } from './cosine.ts';

/** How far a row's length may be from 1: vectors kept as half floats or int8 are rounded. */
const LENGTH_TOLERANCE = 0.02;
/** More than two orders of summation in double can differ by. */
const ROUGH = 1e-9;

/** Distinct rows of a matrix, in order of first appearance. Bit-identical rows are one unit, searched once. */
export interface Units {
  readonly dims: number;
  readonly rows: Float32Array;
  /** Unit → its rows, ascending. */
  readonly members: readonly (readonly number[])[];
  /** Unit → length of its vector, about 1, and the least of them. */
  readonly lengths: Float64Array;
  readonly minLength: number;
  /** Cosine of two units in [-1, 1], in double. */
  cosine(u: number, v: number): number;
  /** At least the cosine and hardly more, at a third of the cost. */
  roughCosine(u: number, v: number): number;
  /** The vector of a unit, as a view. */
  vector(u: number): Float32Array;
}

/**
 * Checks the rows of a matrix and gathers the bit-identical ones. All-zero rows (a text without tokens) are like nothing,
 * not even each other, and belong to no unit. Throws `SimcodeError` `bad-input` for rows that are not finite, not
 * L2-normalised, or too few or too many for `chunkIds`.
 */
export function gatherUnits(matrix: Matrix): Units {
  const { rows, dims, chunkIds } = matrix;
  if (!Number.isInteger(dims) || dims < 1 || rows.length !== dims * chunkIds.length) {
    throw new SimcodeError('bad-input', `${chunkIds.length} chunks of ${dims} dimensions do not fit ${rows.length} numbers`);
  }
  const lengthOf = Float64Array.from(chunkIds, (id, row) => checkedLength(matrix, id, row));
  const members = groupIdentical(matrix, (row) => lengthOf[row] !== 0);
  const first = Int32Array.from(members, ([row]) => row as number);
  const lengths = Float64Array.from(first, (row) => lengthOf[row] as number);
  return {
    dims, rows, members, lengths,
    minLength: lengths.reduce((least, length) => Math.min(least, length), 1),
    cosine(u, v) {
      const product = dotRows(rows, dims, first[u] as number, first[v] as number);
      return Math.max(-1, Math.min(1, product / ((lengths[u] as number) * (lengths[v] as number))));
    },
    roughCosine(u, v) {
      return fastDot(rows, first[u] as number, rows, first[v] as number, dims) / ((lengths[u] as number) * (lengths[v] as number)) + ROUGH;
    },
    vector: (u) => rows.subarray((first[u] as number) * dims, ((first[u] as number) + 1) * dims),
  };
}

function checkedLength({ rows, dims }: Matrix, id: string, row: number): number {
  const length = Math.sqrt(dotRows(rows, dims, row, row));
  if (!Number.isFinite(length)) {
    throw new SimcodeError('bad-input', `the vector of ${id} holds NaN or infinity`, { hint: 'the model or its server is broken; try another --model or --no-cache' });
  }
  if (length !== 0 && Math.abs(length - 1) > LENGTH_TOLERANCE) {
    throw new SimcodeError('bad-input', `the vector of ${id} has length ${length.toPrecision(4)}, not 1`, { hint: 'an embedder must L2-normalise its rows' });
  }
  return length;
}

function groupIdentical({ rows, dims, chunkIds }: Matrix, wanted: (row: number) => boolean): number[][] {
  const words = new Uint32Array(rows.buffer, rows.byteOffset, rows.length);
  const same = (a: number, b: number): boolean => {
    for (let i = 0; i < dims; i++) if (words[a * dims + i] !== words[b * dims + i]) return false;
    return true;
  };
  const buckets = new Map<number, number[][]>();
  const units: number[][] = [];
  for (let row = 0; row < chunkIds.length; row++) {
    if (!wanted(row)) continue;
    const hash = hashWords(words, row * dims, dims);
    const bucket = buckets.get(hash) ?? [];
    const unit = bucket.find(([first]) => same(first as number, row));
    if (unit !== undefined) {
      unit.push(row);
      continue;
    }
    const fresh = [row];
    units.push(fresh);
    bucket.push(fresh);
    buckets.set(hash, bucket);
  }
  return units;
}

/** 32-bit FNV-1a over words. */
function hashWords(words: Uint32Array, start: number, count: number): number {
  let hash = 0x811c9dc5;
  for (let i = start; i < start + count; i++) hash = Math.imul(hash ^ (words[i] as number), 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0;
}
