import type { HostSpec, LanguageId, Warning } from '../types.ts';
import { scriptsOf } from './markup.ts';
import { cellsOf } from './notebook.ts';
import type { Origin } from './origin.ts';
import type { Stretch } from './sections.ts';

/** A stretch of a text that is code in one language. */
export interface Region extends Stretch {
  readonly language: LanguageId;
  readonly text: string;
  /** What is parsed in place of the text, unit for unit, where that is not quite the language. */
  readonly parsable?: string;
  /** Where the text stands in the file; absent when it is the file's own. */
  readonly origin?: Origin;
}

/** Code inside a file of a host language; all else in it is no code. */
export function regionsOf(path: string, text: string, host: HostSpec): { readonly regions: readonly Region[]; readonly warnings: readonly Warning[] } {
  if (host.format === 'markup') return { regions: scriptsOf(text, host), warnings: [] };
  const { regions, problem } = cellsOf(text, host);
  return { regions, warnings: problem === undefined ? [] : [{ code: 'syntax-error', path, message: problem }] };
}
