import { z } from 'zod';

import type { Defaulted } from './defaults.ts';
import { fields, type Settings } from './fields.ts';

/** What a configuration file may hold: settings, and nothing else. */
export const configSchema = z.strictObject({ $schema: z.string().max(2048).optional(), ...fields }).partial();

/** Settings in force; those without a default may be absent. */
export type EffectiveConfig = Readonly<Pick<Settings, Defaulted> & Partial<Settings>>;

/** JSON Schema (draft 2020-12) of the configuration file, as published beside the compiled code. */
export function configJsonSchema(): Readonly<Record<string, unknown>> {
  return { title: 'simcode configuration', ...z.toJSONSchema(configSchema) };
}
