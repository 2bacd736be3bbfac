import { existsSync } from 'node:fs';
import { SimcodeError } from '../../errors.ts';

/**
 * The compiled file of an entry of this folder. Threads and processes do not inherit a TypeScript loader, so code run
 * from its sources (tests, benchmarks) starts the file of the last build.
 */
export function compiledEntry(name: 'worker' | 'probe', from: string = import.meta.url): URL {
  if (!from.endsWith('.ts')) return new URL(`./${name}.js`, from);
  const entry = new URL(`../../../dist/io/onnx/${name}.js`, from);
  if (existsSync(entry)) return entry;
  throw new SimcodeError('missing-dependency', `The embedding ${name} is not compiled`, { hint: 'Run `npm run build`.' });
}

/** The compiled worker file. */
export function workerEntry(from: string = import.meta.url): URL {
  return compiledEntry('worker', from);
}
