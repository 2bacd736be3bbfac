import type { HostSpec, LanguageId } from '../types.ts';
import { visitStrings, type JsonString } from './json-strings.ts';
import { Origin } from './origin.ts';
import type { Region } from './regions.ts';

/** Cell magics of IPython whose cell is still code of the notebook's language. */
const TRANSPARENT = new Set(['time', 'timeit', 'capture', 'prun', 'memit', 'debug']);
/** Lines that IPython reads itself: magics, shell commands, questions. */
const MAGIC_LINE = /^([ \t]*)(?:[!?]|%(?=%?\w)|(?=[\w.]+\?{1,2}[ \t]*$)[\w.])/gm;
const ESCAPE = /\\(?:u[\da-fA-F]{4}|.)/gs;

interface Cell { readonly source: readonly JsonString[]; readonly type: string }

/** Code cells of a Jupyter notebook (nbformat 4) in known languages, with what is wrong with the file, if anything. */
export function cellsOf(text: string, host: HostSpec): { readonly regions: readonly Region[]; readonly problem?: string } {
  const cells: Cell[] = [];
  let source: JsonString[] = [];
  let type = '';
  let label: string | undefined;
  const read = (found: JsonString): string => decode(text, [found]).code;
  const problem = visitStrings(text, (found) => {
    if (found.path === 'cells.*' && found.start < 0) {
      cells.push({ source, type });
      [source, type] = [[], ''];
    } else if (found.start < 0) return;
    else if (found.path === 'cells.*.source' || found.path === 'cells.*.source.*') source.push(found);
    else if (found.path === 'cells.*.cell_type') type = read(found);
    else if (found.path === 'metadata.language_info.name') label = read(found);
    else if (found.path === 'metadata.kernelspec.language') label ??= read(found);
  });
  const language = label === undefined ? host.code : host.names[label.toLowerCase()];
  const regions = cells.filter((cell) => cell.type === 'code' && cell.source.length > 0).flatMap((cell) => regionOf(text, cell, language, host));
  return problem === undefined ? { regions } : { regions, problem: `not a whole notebook: ${problem}` };
}

function regionOf(text: string, { source }: Cell, notebook: LanguageId | undefined, host: HostSpec): readonly Region[] {
  const { code, origin } = decode(text, source);
  const magic = /^\s*%%(\w+)/.exec(code)?.[1];
  const language = magic === undefined || TRANSPARENT.has(magic) ? notebook : host.names[magic.toLowerCase()];
  if (language === undefined) return [];
  const start = magic === undefined ? 0 : code.indexOf('\n', code.indexOf('%%')) + 1;
  if (magic !== undefined && start === 0) return [];
  const parsable = language === 'python' ? code.replaceAll(MAGIC_LINE, (_line, indent: string) => `${indent}#`) : code;
  return [{ language, text: code, start, end: code.length, origin, ...(parsable !== code && { parsable }) }];
}

/** JSON strings one after the other as text. */
function decode(text: string, strings: readonly JsonString[]): { readonly code: string; readonly origin: Origin } {
  const origin = new Origin();
  const parts: string[] = [];
  let length = 0;
  for (const { start, end } of strings) {
    let at = start + 1;
    const copy = (to: number): void => {
      if (to === at) return;
      origin.add(length, at);
      parts.push(text.slice(at, to));
      length += to - at;
    };
    for (const match of text.slice(start + 1, end - 1).matchAll(ESCAPE)) {
      const escape = start + 1 + match.index;
      copy(escape);
      origin.add(length, escape, match[0].length);
      parts.push(JSON.parse(`"${match[0]}"`) as string);
      length++;
      at = escape + match[0].length;
    }
    copy(end - 1);
  }
  return { code: parts.join(''), origin };
}
