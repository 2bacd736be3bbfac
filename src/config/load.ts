import { dirname, join, resolve } from 'node:path';

import { SimcodeError } from '../errors.ts';
import { parseDocument, type JsonDocument } from './document.ts';
import { validate, type ConfigValues } from './validate.ts';

/** Text of a file, undefined where there is none; throws SimcodeError for one that cannot be read. */
export type ReadText = (path: string) => Promise<string | undefined>;

export interface LoadedConfig {
  /** Absolute path of the file. */
  readonly file: string;
  /** Its folder: what globs in it are relative to, so the root of the run. */
  readonly directory: string;
  readonly values: ConfigValues;
  /** Further configuration files in the same folder, which are not read. */
  readonly shadowed: readonly string[];
}

/** In order of precedence; one file is read, there is no merging. */
const places = ['simcode.json', 'simcode.jsonc', '.simcoderc.json', 'package.json'];

/**
 * Finds and checks the configuration from `start` upward to `top` (default: `start` alone); the nearest folder wins.
 * Files hold data, never code. Throws SimcodeError `bad-config` naming file, line, column and key.
 */
export async function findConfig(read: ReadText, start: string, top: string = start): Promise<LoadedConfig | undefined> {
  const last = resolve(top);
  for (let directory = resolve(start); ; directory = dirname(directory)) {
    const found = await inDirectory(read, directory);
    if (found !== undefined || directory === last || dirname(directory) === directory) return found;
  }
}

/** Reads the configuration file that was named. Throws SimcodeError `bad-config` when there is none. */
export async function readConfig(read: ReadText, file: string): Promise<LoadedConfig> {
  const path = resolve(file);
  const text = await read(path);
  if (text === undefined) throw new SimcodeError('bad-config', `${file} does not exist`, { hint: 'Check the path given to --config' });
  const values = parseConfig(path, text);
  if (values === undefined) throw new SimcodeError('bad-config', `${file} has no "simcode" key`, { hint: 'Add "simcode": { … } to it' });
  return { file: path, directory: dirname(path), values, shadowed: [] };
}

/** Settings of a file's text; undefined for a package.json without a `simcode` key. */
export function parseConfig(file: string, text: string): ConfigValues | undefined {
  const isPackage = /(?:^|[\\/])package\.json$/.test(file);
  if (isPackage && !text.includes('"simcode"')) return undefined;
  const document = parseDocument(file, text.replace(/^\uFEFF/, ''), !isPackage);
  const prefix = isPackage ? ['simcode'] : [];
  const value = isPackage ? ownValue(document.value, 'simcode') : document.value;
  return value === undefined ? undefined : validate(value, 'bad-config', placeIn(file, document, prefix));
}

async function inDirectory(read: ReadText, directory: string): Promise<LoadedConfig | undefined> {
  let found: Omit<LoadedConfig, 'shadowed'> | undefined;
  const shadowed: string[] = [];
  for (const name of places) {
    const file = join(directory, name);
    const text = await read(file);
    if (text === undefined) continue;
    if (found === undefined) {
      const values = parseConfig(file, text);
      if (values !== undefined) found = { file, directory, values };
    } else if (name !== 'package.json' || text.includes('"simcode":')) shadowed.push(file);
  }
  return found === undefined ? undefined : { ...found, shadowed };
}

function placeIn(file: string, document: JsonDocument, prefix: readonly string[]) {
  return (path: readonly PropertyKey[], ofKey: boolean): string => {
    const key = path.map(String).join('.');
    return `${file}:${document.at([...prefix, ...path], ofKey)}${key === '' ? '' : `: "${key.slice(0, 100)}"`}`;
  };
}

function ownValue(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? Object.entries(value).find(([name]) => name === key)?.[1] : undefined;
}
