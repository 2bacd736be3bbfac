import { access, mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import type { Command } from '@commander-js/extra-typings';
import { SimcodeError } from '../../errors.ts';
import { BASELINE_FILE, writeWhole } from '../../io/baseline-file.ts';
import type { CiName, InitFile } from '../init-files.ts';
import { ciNames, initFiles } from '../init-files.ts';
import type { GlobalFlags } from '../options.ts';
import { addGlobalOptions } from '../options.ts';
import { writeStdout } from '../output.ts';
import { oneOf } from '../parsers.ts';

const help = `
Files that are there already are left as they are. Nothing is written before you have seen it and said yes.

Examples:
  simcode init                     for GitHub Actions
  simcode init --ci gitlab --yes
  simcode init --dry-run           show the files, write nothing`;

interface InitFlags extends GlobalFlags {
  readonly ci: CiName;
  readonly yes?: true;
  readonly dryRun?: true;
}

/** `simcode init`: configuration, CI workflow and baseline, after showing them. */
export function addInitCommand(program: Command, writeBaseline: () => Promise<void>): void {
  const command = program.command('init').description('Set up simcode here: configuration, CI workflow and baseline.')
    .option('--ci <name>', 'github, gitlab or none', oneOf(ciNames), 'github' as const)
    .option('--yes', 'write without asking')
    .option('--dry-run', 'only show what would be written');
  addGlobalOptions(command);
  command.addHelpText('after', help).action(async (_flags, self) => init(self.optsWithGlobals(), writeBaseline));
}

async function init(flags: InitFlags, writeBaseline: () => Promise<void>): Promise<void> {
  const files = initFiles(flags.ci);
  const present = await Promise.all([...files.map(({ path }) => path), BASELINE_FILE].map(exists));
  const missing = files.filter((_, at) => present[at] !== true);
  const lacksBaseline = present[files.length] !== true;
  await writeStdout(preview(files, present, lacksBaseline));
  if (flags.dryRun === true || (missing.length === 0 && !lacksBaseline)) return;
  if (flags.yes !== true && !(await confirmed())) return;
  for (const { path, text } of missing) {
    await mkdir(dirname(resolve(path)), { recursive: true });
    await writeWhole(resolve(path), text);
  }
  if (lacksBaseline) await writeBaseline();
  await writeStdout(`Done. Commit these files, then try: simcode check\n`);
}

function preview(files: readonly InitFile[], present: readonly boolean[], lacksBaseline: boolean): string {
  const blocks = files.map(({ path, text }, at) => (present[at] === true ? `${path}: there already, left as it is\n` : `${path}:\n${text.replace(/^(?=.)/gm, '  ')}`));
  blocks.push(lacksBaseline ? `${BASELINE_FILE}: the clones that are there now, one a line\n` : `${BASELINE_FILE}: there already, left as it is\n`);
  return `${blocks.join('\n')}\n`;
}

async function confirmed(): Promise<boolean> {
  if (process.stdin.isTTY !== true) {
    throw new SimcodeError('bad-option', 'There is nobody to ask here', { hint: 'Add --yes to write these files, or --dry-run to only see them.' });
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question('Write these files? [y/N] ')).trim());
  } finally {
    terminal.close();
  }
}

async function exists(path: string): Promise<boolean> {
  return access(resolve(path)).then(() => true, () => false);
}
