import { findConfig, readConfig } from '../config/load.ts';
import type { LoadedConfig } from '../config/load.ts';
import type { ConfigInputs, ResolvedConfig } from '../config/resolve.ts';
import { resolveConfig } from '../config/resolve.ts';
import { SimcodeError } from '../errors.ts';
import { readConfigText } from '../io/config-text.ts';
import { isWorkTree, topLevel } from '../io/git.ts';
import { escapeText } from '../report/escape.ts';
import type { GlobalFlags } from './options.ts';

type Settings = NonNullable<ConfigInputs['flags']>;

/** Flags of commands that analyse, as commander names them. */
export interface AnalysisFlags extends GlobalFlags, Pick<Settings,
  'include' | 'exclude' | 'maxFileSize' | 'tests' | 'includeVendored' | 'includeGenerated' | 'git' | 'threshold' | 'minLines' | 'minTokens' |
  'crossLanguage' | 'index' | 'model' | 'device' | 'dtype' | 'dims' | 'instruction' | 'offline' | 'threads' | 'cache' | 'format' | 'output' | 'top'> {
  readonly lang?: string[];
  readonly rule?: Settings['rules'];
  readonly embedUrl?: string[];
  readonly pull?: true;
  readonly printConfig?: true;
  readonly json?: true;
  readonly config?: string;
}

/**
 * Settings in force: flags, SIMCODE_* variables, the configuration file of the working directory (or the one named by
 * --config or SIMCODE_CONFIG), defaults. With --pull the model they name is on this machine afterwards.
 * @throws SimcodeError `bad-config`, `bad-option`; with --pull also what a download may throw
 */
export async function loadSettings(flags: AnalysisFlags): Promise<ResolvedConfig> {
  const named = flags.config ?? (process.env['SIMCODE_CONFIG'] || undefined);
  const loaded = named === undefined ? await findConfig(readConfigText, process.cwd(), await searchTop()) : await readConfig(readConfigText, named);
  if (!flags.quiet && loaded !== undefined) warnShadowed(loaded);
  const resolved = resolveConfig({ flags: settingsOf(flags), env: process.env, loaded });
  if (resolved.sources['embedUrls'] === 'file' && process.env['SIMCODE_API_KEY']) throw keyForStrangers(resolved);
  // a flag and no setting: a scanned repository must not start downloads
  if (flags.pull && !flags.printConfig) await (await import('./pulling.ts')).pullMissing(resolved.config);
  return resolved;
}

/** A scanned repository's file must not choose who gets the user's key. */
function keyForStrangers({ file, config }: ResolvedConfig): SimcodeError {
  return new SimcodeError('bad-config', `${file} names embedding servers (${config.embedUrls.join(', ')}), which would be sent your SIMCODE_API_KEY`, {
    hint: 'If you trust them, name them yourself with --embed-url or SIMCODE_EMBED_URLS; else unset SIMCODE_API_KEY.',
  });
}

/** Parent folders are searched up to the top of the repository, never beyond. */
async function searchTop(): Promise<string> {
  const cwd = process.cwd();
  return await isWorkTree(cwd).catch(() => false) ? topLevel(cwd) : cwd;
}

function settingsOf(flags: AnalysisFlags): Settings {
  const { include, exclude, maxFileSize, tests, includeVendored, includeGenerated, threshold, minLines, minTokens, crossLanguage, rule: rules } = flags;
  const { index, model, device, dtype, dims, instruction, offline, threads, output, top, lang: languages, embedUrl: embedUrls } = flags;
  const format = flags.json ? [...(flags.format ?? []), 'json'] : flags.format;
  return {
    include, exclude, languages, maxFileSize, tests, includeVendored, includeGenerated, threshold, minLines, minTokens, crossLanguage, rules,
    index, model, device, dtype, dims, instruction, embedUrls, offline, threads, output, top, format,
    // `--no-x` is true until given, which must not hide what the file says
    git: flags.git === false ? false : undefined,
    cache: flags.cache === false ? false : undefined,
  };
}

function warnShadowed({ file, shadowed }: LoadedConfig): void {
  for (const other of shadowed) process.stderr.write(`warning: ${escapeText(other)} is not read, as ${escapeText(file)} is\n`);
}
