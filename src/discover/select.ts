import { SimcodeError } from '../errors.ts';
import type { LanguageId, SkipReason } from '../types.ts';
import { languageOf } from '../util/languages.ts';
import { LANGUAGES } from '../util/language-table.ts';
import { compileGlobs } from './globs.ts';
import { isTestPath } from './test-paths.ts';
import { isVendored } from './vendored.ts';

/** What may be read, decided by the path alone. */
export interface SelectOptions {
  /** Globs (see `compileGlobs`); default: everything. */
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  /** Default: every registered language. */
  readonly languages?: readonly LanguageId[];
  /** Default false. */
  readonly includeVendored?: boolean;
  /** Default `include`. */
  readonly tests?: 'include' | 'exclude' | 'only';
  /** Folders that were named, relative to the root: what is above them does not make a path a test's. */
  readonly scopes?: readonly string[];
}

/** Language of a path, or why it is left out; neither when only the first line can tell the language. */
export type Selection = { readonly language: LanguageId } | { readonly skip: SkipReason } | { readonly undecided: true };

/** Compiles the rules that need no look into a file. Throws SimcodeError `bad-option` for an unknown language or glob. */
export function createSelector(options: SelectOptions): { readonly byPath: (path: string) => Selection; readonly byText: (path: string, text: string) => Selection } {
  const included = options.include === undefined || options.include.length === 0 ? () => true : compileGlobs(options.include);
  const excluded = compileGlobs(options.exclude ?? []);
  const wanted = languageSet(options.languages);
  const decide = (language: LanguageId | undefined): Selection =>
    language !== undefined && (wanted === undefined || wanted.has(language)) ? { language } : { skip: 'language' };
  const byPath = (path: string): Selection => {
    if (!included(path) || excluded(path)) return { skip: 'excluded' };
    const language = languageOf(path);
    const undecided = language === undefined && !/.\./.test(path.slice(path.lastIndexOf('/') + 1));
    const selection = undecided ? { undecided } as const : decide(language);
    if ('skip' in selection) return selection;
    if (options.includeVendored !== true && isVendored(path)) return { skip: 'vendored' };
    const isTest = isTestPath(withinScope(path, options.scopes ?? []));
    if (options.tests === 'exclude' && isTest) return { skip: 'test' };
    return options.tests === 'only' && !isTest ? { skip: 'excluded' } : selection;
  };
  return { byPath, byText: (path, text) => decide(languageOf(path, text.slice(0, 256).split(/\r?\n/, 1)[0])) };
}

/** A path relative to the innermost named folder that holds it: who names a test folder wants it read. */
function withinScope(path: string, scopes: readonly string[]): string {
  const depth = Math.max(0, ...scopes.map((scope) => (path === scope || path.startsWith(`${scope}/`) ? scope.length + 1 : 0)));
  return path.length < depth ? path.slice(path.lastIndexOf('/') + 1) : path.slice(depth);
}

function languageSet(languages: readonly LanguageId[] | undefined): ReadonlySet<LanguageId> | undefined {
  if (languages === undefined || languages.length === 0) return undefined;
  const known = LANGUAGES.map(({ id }) => id);
  const unknown = languages.find((language) => !known.includes(language));
  if (unknown !== undefined) throw new SimcodeError('bad-option', `No language "${unknown}"`, { hint: `Known: ${known.join(', ')}` });
  return new Set(languages);
}
