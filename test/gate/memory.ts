import { openScanner, type Scanner } from '../../src/cli/wiring.ts';
import { defaults } from '../../src/config/defaults.ts';
import type { FileSource, ScanResult } from '../../src/types.ts';

export type Files = Readonly<Record<string, string>>;

/** Files that lie in memory only. */
export function source(files: Files): FileSource {
  return {
    list: async () => ({ paths: Object.keys(files).toSorted(), skips: [], warnings: [] }),
    read: async (path) => ({ bytes: Buffer.from(files[path] ?? '', 'utf8') }),
  };
}

/** Runs scans of files in memory. */
export async function withScanner<T>(work: (scan: (files: Files) => Promise<ScanResult>, scanner: Scanner) => Promise<T>): Promise<T> {
  const scanner: Scanner = await openScanner({ ...defaults, paths: [], threads: 1, git: false }, { onEvent: () => undefined });
  try {
    return await work((files) => scanner.scan(source(files)), scanner);
  } finally {
    await scanner.close();
  }
}
