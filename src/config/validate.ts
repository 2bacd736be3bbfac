import { closest, distance } from 'fastest-levenshtein';
import type { z } from 'zod';

import { SimcodeError, type ErrorCode } from '../errors.ts';
import { configSchema } from './schema.ts';

export type ConfigValues = Omit<z.infer<typeof configSchema>, '$schema'>;

/** How an error speaks of a key: the place it was set, e.g. `simcode.json:3:5: "minLines"` or `SIMCODE_TOP`. */
export type Place = (path: readonly PropertyKey[], ofKey: boolean) => string;

/**
 * Checks settings from outside. Throws SimcodeError with `code`, the place of the first fault and the nearest valid
 * name for an unknown key.
 */
export function validate(value: unknown, code: ErrorCode, place: Place): ConfigValues {
  const { success, data, error } = configSchema.safeParse(value);
  if (success) {
    const { $schema: _schema, ...values } = data;
    return values;
  }
  const issue = error.issues[0];
  if (issue?.code !== 'unrecognized_keys') throw new SimcodeError(code, `${place(issue?.path ?? [], false)}: ${issue?.message ?? 'bad value'}`);
  const key = issue.keys[0] ?? '';
  const valid = validNames(issue.path);
  throw new SimcodeError(code, `${place([...issue.path, key], true)}: no such setting`, { hint: nearest(key, valid) ?? `Known: ${valid.join(', ')}` });
}

/** The `Did you mean …?` for a mistyped name, when one is near enough to be meant. */
export function nearest(typed: string, names: readonly string[]): string | undefined {
  const short = typed.slice(0, 60);
  const best = closest(short, names);
  return distance(short.toLowerCase(), best.toLowerCase()) <= Math.max(2, Math.floor(best.length / 3)) ? `Did you mean "${best}"?` : undefined;
}

function validNames(path: readonly PropertyKey[]): readonly string[] {
  const shape = path[0] === 'rules' ? configSchema.shape.rules.unwrap().shape : configSchema.shape;
  return Object.keys(shape);
}
