import type { LanguageId } from '../types.ts';
import { LANGUAGES } from './language-table.ts';

/** How a language's files are told apart: by extension, whole name, or the interpreter on the first line. */
export interface LanguageInfo {
  readonly id: LanguageId;
  readonly title: string;
  /** With the dot, lower case. */
  readonly extensions: readonly string[];
  readonly filenames: readonly string[];
  readonly shebangs: readonly string[];
}

interface Lookup { readonly extensions: ReadonlyMap<string, string>; readonly names: ReadonlyMap<string, string>; readonly shebangs: ReadonlyMap<string, string> }

const lookups = new WeakMap<readonly LanguageInfo[], Lookup>();

/**
 * Language of a POSIX path, or undefined when none is registered.
 * `firstLine` is looked at only for files without a known extension or name.
 */
export function languageOf(path: string, firstLine = '', table: readonly LanguageInfo[] = LANGUAGES): LanguageId | undefined {
  const { extensions, names, shebangs } = lookup(table);
  const name = path.slice(path.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  const known = names.get(name) ?? (dot > 0 ? extensions.get(name.slice(dot).toLowerCase()) : undefined);
  if (known !== undefined || dot > 0) return known;
  const interpreter = /^#!\s*\S*?([\w.-]+)(?=\s|$)(?:\s+(?:-\S+\s+)*([\w.-]+))?/.exec(firstLine);
  if (interpreter === null) return undefined;
  const program = (interpreter[1] === 'env' ? interpreter[2] : interpreter[1])?.replace(/[\d.]+$/, '') ?? '';
  return shebangs.get(program);
}

function lookup(table: readonly LanguageInfo[]): Lookup {
  let found = lookups.get(table);
  if (found === undefined) {
    const index = (keys: (info: LanguageInfo) => readonly string[]): Map<string, string> =>
      new Map(table.flatMap((info) => keys(info).map((key) => [key, info.id] as const)));
    found = { extensions: index((info) => info.extensions), names: index((info) => info.filenames), shebangs: index((info) => info.shebangs) };
    lookups.set(table, found);
  }
  return found;
}
