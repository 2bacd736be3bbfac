import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { SimcodeError } from '../../errors.ts';
import { defaultDtype, dtypes, dtypeSuffixes, type Dtype, type Precision } from './dtype.ts';

export interface Weights {
  readonly dtype: Dtype;
  readonly path: string;
  /** Files the graph reads besides itself (graphs over 2 GB keep their weights apart). */
  readonly data: readonly string[];
  /** Of all of them. */
  readonly bytes: number;
}

/** Where repositories keep their graphs, best first. */
export const graphFolders = ['onnx', ''] as const;

/**
 * Chooses among the ONNX files of a folder.
 * @throws SimcodeError missing-model when there is none, or none of the dtype asked for (listing those there are)
 */
export async function chooseWeights(dir: string, asked: Dtype | undefined, precision: Precision): Promise<Weights> {
  const found = await listWeights(dir);
  const offered = new Map(found.map(({ dtype, bytes }) => [dtype, bytes]));
  const dtype = asked ?? defaultDtype(offered, precision);
  const weights = found.find((one) => one.dtype === dtype);
  if (weights) return weights;
  if (found.length === 0) {
    throw new SimcodeError('missing-model', `${dir} has no ONNX file simcode knows by name (model.onnx, onnx/model.onnx, onnx/model_quantized.onnx …)`, {
      hint: 'Export the model to ONNX, for instance with `optimum-cli export onnx`.',
    });
  }
  const names = found.map((one) => one.dtype).join(', ');
  throw asked === undefined
    ? new SimcodeError('missing-model', `The weights in ${dir} (${names}) do not run on ${precision.device}${precision.f16 ? '' : ', which has no half precision'}`, { hint: 'Use --device cpu, or another model.' })
    : new SimcodeError('missing-model', `${dir} has no ${asked} weights`, { hint: `It has ${names}; choose with --dtype, or fetch others: simcode models pull <model> --dtype ${asked}.` });
}

async function listWeights(dir: string): Promise<readonly Weights[]> {
  for (const folder of graphFolders) {
    const at = join(dir, folder);
    const names = new Set(await readdir(at).catch(() => []));
    const found: Weights[] = [];
    for (const dtype of dtypes) {
      const name = graphName(dtype);
      if (!names.has(name)) continue;
      const data = [...names].filter((other) => isDataOf(other, name)).map((other) => join(at, other));
      const sizes = await Promise.all([join(at, name), ...data].map(async (path) => (await stat(path)).size));
      found.push({ dtype, path: join(at, name), data, bytes: sizes.reduce((sum, size) => sum + size, 0) });
    }
    if (found.length > 0) return found;
  }
  return [];
}

export function graphName(dtype: Dtype): string {
  return `model${dtypeSuffixes[dtype]}.onnx`;
}

/** `model.onnx_data`, `model.onnx_data_1`, `model.onnx.data` beside `model.onnx`. */
export function isDataOf(name: string, graph: string): boolean {
  return name.startsWith(graph) && /^[._]data(?:_\d+)?$/.test(name.slice(graph.length));
}
