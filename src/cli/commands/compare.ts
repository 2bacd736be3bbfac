import type { Command } from '@commander-js/extra-typings';
import { Option } from '@commander-js/extra-typings';
import type { Comparison } from '../../compare/schema.ts';
import { describeConfig } from '../../config/resolve.ts';
import { SimcodeError } from '../../errors.ts';
import { escapeJson } from '../../report/escape.ts';
import type { Warning } from '../../types.ts';
import { painter, wantsColor } from '../colors.ts';
import type { AnalysisFlags } from '../config.ts';
import { loadSettings } from '../config.ts';
import { notices } from '../notices.ts';
import { addAnalysisOptions, addGlobalOptions } from '../options.ts';
import { writeReportFile, writeStdout } from '../output.ts';
import { collect, integerIn, oneOf } from '../parsers.ts';
import { textWidth } from '../reports.ts';
import { createProgress, wantsProgress } from '../progress.ts';

const help = `
Only pairs of a function of <a> and one of <b> are looked for; clones within one tree are not. Test code is read unless
--tests says otherwise. Of two functions the shorter one's lines times the similarity decide the order.

Examples:
  simcode compare old/ new/
  simcode compare alice/ bob/ --purpose plagiarism --ignore-common template/
  simcode compare service/report.py web/report.ts
  simcode compare ours/ theirs/ --json -o comparison.json`;

/** `simcode compare <a> <b>`: copied or ported code across two trees. */
export function addCompareCommand(program: Command): void {
  const command = addAnalysisOptions(
    program.command('compare').usage('[options] <a> <b>')
      .description('Find what two trees or files have in common: copied, ported or plagiarised code.')
      .argument('[trees...]', 'two folders or files'),
  );
  for (const option of [
    new Option('--purpose <name>', 'operating point: default, or plagiarism (lower: renamed, reordered and re-commented copies count)').argParser(oneOf(['default', 'plagiarism'])),
    new Option('--ignore-common <path>', 'leave out functions that occur there too: templates, vendored code (repeatable)').argParser(collect),
  ]) command.addOption(option.helpGroup('What counts:'));
  for (const option of [
    new Option('--json', 'the comparison as JSON'),
    new Option('-o, --output <file>', 'write there instead of to stdout'),
    new Option('--top <n>', 'pairs and files shown in the tables, 0 for all (default 20)').argParser(integerIn(0, 1_000_000)),
  ]) command.addOption(option.helpGroup('Output:'));
  addGlobalOptions(command);
  command.addHelpText('after', help).action(async (trees, _flags, self) => compare(trees, self.optsWithGlobals()));
}

type CompareFlags = AnalysisFlags & { readonly purpose?: Comparison['purpose']; readonly ignoreCommon?: string[]; readonly printConfig?: true };

async function compare(trees: readonly string[], flags: CompareFlags): Promise<void> {
  const { json, output, ...rest } = flags;
  const resolved = await loadSettings({ ...rest, tests: flags.tests ?? 'include' });
  if (flags.printConfig) {
    await writeStdout(`${JSON.stringify(describeConfig(resolved), null, 2)}\n`);
    return;
  }
  const [a, b] = trees;
  if (a === undefined || b === undefined || trees.length > 2) {
    throw new SimcodeError('bad-option', `Two trees are compared, not ${trees.length}.`, { hint: 'For example: simcode compare old/ new/' });
  }
  // a purpose asked for wins over the threshold of a configuration file
  const { threshold: configured, ...others } = resolved.config;
  const threshold = flags.threshold ?? (flags.purpose === undefined ? configured : undefined);
  const settings = { ...others, ...(threshold !== undefined && { threshold }) };
  const { runCompare } = await import('../comparing.ts');
  const quiet = flags.quiet ?? false;
  const progress = createProgress(process.stderr, wantsProgress(process.stderr, quiet, process.env));
  try {
    const found = await runCompare({ a, b, ignoreCommon: flags.ignoreCommon ?? [], purpose: flags.purpose ?? 'default' }, settings, progress.onEvent);
    progress.close();
    if (!quiet) process.stderr.write(notices({ warnings: warningsOf(found), skips: [] }, flags.verbose ?? false, painter(wantsColor(process.stderr, flags.color, process.env))));
    const text = json ? `${escapeJson(JSON.stringify(found, null, 2))}\n` : await forPeople(found, resolved.config.top, flags, output);
    await (output === undefined ? writeStdout(text) : writeReportFile(output, text));
  } finally {
    progress.close();
  }
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
