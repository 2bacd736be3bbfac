import { z } from 'zod';

import { fields } from './fields.ts';
import { nearest, validate, type ConfigValues } from './validate.ts';
import { SimcodeError } from '../errors.ts';

/** Variables with our prefix that are no settings. */
const others = new Set(['SIMCODE_CACHE_DIR', 'SIMCODE_MODELS_DIR', 'SIMCODE_DEBUG', 'SIMCODE_CONFIG', 'SIMCODE_API_KEY']);

const variables = new Map(Object.entries(fields).map(([key, field]) => [variableOf(key), { key, kind: kindOf(field) }] as const));

/** Name of a setting's variable: `minLines` → `SIMCODE_MIN_LINES`. */
export function variableOf(key: string): string {
  return `SIMCODE_${key.replace(/(?=[A-Z])/g, '_').toUpperCase()}`;
}

/**
 * Settings from the environment: switches as 1/0/true/false, lists separated by commas or as JSON, objects as JSON; an
 * empty variable is unset. Throws SimcodeError `bad-option` naming the variable.
 */
export function envSettings(env: Readonly<Record<string, string | undefined>>): ConfigValues {
  const values: Record<string, unknown> = {};
  for (const [variable, text] of Object.entries(env)) {
    if (!variable.startsWith('SIMCODE_') || others.has(variable) || text === undefined || text === '') continue;
    const found = variables.get(variable);
    if (found === undefined) {
      const near = nearest(variable, [...variables.keys()]);
      throw new SimcodeError('bad-option', `${variable} is no setting of simcode`, near === undefined ? {} : { hint: near });
    }
    values[found.key] = convert(text, found.kind);
  }
  return validate(values, 'bad-option', ([key]) => variableOf(String(key)));
}

function convert(text: string, kind: unknown): unknown {
  const isSwitch = kind === 'boolean' && /^(?:1|0|true|false|yes|no|on|off)$/i.test(text);
  if (isSwitch) return /^(?:1|true|yes|on)$/i.test(text);
  if ((kind === 'number' || kind === 'integer') && text.trim() !== '') return Number.isNaN(Number(text)) ? text : Number(text);
  if ((kind === 'array' || kind === 'object') && /^\s*[[{]/.test(text)) return parsed(text);
  return kind === 'array' ? text.split(',').map((part) => part.trim()).filter((part) => part !== '') : text;
}

/** JSON, or the text itself for the schema to refuse. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function kindOf(field: z.ZodType): unknown {
  return z.toJSONSchema(field).type;
}
