import { Option, type Command } from '@commander-js/extra-typings';
import { describeConfig } from '../../config/resolve.ts';
import { painter, wantsColor } from '../colors.ts';
import type { AnalysisFlags } from '../config.ts';
import { loadSettings } from '../config.ts';
import { notices } from '../notices.ts';
import type { GlobalFlags } from '../options.ts';
import { addAnalysisOptions, addGlobalOptions, outputOptions } from '../options.ts';
import { writeStdout } from '../output.ts';
import type { OnEvent, ScanResult } from '../../types.ts';
import type { ScanRequest } from '../wiring.ts';
import { createProgress, wantsProgress } from '../progress.ts';
import { PLACES } from '../stores.ts';
import { reportTargets, writeReports } from '../reports.ts';

const help = `
Examples:
  simcode scan                                   this folder
  simcode scan src packages/core --threshold 0.9
  simcode scan --exclude '**/*.test.ts' --top 50
  simcode scan -f table -f json=clones.json      table to the terminal, JSON to a file
  simcode scan --lang python --index exact --no-cache
  simcode scan --store .simcode-index            repositories of a store (see simcode index), without their sources
  simcode scan --store .simcode-index shop auth  … only these two
  simcode scan --blame                           » marks the oldest member by git's history
  simcode scan --profile -q > report.txt         where the time went, on stderr

Options also come from simcode.json, .simcoderc.json or "simcode" in package.json of the working directory, and from
SIMCODE_* variables (SIMCODE_THRESHOLD=0.9). Flags win over variables, variables over the file.
Exit codes: 0 done, with or without clones; 2 could not run, or nothing to analyse.`;

/** `simcode scan [paths…]`: the whole pipeline, then the reports. */
export function addScanCommand(program: Command): void {
  const command = addAnalysisOptions(
    program.command('scan').description('Find clone classes in a tree.').argument('[paths...]', 'files and folders (default: this folder)'),
  );
  command.addOption(new Option('--blame', 'mark the oldest member of each class by git blame as the one to keep (table, JSON)').helpGroup('Output:'));
  command.addOption(new Option('--profile', 'where the time went: stages, waits, skipped work, memory; on stderr and in the JSON report').conflicts('store').helpGroup('Output:'));
  command.addOption(new Option('--store <where>', `scan repositories of a store instead of folders: ${PLACES}; the arguments name repositories, all when there are none; --min-lines, --min-tokens and --lang narrow what was indexed`).conflicts('blame').helpGroup('What is read:'));
  for (const option of outputOptions()) command.addOption(option);
  addGlobalOptions(command);
  command.addHelpText('after', help).action(async (paths, _flags, self) => scan(paths, self.optsWithGlobals()));
}

type ScanFlags = AnalysisFlags & GlobalFlags & { readonly printConfig?: true; readonly blame?: true; readonly profile?: true; readonly store?: string };

async function scan(paths: readonly string[], flags: ScanFlags): Promise<void> {
  const resolved = await loadSettings(flags);
  const { config } = resolved;
  const targets = reportTargets(config);
  if (flags.printConfig) {
    await writeStdout(`${JSON.stringify(describeConfig(resolved), null, 2)}\n`);
    return;
  }
  const quiet = flags.quiet ?? false;
  const progress = createProgress(process.stderr, wantsProgress(process.stderr, quiet, process.env));
  try {
    const scanned = flags.store === undefined ? await scanFolders({ ...config, paths }, progress.onEvent, flags)
      : await (await import('../store-scan.ts')).scanStore(flags.store, paths, config, progress.onEvent);
    const result = flags.blame ? await (await import('../blaming.ts')).withOldest(scanned) : scanned;
    progress.close();
    const paint = painter(wantsColor(process.stderr, flags.color, process.env));
    if (!quiet) process.stderr.write(notices(result, flags.verbose ?? false, paint));
    if (result.profile !== undefined) process.stderr.write((await import('../profile-text.ts')).profileText(result));
    await writeReports(targets, result, config.top, flags);
  } finally {
    progress.close();
  }
}

async function scanFolders(request: ScanRequest, onEvent: OnEvent, { profile }: ScanFlags): Promise<ScanResult> {
  const profiler = profile ? (await import('../profiling.ts')).startProfile() : undefined;
  // loaded late: help, wrong flags and --print-config need no model and no parser
  const { runScan } = await import('../wiring.ts');
  const result = await runScan(request, { onEvent, text: false, watch: profiler?.watch });
  return profiler?.finish(result) ?? result;
}
