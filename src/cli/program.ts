import { Command, CommanderError } from '@commander-js/extra-typings';
import { versionLines } from '../version.ts';
import { addBaselineCommand, baseline } from './commands/baseline.ts';
import { addCacheCommand } from './commands/cache.ts';
import { addCalibrateCommand } from './commands/calibrate.ts';
import { addCheckCommand } from './commands/check.ts';
import { addCompareCommand } from './commands/compare.ts';
import { addDoctorCommand } from './commands/doctor.ts';
import { addEvalCommand } from './commands/eval.ts';
import { addExplainCommand } from './commands/explain.ts';
import { addIndexCommand } from './commands/index.ts';
import { addInitCommand } from './commands/init.ts';
import { addLexemesCommand } from './commands/lexemes.ts';
import { addModelsCommand } from './commands/models.ts';
import { addScanCommand } from './commands/scan.ts';
import { addGlobalOptions } from './options.ts';

/** Told by a command that ends with another code than 0. */
export type SetExitCode = (code: number) => void;

const examples = `
Examples:
  simcode scan                        clones in this folder
  simcode scan src lib --threshold 0.9
  simcode scan --json -o clones.json  for programs (schema: simcode/report.schema.json)
  simcode baseline                    what is there may stay …
  simcode check                       … and new clones fail
  simcode doctor                      what works on this machine

Exit codes: 0 done, 1 the gate found new clones, 2 could not run.`;

/** The whole command line, as data; nothing runs until it is given arguments. */
export function createProgram(exit: SetExitCode): Command {
  const program = new Command('simcode')
    .description('Finds code that does the same thing: copies, renamed copies, edited copies and rewrites.')
    .option('-V, --version', 'versions of simcode, its model and its grammars')
    .exitOverride()
    .configureOutput({ outputError: () => undefined })
    .addHelpText('after', examples);
  addGlobalOptions(program);
  program.on('option:version', () => {
    process.stdout.write(versionLines());
    throw new CommanderError(0, 'commander.version', '');
  });
  addScanCommand(program);
  addExplainCommand(program);
  addCompareCommand(program);
  addIndexCommand(program);
  addCheckCommand(program, exit);
  addBaselineCommand(program);
  addInitCommand(program, () => baseline([], {}));
  addDoctorCommand(program, exit);
  addModelsCommand(program);
  addCacheCommand(program);
  addEvalCommand(program);
  addCalibrateCommand(program);
  addLexemesCommand(program);
  return program;
}
