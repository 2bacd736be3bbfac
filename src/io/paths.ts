import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';

export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly home: string;
}

/**
 * The folder for everything simcode may throw away and make again:
 * SIMCODE_CACHE_DIR, else XDG_CACHE_HOME/simcode, else the platform's own place.
 */
export function cacheDir(around: Surroundings = { env: process.env, platform: process.platform, home: homedir() }): string {
  const { env, platform, home } = around;
  if (env['SIMCODE_CACHE_DIR']) return resolve(env['SIMCODE_CACHE_DIR']);
  const xdg = env['XDG_CACHE_HOME'];
  // the XDG base directory specification says to ignore relative paths
  if (xdg && isAbsolute(xdg)) return join(xdg, 'simcode');
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'simcode');
  if (platform === 'win32') return join(env['LOCALAPPDATA'] || join(home, 'AppData', 'Local'), 'simcode', 'Cache');
  return join(home, '.cache', 'simcode');
}
