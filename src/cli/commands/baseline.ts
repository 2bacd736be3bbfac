import { resolve } from 'node:path';
import type { Command } from '@commander-js/extra-typings';
import { SimcodeError } from '../../errors.ts';
import type { Baseline } from '../../gate/baseline.ts';
import { formatBaseline, parseBaseline } from '../../gate/baseline.ts';
import { acceptClass, createBaseline, pruneBaseline, requireSameModel } from '../../gate/write.ts';
import { headerOf } from '../../gate/baseline.ts';
import { BASELINE_FILE, readBaselineText, writeWhole } from '../../io/baseline-file.ts';
import { count } from '../../messages.ts';
import { escapeText } from '../../report/escape.ts';
import type { ScanResult } from '../../types.ts';
import { painter, wantsColor } from '../colors.ts';
import type { AnalysisFlags } from '../config.ts';
import { loadSettings } from '../config.ts';
import { notices } from '../notices.ts';
import { addAnalysisOptions, addGlobalOptions } from '../options.ts';
import { writeStdout } from '../output.ts';
import { createProgress, wantsProgress } from '../progress.ts';

const help = `
The file holds one class a line, sorted; in a merge conflict keep the lines of both sides. Commit it.
Entries under "accepted" are yours: { "members": ["path#name", "path#name"], "reason": "why" }. They are kept when the
rest is written anew.

Examples:
  simcode baseline                                       write it: what is there may stay
  simcode baseline --prune                               drop what is gone, add nothing
  simcode baseline --accept 3fa9c2 --reason "two protocols, will part"
  simcode baseline --migrate                             after a change of the model`;

/** `simcode baseline [paths…]`: writes what may stay. */
export function addBaselineCommand(program: Command): void {
  const command = addAnalysisOptions(
    program.command('baseline').description('Write the clones that are there to a file, so that check fails on new ones only.').argument('[paths...]', 'files and folders (default: this folder)'),
  )
    .optionsGroup('The file:')
    .option('--baseline <file>', 'where it is (default .simcode-baseline.json)')
    .option('--prune', 'only take out what is gone')
    .option('--accept <class>', 'accept one class for good; needs --reason')
    .option('--reason <text>', 'why it is accepted')
    .option('--migrate', 'write a baseline of another model or an older form anew, keeping what is accepted');
  addGlobalOptions(command);
  command.addHelpText('after', help).action(async (paths, _flags, self) => baseline(paths, self.optsWithGlobals()));
}

interface BaselineFlags extends AnalysisFlags {
  readonly baseline?: string;
  readonly prune?: true;
  readonly accept?: string;
  readonly reason?: string;
  readonly migrate?: true;
}

/** Writes the baseline of the working directory; what `simcode baseline` does. */
export async function baseline(paths: readonly string[], flags: BaselineFlags): Promise<void> {
  checkFlags(flags);
  const { config } = await loadSettings(flags);
  const name = flags.baseline ?? BASELINE_FILE;
  const old = await readOld(name, flags);
  const { runScan } = await import('../wiring.ts');
  const progress = createProgress(process.stderr, wantsProgress(process.stderr, flags.quiet ?? false, process.env));
  try {
    const result = await runScan({ ...config, paths }, { onEvent: progress.onEvent, text: false });
    progress.close();
    if (!flags.quiet) process.stderr.write(notices(result, flags.verbose ?? false, painter(wantsColor(process.stderr, flags.color, process.env))));
    if (old !== undefined && flags.migrate !== true) requireSameModel(old.header, result, name);
    const written = rewrite(old, result, flags);
    await writeWhole(resolve(name), formatBaseline(written));
    await writeStdout(summary(name, old, written, flags));
  } finally {
    progress.close();
  }
}

function checkFlags({ prune, accept, reason, migrate }: BaselineFlags): void {
  if ((accept === undefined) !== (reason === undefined) || reason?.trim() === '') {
    throw new SimcodeError('bad-option', 'An accepted class needs a reason', { hint: 'simcode baseline --accept <class> --reason "<why>"' });
  }
  if ([prune, accept, migrate].filter((flag) => flag !== undefined).length > 1) {
    throw new SimcodeError('bad-option', '--prune, --accept and --migrate are three different things', { hint: 'Give one of them.' });
  }
}

async function readOld(name: string, flags: BaselineFlags): Promise<Baseline | undefined> {
  const text = await readBaselineText(resolve(name));
  if (text === undefined) {
    if (flags.prune === undefined && flags.migrate === undefined) return undefined;
    throw new SimcodeError('baseline', `There is no ${name}`, { hint: 'Write one with simcode baseline.' });
  }
  try {
    return parseBaseline(text, name);
  } catch (error) {
    // what cannot be read at all has nothing to keep; --migrate is told to do away with it
    if (flags.migrate === true && error instanceof SimcodeError && /is of form/.test(error.message)) return undefined;
    throw error;
  }
}

function rewrite(old: Baseline | undefined, result: ScanResult, flags: BaselineFlags): Baseline {
  if (flags.prune === true && old !== undefined) return pruneBaseline(old, result);
  if (flags.accept !== undefined && flags.reason !== undefined) {
    return acceptClass(old ?? { header: headerOf(result), accepted: [], known: [] }, result, flags.accept, flags.reason);
  }
  return createBaseline(result, old?.accepted);
}

function summary(name: string, old: Baseline | undefined, written: Baseline, flags: BaselineFlags): string {
  const ids = (entries: Baseline['known']): ReadonlySet<string> => new Set(entries.map(({ id }) => id));
  const [before, after] = [ids(old?.known ?? []), ids(written.known)];
  const added = [...after].filter((id) => !before.has(id)).length;
  const removed = [...before].filter((id) => !after.has(id)).length;
  const change = old === undefined ? '' : ` (${added} added, ${removed} removed)`;
  const done = flags.accept === undefined ? '' : ` Accepted ${escapeText(flags.accept)}.`;
  return `${escapeText(name)}: ${count(written.known.length, 'known class', 'known classes')}${change}, ${written.accepted.length} accepted.${done}\n`;
}
