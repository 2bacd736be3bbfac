import type { Command } from '@commander-js/extra-typings';
import { escapeText } from '../../report/escape.ts';
import type { Painter, Style } from '../../report/options.ts';
import { version } from '../../version.ts';
import type { Check } from '../checks.ts';
import { painter, wantsColor } from '../colors.ts';
import type { GlobalFlags } from '../options.ts';
import { addGlobalOptions } from '../options.ts';
import { writeStdout } from '../output.ts';
import type { SetExitCode } from '../program.ts';

const help = `
Every part is tried out: the model embeds a text and is compared with a recorded vector, every grammar is loaded.

Examples:
  simcode doctor
  simcode doctor --json > doctor.json

Exit codes: 0 simcode can run (warnings name what works less well), 2 something essential fails.`;

/** `simcode doctor`: what works on this machine and how to mend what does not. */
export function addDoctorCommand(program: Command, exit: SetExitCode): void {
  const command = program.command('doctor').description('Check what simcode needs, and say how to mend what fails.').option('--json', 'as JSON');
  addGlobalOptions(command);
  command.addHelpText('after', help).action(async (_flags, self) => {
    const flags: GlobalFlags & { readonly json?: true } = self.optsWithGlobals();
    const { runChecks } = await import('../checks.ts');
    const checks = await runChecks();
    const paint = painter(wantsColor(process.stdout, flags.color, process.env));
    const failed = checks.some((check) => check.status === 'fail');
    await writeStdout(flags.json ? `${JSON.stringify({ version, ok: !failed, checks }, null, 2)}\n` : checkLines(checks, paint));
    if (failed) exit(2);
  });
}

const colors: Readonly<Record<Check['status'], Style>> = { ok: 'green', warn: 'yellow', fail: 'red' };

function checkLines(checks: readonly Check[], paint: Painter): string {
  const width = Math.max(...checks.map((check) => check.name.length));
  const lines = checks.flatMap(({ name, status, message, hint }) => [
    `${paint(colors[status], status.padEnd(4))}  ${name.padEnd(width)}  ${escapeText(message)}`,
    ...(hint === undefined ? [] : [`${' '.repeat(width + 8)}${paint('cyan', 'hint:')} ${escapeText(hint)}`]),
  ]);
  return `${lines.join('\n')}\n`;
}
