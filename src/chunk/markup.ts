import type { HostSpec, LanguageId } from '../types.ts';
import type { Region } from './regions.ts';

/** Elements whose content is text up to their end tag. Names in capitals are components. */
const RAW = new Set(['script', 'style', 'textarea', 'title']);
const NAME = /[a-z][^\s<>/]*/iy;
const ATTRIBUTE = /\s*(?:\/(?!>)\s*)*([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?/y;
const FENCE = /^\uFEFF?\s*---/;
/** Attributes of one tag that are read. */
const MAX_ATTRIBUTES = 200;

interface Tag { readonly name: string; readonly attributes: ReadonlyMap<string, string>; readonly end: number; readonly closed: boolean }

/** Script elements in a known language, and what stands between `---` fences at the top; in order. One pass over the text. */
export function scriptsOf(text: string, host: HostSpec): readonly Region[] {
  const regions: Region[] = [];
  const fenced = host.fence === undefined ? undefined : fencedIn(text, host.fence);
  if (fenced !== undefined) regions.push(fenced);
  for (let at = fenced?.end ?? 0; ;) {
    const open = text.indexOf('<', at);
    if (open < 0) return regions;
    if (text.startsWith('<!--', open)) {
      at = after(text, '-->', open + 4);
      continue;
    }
    const tag = tagAt(text, open);
    at = tag?.end ?? open + 1;
    if (tag === undefined || tag.closed || !RAW.has(tag.name)) continue;
    const end = endTagOf(text, tag.name, tag.end);
    const language = tag.name === 'script' ? languageOf(tag.attributes, host) : undefined;
    if (language !== undefined) regions.push({ language, text, start: tag.end, end });
    at = end;
  }
}

function fencedIn(text: string, language: LanguageId): Region | undefined {
  const start = FENCE.exec(text)?.[0].length;
  if (start === undefined) return undefined;
  const close = /^[ \t]*---/m;
  const from = text.indexOf('\n', start);
  const length = from < 0 ? -1 : text.slice(from + 1).search(close);
  return length < 0 ? undefined : { language, text, start, end: from + 1 + length };
}

function tagAt(text: string, open: number): Tag | undefined {
  NAME.lastIndex = open + 1;
  const name = NAME.exec(text)?.[0];
  if (name === undefined) return undefined;
  const attributes = new Map<string, string>();
  let at = NAME.lastIndex;
  for (let count = 0; count < MAX_ATTRIBUTES; count++) {
    ATTRIBUTE.lastIndex = at;
    const match = ATTRIBUTE.exec(text);
    if (match === null) break;
    attributes.set((match[1] ?? '').toLowerCase(), match[2] ?? match[3] ?? match[4] ?? '');
    at = ATTRIBUTE.lastIndex;
  }
  while (/\s/.test(text[at] ?? '')) at++;
  if (text[at] === '>') return { name, attributes, end: at + 1, closed: false };
  return text.startsWith('/>', at) ? { name, attributes, end: at + 2, closed: true } : undefined;
}

/** Where the content of a raw element ends: at its end tag, else with the text. */
function endTagOf(text: string, name: string, from: number): number {
  const close = new RegExp(`</${name}(?=[\\s/>])`, 'gi');
  close.lastIndex = from;
  return close.exec(text)?.index ?? text.length;
}

function after(text: string, mark: string, from: number): number {
  const found = text.indexOf(mark, from);
  return found < 0 ? text.length : found + mark.length;
}

/** By `lang`, else by `type` without what all types of scripts share; undefined for data and languages that are not known. */
function languageOf(attributes: ReadonlyMap<string, string>, { code, names }: HostSpec): LanguageId | undefined {
  const label = attributes.get('lang') ?? attributes.get('type')?.replace(/^(?:text|application)\/(?:x-)?/i, '') ?? '';
  return label === '' ? code : names[label.trim().toLowerCase()];
}
