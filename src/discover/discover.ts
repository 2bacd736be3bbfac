import type { Discovery, FileSource, KnownFile, KnownFiles, OnEvent, Skip, SkipReason, SourceFile, Warning } from '../types.ts';
import { ahead } from '../util/ahead.ts';
import { inspect, type Inspected, type InspectRules } from './inspect.ts';
import { createSelector, type SelectOptions } from './select.ts';

export interface DiscoverOptions extends SelectOptions {
  /** Bytes; default 1 MiB. */
  readonly maxFileSize?: number;
  /** Generated and minified files too; default false. */
  readonly includeGenerated?: boolean;
  /** Files read ahead of the consumer; default 8. */
  readonly concurrency?: number;
  readonly onEvent?: OnEvent;
  /** Files that need not be read again: they come without text. */
  readonly known?: KnownFiles;
}

/** Files in path order; `skips` and `warnings` grow while it is iterated and are complete at its end. Iterate once. */
export interface DiscoveryStream extends AsyncIterable<SourceFile> {
  readonly skips: readonly Skip[];
  readonly warnings: readonly Warning[];
}

const defaultMaxFileSize = 1024 ** 2;

/**
 * Source files of a scope one by one, in path order, so that a text can be dropped once it is chunked. A bad file is a
 * skip, with a warning where it may surprise; never an error. Throws SimcodeError `bad-option` for unusable options,
 * and while iterating what `source.list` throws.
 */
export function discoverFiles(source: FileSource, options: DiscoverOptions = {}): DiscoveryStream {
  const skips: Skip[] = [];
  const warnings: Warning[] = [];
  const files = stream(source, options, createSelector(options), skips, warnings);
  return { skips, warnings, [Symbol.asyncIterator]: () => files };
}

/** All of `discoverFiles` at once: memory grows with the text of the scope. */
export async function discover(source: FileSource, options: DiscoverOptions = {}): Promise<Discovery> {
  const found = discoverFiles(source, options);
  const files: SourceFile[] = [];
  for await (const file of found) files.push(file);
  return { files, skips: found.skips, warnings: found.warnings };
}

async function* stream(
  source: FileSource, options: DiscoverOptions, selector: ReturnType<typeof createSelector>, skips: Skip[], warnings: Warning[],
): AsyncGenerator<SourceFile, void, undefined> {
  const emit = options.onEvent ?? (() => undefined);
  emit({ stage: 'discover', state: 'start' });
  const listing = await source.list();
  skips.push(...listing.skips);
  warnings.push(...listing.warnings);
  const rules: InspectRules = { byText: selector.byText, includeGenerated: options.includeGenerated ?? false };
  const chosen = choose(listing.paths, selector, skips);
  const look = ({ path, language }: Choice): Promise<Inspected> => examine(source, path, language, options.maxFileSize ?? defaultMaxFileSize, rules);
  const named = JSON.stringify([options.includeGenerated, options.maxFileSize, options.languages]);
  const open = async (choice: Choice): Promise<Inspected & { readonly path: string }> => (
    { ...await recall(source, choice, `${choice.language} ${named}`, options.known, look), path: choice.path });
  let done = 0;
  for await (const { file, skip, warning, path } of ahead(chosen, options.concurrency ?? 8, open)) {
    emit({ stage: 'discover', state: 'tick', done: ++done, total: chosen.length });
    if (warning !== undefined) warnings.push(warning);
    if (skip !== undefined) skips.push({ path, reason: skip });
    if (file !== undefined) yield file;
  }
  skips.sort((a, b) => (a.path < b.path ? -1 : Number(a.path > b.path)));
  emit({ stage: 'discover', state: 'end', done, total: chosen.length });
}

interface Choice { readonly path: string; readonly language: string | undefined }

function choose(paths: readonly string[], selector: ReturnType<typeof createSelector>, skips: Skip[]): readonly Choice[] {
  const chosen: Choice[] = [];
  for (const path of paths) {
    const selection = selector.byPath(path);
    if ('skip' in selection) skips.push({ path, reason: selection.skip });
    else chosen.push({ path, language: 'language' in selection ? selection.language : undefined });
  }
  return chosen;
}

/** Looks at a file unless it is known and its stamp says that it is the same. */
async function recall(source: FileSource, choice: Choice, rules: string, known: KnownFiles | undefined, look: (choice: Choice) => Promise<Inspected>): Promise<Inspected> {
  const { path } = choice;
  const stamp = known && source.stamp?.(path);
  if (known === undefined || stamp === undefined) return look(choice);
  const found = known.get(path, stamp, rules);
  if (found !== undefined) return remembered(found, path, async () => (await look(choice)).file);
  const seen = await look(choice);
  const { file, skip, warning } = seen;
  const told = warning === undefined ? {} : { warning };
  if (source.stamp?.(path) === stamp) {
    if (file !== undefined) known.set(path, stamp, rules, { language: file.language, sha256: file.sha256, ...told });
    else if (skip !== undefined && skip !== 'unreadable') known.set(path, stamp, rules, { skip, ...told });
  }
  return seen;
}

function remembered(found: KnownFile, path: string, load: () => Promise<SourceFile | undefined>): Inspected {
  const told = found.warning === undefined ? {} : { warning: found.warning };
  if ('skip' in found) return { skip: found.skip, ...told };
  return { file: { path, language: found.language, sha256: found.sha256, text: '', load }, ...told };
}

/** `warned` reasons are those by which source that was meant to be read goes missing. */
const warned: Partial<Record<SkipReason, string>> = { unreadable: 'file-unreadable', 'too-large': 'file-too-large' };

async function examine(source: FileSource, path: string, language: string | undefined, maxBytes: number, rules: InspectRules): Promise<Inspected> {
  const result = await source.read(path, maxBytes);
  if (!('skip' in result)) return inspect(path, result.bytes, language, rules);
  if (language === undefined && result.skip === 'too-large') return { skip: 'language' };
  const code = warned[result.skip];
  return code === undefined ? { skip: result.skip } : { skip: result.skip, warning: { code, path, message: result.message } };
}
