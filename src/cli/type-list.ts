import { InvalidArgumentError } from 'commander';
import type { CloneType } from '../types.ts';

/** Clone types as `1,2,3`. */
export function typeList(typed: string): readonly CloneType[] {
  const found = typed.split(',').map((part) => ([1, 2, 3, 4] as const).find((type) => String(type) === part.trim()));
  const types = found.filter((type) => type !== undefined);
  if (types.length === found.length) return types;
  throw new InvalidArgumentError('Expected types from 1 to 4, e.g. 1,2,3.');
}
