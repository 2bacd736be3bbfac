import { createHash } from 'node:crypto';

import type { LanguageId, SkipReason, SourceFile, Warning } from '../types.ts';
import { decode } from './decode.ts';
import { isGenerated } from './generated.ts';
import { isMinified } from './minified.ts';
import type { createSelector } from './select.ts';

/** What came of one file. */
export interface Inspected {
  readonly file?: SourceFile;
  readonly skip?: SkipReason;
  readonly warning?: Warning;
}

export interface InspectRules {
  readonly byText: ReturnType<typeof createSelector>['byText'];
  readonly includeGenerated: boolean;
}

/** Turns bytes into a source file, or says which rule leaves it out. `language` is undefined when the first line must tell. */
export function inspect(path: string, bytes: Uint8Array, language: LanguageId | undefined, rules: InspectRules): Inspected {
  const decoded = decode(bytes);
  if (decoded === undefined) return { skip: language === undefined ? 'language' : 'binary' };
  const { text, encoding } = decoded;
  const selected = language === undefined ? rules.byText(path, text) : { language };
  if (!('language' in selected)) return { skip: 'language' };
  if (text.trim() === '') return { skip: 'empty' };
  if (!rules.includeGenerated) {
    if (isMinified(path, text)) return { skip: 'minified' };
    if (isGenerated(path, text)) return { skip: 'generated' };
  }
  const file = { path, language: selected.language, text, sha256: createHash('sha256').update(bytes).digest('hex') };
  return encoding === 'latin1' ? { file, warning: { code: 'encoding', path, message: 'not UTF-8; read as Latin-1' } } : { file };
}
