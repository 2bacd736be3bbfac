import type { Command } from '@commander-js/extra-typings';
import { Option } from '@commander-js/extra-typings';
import type { Comparison } from '../../compare/schema.ts';
import { describeConfig } from '../../config/resolve.ts';
import { SimcodeError } from '../../errors.ts';
import { escapeJson } from '../../report/escape.ts';
import type { Warning } from '../../types.ts';
import { painter, wantsColor } from '../colors.ts';
import type { StoreRequest } from '../comparing.ts';
import type { AnalysisFlags } from '../config.ts';
import { loadSettings } from '../config.ts';
import { notices } from '../notices.ts';
import { addAnalysisOptions, addGlobalOptions } from '../options.ts';
import { writeReportFile, writeStdout } from '../output.ts';
import { collect, integerIn, oneOf } from '../parsers.ts';
import { textWidth } from '../reports.ts';
import { PLACES } from '../stores.ts';
import { createProgress, wantsProgress } from '../progress.ts';

const help = `
Only pairs of a function of <a> and one of <b> are looked for; clones within one tree are not. Test code is read unless
--tests says otherwise. Of two functions the shorter one's lines times the similarity decide the order.

Examples:
  simcode compare old/ new/
  simcode compare alice/ bob/ --purpose plagiarism --ignore-common template/
  simcode compare service/report.py web/report.ts
  simcode compare ours/ --store .simcode-index --in shop   with repositories of a store (see simcode index)
  simcode compare ours/ theirs/ --json -o comparison.json`;

/** `simcode compare <a> <b>`: copied or ported code across two trees. */
export function addCompareCommand(program: Command): void {
  const command = addAnalysisOptions(
    program.command('compare').usage('[options] <a> <b> | <a> --store <where>')
      .description('Find what two trees or files have in common: copied, ported or plagiarised code.')
      .argument('[trees...]', 'two folders or files'),
  );
  for (const option of [
    new Option('--purpose <name>', 'operating point: default, or plagiarism (lower: renamed, reordered and re-commented copies count)').argParser(oneOf(['default', 'plagiarism'])),
    new Option('--ignore-common <path>', 'leave out functions that occur there too: templates, vendored code (repeatable)').argParser(collect),
  ]) command.addOption(option.helpGroup('What counts:'));
  for (const option of [
    new Option('--store <where>', `compare <a> with the repositories of a store instead of <b>: ${PLACES}`),
    new Option('--in <name>', 'only this repository of the store (repeatable); two of them without trees are compared with each other').argParser(collect),
  ]) command.addOption(option.helpGroup('What is read:'));
  for (const option of [
    new Option('--json', 'the comparison as JSON'),
    new Option('-o, --output <file>', 'write there instead of to stdout'),
    new Option('--top <n>', 'pairs and files shown in the tables, 0 for all (default 20)').argParser(integerIn(0, 1_000_000)),
  ]) command.addOption(option.helpGroup('Output:'));
  addGlobalOptions(command);
  command.addHelpText('after', help).action(async (trees, _flags, self) => compare(trees, self.optsWithGlobals()));
}

type CompareFlags = AnalysisFlags & { readonly purpose?: Comparison['purpose']; readonly ignoreCommon?: string[]; readonly store?: string; readonly in?: string[]; readonly printConfig?: true };

async function compare(trees: readonly string[], flags: CompareFlags): Promise<void> {
  const { json, output, ...rest } = flags;
  const resolved = await loadSettings({ ...rest, tests: flags.tests ?? 'include' });
  if (flags.printConfig) {
    await writeStdout(`${JSON.stringify(describeConfig(resolved), null, 2)}\n`);
    return;
  }
  const store = storeRequest(trees, flags);
  // a purpose asked for wins over the threshold of a configuration file
  const { threshold: configured, ...others } = resolved.config;
  const threshold = flags.threshold ?? (flags.purpose === undefined ? configured : undefined);
  const settings = { ...others, ...(threshold !== undefined && { threshold }) };
  const { runCompare } = await import('../comparing.ts');
  const quiet = flags.quiet ?? false;
  const progress = createProgress(process.stderr, wantsProgress(process.stderr, quiet, process.env));
  try {
    const found = await runCompare({ trees, store, ignoreCommon: flags.ignoreCommon ?? [], purpose: flags.purpose ?? 'default' }, settings, progress.onEvent);
    progress.close();
    if (!quiet) process.stderr.write(notices({ warnings: warningsOf(found), skips: [] }, flags.verbose ?? false, painter(wantsColor(process.stderr, flags.color, process.env))));
    const text = json ? `${escapeJson(JSON.stringify(found, null, 2))}\n` : await forPeople(found, resolved.config.top, flags, output);
    await (output === undefined ? writeStdout(text) : writeReportFile(output, text));
  } finally {
    progress.close();
  }
}

/** What is compared with what: two trees, a tree and a store, or two repositories of a store. */
function storeRequest(trees: readonly string[], { store, in: repositories = [] }: CompareFlags): StoreRequest | undefined {
  if (store === undefined) {
    if (repositories.length > 0) throw new SimcodeError('bad-option', '--in names a repository of a store, and there is no --store.', { hint: 'For example: simcode compare ours/ --store .simcode-index --in shop' });
    if (trees.length === 2) return undefined;
    throw new SimcodeError('bad-option', `Two trees are compared, not ${trees.length}.`, { hint: 'For example: simcode compare old/ new/' });
  }
  if (trees.length === 1 || (trees.length === 0 && repositories.length === 2)) return { where: store, repositories };
  throw new SimcodeError('bad-option', `With --store one tree is compared with the store, or two of its repositories with each other, not ${trees.length} trees.`, {
    hint: 'For example: simcode compare ours/ --store .simcode-index; or simcode compare --store .simcode-index --in shop --in billing',
  });
}

function warningsOf({ warnings }: Comparison): Warning[] {
  return warnings.map(({ code, path, message }) => ({ code, message, ...(path !== undefined && { path }) }));
}

async function forPeople(found: Comparison, top: number, flags: CompareFlags, output: string | undefined): Promise<string> {
  const { renderComparison } = await import('../../compare/render.ts');
  return renderComparison(found, {
    width: textWidth(output, 60), top, paint: painter(output === undefined && wantsColor(process.stdout, flags.color, process.env)),
  });
}
