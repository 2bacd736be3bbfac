import { openScanner, type Scanner } from '../../src/cli/wiring.ts';
import { defaults } from '../../src/config/defaults.ts';
import type { ScanResult } from '../../src/types.ts';

/** Scans a tree as `simcode scan` in its folder does, and hands the result to `use` while the ports are open. */
export async function withTree<T>(path: string, use: (result: ScanResult, scanner: Scanner) => T | Promise<T>): Promise<T> {
  const home = process.cwd();
  process.chdir(path);
  try {
    const scanner = await openScanner({ ...defaults, paths: [] }, { onEvent: () => undefined });
    try {
      return await use(await scanner.scan(scanner.files), scanner);
    } finally {
      await scanner.close();
    }
  } finally {
    process.chdir(home);
  }
}
