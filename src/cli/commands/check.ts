import type { Command } from '@commander-js/extra-typings';
import { Option } from '@commander-js/extra-typings';
import { describeConfig } from '../../config/resolve.ts';
import type { CloneType, ScanResult, Warning } from '../../types.ts';
import { painter, wantsColor } from '../colors.ts';
import type { AnalysisFlags } from '../config.ts';
import { loadSettings } from '../config.ts';
import type { GateRequest } from '../gate.ts';
import { notices } from '../notices.ts';
import { addAnalysisOptions, addGlobalOptions, outputOptions } from '../options.ts';
import { writeStdout } from '../output.ts';
import { integerIn, numberIn, oneOf } from '../parsers.ts';
import type { SetExitCode } from '../program.ts';
import { createProgress, wantsProgress } from '../progress.ts';
import { reportTargets, writeReports } from '../reports.ts';
import { typeList } from '../type-list.ts';

const help = `
Old is what the baseline holds, or what was there at the merge base (--against), or what no changed line touches
(--since, --staged, --changed). The whole tree is read in any case. Entries that the baseline accepts count everywhere.

Examples:
  simcode baseline && git add .simcode-baseline.json     once: what is there may stay
  simcode check                                          fails on clones that are not in it
  simcode check --against origin/main                    in a pull request, without a baseline
  simcode check --staged                                 in a pre-commit hook
  simcode check -f gate -f sarif=simcode.sarif           several reports at once

Exit codes: 0 no new clones, 1 new clones, 2 could not run, or nothing was analysed.`;

/** `simcode check [paths…]`: fails on new clones, and only on those. */
export function addCheckCommand(program: Command, exit: SetExitCode): void {
  const command = addAnalysisOptions(
    program.command('check').description('Fail on new clones, and only on those (for CI and hooks).').argument('[paths...]', 'files and folders (default: this folder)'),
  );
  for (const option of gateOptions()) command.addOption(option.helpGroup('What is new:'));
  for (const option of outputOptions()) command.addOption(option);
  addGlobalOptions(command);
  command.addHelpText('after', help).action(async (paths, _flags, self) => check(paths, self.optsWithGlobals(), exit));
}

function gateOptions(): readonly Option[] {
  return [
    new Option('--baseline <file>', 'what may stay (default .simcode-baseline.json)').conflicts(['against']),
    new Option('--against <ref>', 'compare with the merge base with this ref, read from git').conflicts(['since', 'staged', 'changed']),
    new Option('--since <ref>', 'only lines changed since the merge base with this ref').conflicts(['staged', 'changed']),
    new Option('--staged', 'only staged lines; files are read from the index').conflicts(['changed']),
    new Option('--changed', 'only lines changed since the default branch'),
    new Option('--max-new <n>', 'new classes allowed (default 0)').argParser(integerIn(0, 1_000_000)),
    new Option('--min-similarity <share>', 'only new members at least this much like their twin, 0 to 1').argParser(numberIn(0, 1)),
    new Option('--types <list>', 'only these clone types, e.g. 1,2,3').argParser(typeList),
    new Option('--fail-on <what>', 'drift: fail also when only one of two copies was changed (with --against)').argParser(oneOf(['drift'])),
    new Option('--report-unused', 'warn of simcode-ignore comments that suppress nothing'),
    new Option('--fail-on-empty', 'fail with 2 when nothing was analysed (always on)').hideHelp(),
    new Option('--exit-zero', 'end with 0 even when there are new clones'),
  ];
}

interface CheckFlags extends AnalysisFlags {
  readonly printConfig?: true;
  readonly baseline?: string;
  readonly against?: string;
  readonly since?: string;
  readonly staged?: true;
  readonly changed?: true;
  readonly maxNew?: number;
  readonly minSimilarity?: number;
  readonly types?: readonly CloneType[];
  readonly failOn?: 'drift';
  readonly reportUnused?: true;
  readonly exitZero?: true;
}

async function check(paths: readonly string[], flags: CheckFlags, exit: SetExitCode): Promise<void> {
  const resolved = await loadSettings(flags);
  const { config, sources } = resolved;
  const targets = reportTargets({ ...config, format: sources['format'] === 'default' ? ['gate'] : config.format });
  if (flags.printConfig) {
    await writeStdout(`${JSON.stringify(describeConfig(resolved), null, 2)}\n`);
    return;
  }
  const [{ openScanner }, { runGate }] = await Promise.all([import('../wiring.ts'), import('../gate.ts')]);
  const quiet = flags.quiet ?? false;
  const progress = createProgress(process.stderr, wantsProgress(process.stderr, quiet, process.env));
  const scanner = await openScanner({ ...config, paths }, { onEvent: progress.onEvent, text: false });
  try {
    const judged = await runGate(scanner, requestOf(flags));
    progress.close();
    const result = flags.reportUnused === true ? withUnused(judged) : judged;
    const paint = painter(wantsColor(process.stderr, flags.color, process.env));
    if (!quiet) process.stderr.write(notices(result, flags.verbose ?? false, paint));
    await writeReports(targets, result, config.top, flags);
    exit(flags.exitZero === true ? 0 : judged.verdict.exitCode);
  } finally {
    progress.close();
    await scanner.close();
  }
}

function requestOf(flags: CheckFlags): GateRequest {
  const { baseline, against, since, staged, changed, maxNew, minSimilarity, types, failOn } = flags;
  return {
    baseline, against, since, staged: staged ?? false, changed: changed ?? false, failOnDrift: failOn === 'drift',
    ...(maxNew === undefined ? {} : { maxNew }), ...(minSimilarity === undefined ? {} : { minSimilarity }), ...(types === undefined ? {} : { types }),
  };
}

function withUnused(result: ScanResult): ScanResult {
  const unused = (result.verdict?.unused ?? []).map(({ path, line, reason }): Warning => (
    { code: 'unused-suppression', path, message: `line ${line}: simcode-ignore suppresses nothing any more ("${reason}"); take it out` }));
  return { ...result, warnings: [...result.warnings, ...unused] };
}
