import { isAbsolute } from 'node:path';

import { SimcodeError } from '../errors.ts';
import { defaults } from './defaults.ts';
import { envSettings, variableOf } from './env.ts';
import { fields, type Settings } from './fields.ts';
import type { LoadedConfig } from './load.ts';
import type { EffectiveConfig } from './schema.ts';
import { validate, type ConfigValues } from './validate.ts';

/** Where a value came from: `default`, `file`, `env SIMCODE_X` or `flag`. */
export type Source = string;

export interface ResolvedConfig {
  readonly config: EffectiveConfig;
  /** Per setting that has a value; parts of `rules` as `rules.accessor`. */
  readonly sources: Readonly<Record<string, Source>>;
  readonly file?: string;
}

export interface ConfigInputs {
  /** Undefined values count as not given. */
  readonly flags?: { readonly [K in keyof ConfigValues]?: ConfigValues[K] | undefined };
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly loaded?: LoadedConfig | undefined;
}

/**
 * Settings in force: flags before SIMCODE_* variables before the file before defaults. Lists replace, `rules` merge.
 * Throws SimcodeError `bad-option` for a flag or variable, `bad-config` for a file that writes outside of its folder.
 */
export function resolveConfig({ flags = {}, env = {}, loaded }: ConfigInputs): ResolvedConfig {
  const given = Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined));
  const checked = validate(given, 'bad-option', ([key]) => `--${String(key).replace(/(?=[A-Z])/g, '-').toLowerCase()}`);
  if (loaded !== undefined) refuseEscapes(loaded);
  const layers: readonly (readonly [Partial<Settings>, (key: string) => Source])[] = [
    [defaults, () => 'default'], [defined(loaded?.values ?? {}), () => 'file'],
    [defined(envSettings(env)), (key) => `env ${variableOf(key)}`], [defined(checked), () => 'flag'],
  ];
  const sources: Record<string, Source> = {};
  for (const [values, source] of layers) for (const name of leafNames(values)) sources[name] = source(name.split('.')[0] ?? name);
  const rules = Object.assign({}, ...layers.map(([values]) => values.rules ?? {}));
  const config = Object.assign({}, ...layers.map(([values]) => values), { rules });
  return { config, sources, ...(loaded === undefined ? {} : { file: loaded.file }) };
}

/** What `--print-config` prints, in the order of the schema: the file read, and each setting with its source. */
export function describeConfig({ config, sources, file }: ResolvedConfig): Readonly<Record<string, unknown>> {
  const known = Object.keys(fields).map((key) => [key, Object.entries(config).find(([name]) => name === key)?.[1]] as const);
  const settings = Object.fromEntries(known.filter(([, value]) => value !== undefined));
  return { file: file ?? null, settings, sources };
}

function defined(values: ConfigValues): Partial<Settings> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

function leafNames(values: Partial<Settings>): readonly string[] {
  const { rules, ...rest } = values;
  return [...Object.keys(rest), ...Object.keys(rules ?? {}).map((name) => `rules.${name}`)];
}

/** A scanned repository's file must not choose where on this machine a report is written. */
function refuseEscapes({ file, values }: LoadedConfig): void {
  const targets = [values.output, ...(values.format ?? []).map((format) => /^[^=]+=(.*)$/s.exec(format)?.[1])];
  for (const target of targets) {
    if (target === undefined || !(isAbsolute(target) || /^[a-z]:|^[\\/]/i.test(target) || target.split(/[\\/]/).includes('..'))) continue;
    throw new SimcodeError('bad-config', `${file}: "${target}" lies outside of the folder of the configuration`, { hint: 'Give the path on the command line with -o' });
  }
}
