import { styleText } from 'node:util';
import type { Painter } from '../report/options.ts';
import { plain } from '../report/options.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Whether a stream gets colour: flag, then NO_COLOR (no-color.org), then FORCE_COLOR (`0` and `false` are off,
 * as in Node), then whether that stream is a terminal that can.
 */
export function wantsColor(stream: { readonly isTTY?: boolean }, flag: boolean | undefined, env: Environment): boolean {
  if (flag !== undefined) return flag;
  if (env['NO_COLOR']) return false;
  const force = env['FORCE_COLOR'];
  if (force) return force !== '0' && force !== 'false';
  return stream.isTTY === true && env['TERM'] !== 'dumb';
}

/** A painter for a stream with or without colour; the decision is ours, so Node is told not to take its own. */
export function painter(color: boolean): Painter {
  return color ? (style, text) => styleText(style, text, { validateStream: false }) : plain;
}
