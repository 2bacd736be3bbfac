import type { Command } from '@commander-js/extra-typings';
import { Option } from '@commander-js/extra-typings';
import { describeConfig, type ResolvedConfig } from '../../config/resolve.ts';
import { SimcodeError } from '../../errors.ts';
import { count } from '../../messages.ts';
import { escapeJson, escapeText } from '../../report/escape.ts';
import type { ScanResult } from '../../types.ts';
import { painter, wantsColor } from '../colors.ts';
import type { AnalysisFlags } from '../config.ts';
import { loadSettings } from '../config.ts';
import { notices } from '../notices.ts';
import type { GlobalFlags } from '../options.ts';
import { addAnalysisOptions, addGlobalOptions } from '../options.ts';
import { writeReportFile, writeStdout } from '../output.ts';
import { collect, integerIn } from '../parsers.ts';
import { createProgress, wantsProgress } from '../progress.ts';
import { textWidth } from '../reports.ts';
import { storeOption, withStore } from '../stores.ts';
import { megabytes } from './cache.ts';

const help = `
A store keeps, of each function: where it is, its tokens as hashes, its words without their order, and its vector at a
byte a dimension; no source text. A folder store has one file a repository, the same bytes for the same functions, to
commit or to keep in a CI cache. Adding a repository again replaces it.

Examples:
  simcode index add . ../shared ../billing --store .simcode-index
  simcode index query src/cart.ts:12 --store .simcode-index     does this function exist already?
  simcode index query src/new.ts --store .simcode-index --json  the same for every function of a file
  pbpaste | simcode index query - --lang typescript --store .simcode-index
  simcode scan --store .simcode-index                           clones within and across the repositories
  simcode compare ours/ --store .simcode-index                  what of ours is in any of them
  simcode index list --store .simcode-index
  simcode index remove billing --store .simcode-index`;

/** `simcode index add|list|remove|query`: a persistent index of repositories. */
export function addIndexCommand(program: Command): void {
  const index = program.command('index').description('Keep the functions of repositories in a store, and ask it what exists already.').addHelpText('after', help);
  addGlobalOptions(index);
  addAdder(index);
  addQuery(index);
  const lister = index.command('list').description('the repositories of a store').addOption(storeOption()).option('--json', 'as JSON').action(list);
  const remover = index.command('remove').description('take repositories out of a store').argument('<names...>', 'repositories').addOption(storeOption()).action(remove);
  addGlobalOptions(lister);
  addGlobalOptions(remover);
}

function addAdder(index: Command): void {
  const command = addAnalysisOptions(
    index.command('add').description('read folders and put each into a store as a repository').argument('[folders...]', 'folders, each a repository'),
  ).addOption(storeOption().helpGroup('Store:'));
  command.addOption(new Option('--name <name>', 'name of the repository (default: the folder\'s)').helpGroup('Store:'));
  addGlobalOptions(command);
  command.addHelpText('after', '\nExamples:\n  simcode index add . --store .simcode-index\n  simcode index add checkout/ --name shop --store .simcode-index')
    .action(async (folders, _flags, self) => add(folders, self.optsWithGlobals()));
}

function addQuery(index: Command): void {
  const command = addAnalysisOptions(
    index.command('query').usage('[options] <path:line | path | -> …').description('functions of a store that do what the given ones do')
      .argument('[what...]', 'a function as path:line, all functions of a file, or - for code from stdin (with --lang)'),
  ).addOption(storeOption().helpGroup('Store:'));
  command.addOption(new Option('--in <name>', 'look in this repository only (repeatable)').argParser(collect).helpGroup('Store:'));
  for (const option of [
    new Option('--json', 'the answers as JSON'), new Option('-o, --output <file>', 'write there instead of to stdout'),
    new Option('--top <n>', 'functions shown for each one asked about (default 5)').argParser(integerIn(1, 100)),
  ]) command.addOption(option.helpGroup('Output:'));
  addGlobalOptions(command);
  command.addHelpText('after', '\nExamples:\n  simcode index query src/cart.ts:12 --store .simcode-index\n  simcode index query - --lang python --store .simcode-index < new.py')
    .action(async (what, _flags, self) => query(what, self.optsWithGlobals()));
}

interface StoreFlags { readonly store: string }
type AddFlags = AnalysisFlags & StoreFlags & { readonly name?: string };
type QueryFlags = AnalysisFlags & StoreFlags & { readonly in?: string[] };

async function add(folders: readonly string[], flags: AddFlags): Promise<void> {
  const resolved = await settings(flags);
  if (resolved === undefined) return;
  if (folders.length === 0) throw new SimcodeError('bad-option', 'Which folders shall be indexed?', { hint: 'For example: simcode index add . --store .simcode-index' });
  const { indexFolders } = await import('../indexing.ts');
  const progress = createProgress(process.stderr, wantsProgress(process.stderr, flags.quiet ?? false, process.env));
  try {
    await withStore(flags.store, async (store) => {
      const indexed = await indexFolders(store, folders, flags.name, resolved.config, progress.onEvent);
      progress.close();
      for (const { info, bytes, embedded, skips, warnings } of indexed) {
        notice(flags, { warnings, skips });
        const size = `${megabytes(bytes)} (${Math.round(bytes / info.functions)} bytes a function)`;
        await writeStdout(`${escapeText(info.name)}: ${count(info.functions, 'function')} of ${count(info.files, 'file')}, ${count(embedded, 'text')} embedded, ${size}\n`);
      }
      await store.settle();
      notice(flags, { warnings: await store.check(), skips: [] });
    });
  } finally {
    progress.close();
  }
}

async function query(what: readonly string[], flags: QueryFlags): Promise<void> {
  const { json, output, ...rest } = flags;
  const resolved = await settings(rest);
  if (resolved === undefined) return;
  if (what.length === 0) throw new SimcodeError('bad-option', 'Which function shall be looked for?', { hint: 'For example: simcode index query src/cart.ts:12 --store .simcode-index' });
  const { runQuery } = await import('../querying.ts');
  const progress = createProgress(process.stderr, wantsProgress(process.stderr, flags.quiet ?? false, process.env));
  try {
    const found = await withStore(flags.store, (store) => runQuery(store, { what, repositories: flags.in ?? [], top: flags.top ?? 5 }, resolved.config, progress.onEvent));
    progress.close();
    notice(flags, { warnings: found.warnings.map(({ code, message }) => ({ code, message })), skips: [] });
    const { renderQuery } = await import('../../store/render.ts');
    const text = json ? `${escapeJson(JSON.stringify(found, null, 2))}\n` : renderQuery(found, {
      width: textWidth(output, 60), paint: painter(output === undefined && wantsColor(process.stdout, flags.color, process.env)),
    });
    await (output === undefined ? writeStdout(text) : writeReportFile(output, text));
  } finally {
    progress.close();
  }
}

async function list(flags: StoreFlags & GlobalFlags & { readonly json?: true }): Promise<void> {
  await withStore(flags.store, async (store) => {
    const infos = await store.repositories();
    const sizes = await Promise.all(infos.map(({ name }) => store.bytes(name)));
    const warnings = await store.check();
    notice(flags, { warnings, skips: [] });
    if (flags.json) {
      const repositories = infos.map((info, i) => ({ ...info, bytes: sizes[i] ?? 0 }));
      await writeStdout(`${escapeJson(JSON.stringify({ schemaVersion: 1, store: store.location, repositories, warnings }, null, 2))}\n`);
      return;
    }
    const total = sizes.reduce((sum, size) => sum + size, 0);
    const lines = [`${escapeText(store.location)}: ${count(infos.length, 'repository', 'repositories')}, ${count(infos.reduce((sum, one) => sum + one.functions, 0), 'function')}, ${megabytes(total)}`];
    for (const [i, { name, functions, files, lines: source, model }] of infos.entries()) {
      lines.push(`  ${escapeText(name)}: ${count(functions, 'function')} of ${count(files, 'file')} (${count(source, 'line')}), ${megabytes(sizes[i] ?? 0)}, model ${escapeText(`${model.id} ${model.revision}`)}`);
    }
    await writeStdout(`${lines.join('\n')}\n`);
  });
}

async function remove(names: readonly string[], flags: StoreFlags): Promise<void> {
  const { checkedName } = await import('../indexing.ts');
  await withStore(flags.store, async (store) => {
    for (const name of names) {
      if (await store.remove(checkedName(name))) {
        await store.settle();
        await writeStdout(`Removed ${escapeText(name)} from ${escapeText(store.location)}\n`);
        continue;
      }
      const has = (await store.repositories()).map((one) => one.name).join(', ');
      throw new SimcodeError('store', `The store ${store.location} has no repository ${name}`, { hint: has === '' ? 'It is empty.' : `It has ${has}.` });
    }
  });
}

/** Settings in force; undefined when --print-config has shown them and all is done. */
async function settings(flags: AnalysisFlags): Promise<ResolvedConfig | undefined> {
  const resolved = await loadSettings(flags);
  if (!flags.printConfig) return resolved;
  await writeStdout(`${JSON.stringify(describeConfig(resolved), null, 2)}\n`);
  return undefined;
}

function notice(flags: GlobalFlags, what: Pick<ScanResult, 'warnings' | 'skips'>): void {
  if (!flags.quiet) process.stderr.write(notices(what, flags.verbose ?? false, painter(wantsColor(process.stderr, flags.color, process.env))));
}
