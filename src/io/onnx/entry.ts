import { existsSync } from 'node:fs';
import { SimcodeError } from '../../errors.ts';

/**
 * The compiled worker file. Threads do not inherit a TypeScript loader, so code run from its sources (tests,
 * benchmarks) starts the worker of the last build.
 */
export function workerEntry(from: string = import.meta.url): URL {
  if (!from.endsWith('.ts')) return new URL('./worker.js', from);
  const entry = new URL('../../../dist/io/onnx/worker.js', from);
  if (existsSync(entry)) return entry;
  throw new SimcodeError('missing-dependency', 'The embedding worker is not compiled', { hint: 'Run `npm run build`.' });
}
