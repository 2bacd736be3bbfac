import type { Command } from '@commander-js/extra-typings';
import { Option } from '@commander-js/extra-typings';
import { defaults } from '../config/defaults.ts';
import { ruleNames } from '../config/fields.ts';
import { dtypes } from '../io/models/dtype.ts';
import { byteSize, collect, collectNames, collectSwitches, collectUrls, integerIn, numberIn, oneOf } from './parsers.ts';

/** What every command takes besides its own options. */
export interface GlobalFlags {
  readonly color?: boolean;
  readonly quiet?: true;
  readonly verbose?: true;
  readonly debug?: true;
}

const globalHeading = 'Global options:';

/** Adds the options that every command and the program itself take; read them with `optsWithGlobals()`. */
export function addGlobalOptions<A extends unknown[], O extends Record<string, unknown>, G extends Record<string, unknown>>(
  command: Command<A, O, G>,
): void {
  const options = [
    new Option('--color', 'colour even where the output is no terminal'),
    new Option('--no-color', 'no colour (also: NO_COLOR=1; FORCE_COLOR=1 for the opposite)'),
    new Option('-q, --quiet', 'only the result and errors: no progress, no warnings'),
    new Option('-v, --verbose', 'list every file left out, every warning and every member'),
    new Option('--debug', 'stack traces of errors'),
  ];
  for (const option of options) command.addOption(option.helpGroup(globalHeading));
  command.addHelpOption(new Option('-h, --help', 'this help').helpGroup(globalHeading));
}

/** Adds the options of commands that analyse a tree: what is read, what counts as alike, and how it is found out. */
export function addAnalysisOptions(command: Command<[string[]]>): Command<[string[]]> {
  command
    .optionsGroup('What is read:')
    .option('--include <glob>', 'only files that match (repeatable)', collect)
    .option('--exclude <glob>', 'leave out files that match (repeatable)', collect)
    .option('--lang <names>', 'only these languages, e.g. typescript,python (repeatable)', collectNames)
    .option('--max-file-size <size>', `leave out larger files, e.g. 500kb (default ${defaults.maxFileSize / 1024}kb)`, byteSize)
    .option('--tests <what>', `test code: include, exclude or only (default ${defaults.tests})`, oneOf(['include', 'exclude', 'only']))
    .option('--include-vendored', 'read vendored folders too (node_modules, third_party, …)')
    .option('--include-generated', 'read generated and minified files too')
    .option('--no-git', 'do not ask git which files are ignored; walk the folder with its .gitignore files')
    .optionsGroup('What counts:')
    .option('--threshold <share>', 'least similarity of a pair, 0 to 1: the probability that a reviewer calls it a clone (default: what the model was calibrated for)', numberIn(0, 1))
    .option('--min-lines <n>', `shortest function looked at, in lines (default ${defaults.minLines})`, integerIn(1, 10_000))
    .option('--min-tokens <n>', `smallest function looked at, in tokens (default ${defaults.minTokens})`, integerIn(1, 100_000))
    .option('--cross-language <choice>', 'pairs across languages: on, off or only (default on)', oneOf(['on', 'off', 'only']))
    .option('--rule <name=on|off>', `a noise rule, all on by default: ${ruleNames.join(', ')} (repeatable)`, collectSwitches(ruleNames))
    .optionsGroup('How:')
    .option('--index <kind>', `neighbour search: auto, exact (complete) or hnsw (approximate) (default ${defaults.index})`, oneOf(['auto', 'exact', 'hnsw']))
    .option('--model <name>', `embedding model: mini (in the package), a model of simcode models list, a hub id or a model folder (default ${defaults.model})`)
    .option('--instruction <text>', 'for models that take one: clone, plagiarism, search, none, or your own words (default clone)')
    .option('--config <file>', 'read this configuration file instead of the one in the working directory')
    .option('--print-config', 'print the options in force, where each comes from, and stop');
  for (const option of modelOptions()) command.addOption(option.helpGroup('How:'));
  return command;
}

/** Adds to every command that runs a model: where and how it runs. */
export function modelOptions(): readonly Option[] {
  return [
    new Option('--device <name>', `where the model runs: auto, cpu, cuda, … (see simcode doctor) (default ${defaults.device})`).argParser(oneOf(['auto', 'cpu', 'cuda', 'webgpu', 'dml', 'coreml', 'tensorrt'])),
    new Option('--dtype <name>', 'weights to use where a model has several: fp32, fp16, q8, … (default: what suits the device)').argParser(oneOf(dtypes)),
    new Option('--dims <n>', 'cut vectors to this many dimensions, for models that allow it').argParser(integerIn(1, 65_536)),
    new Option('--embed-url <urls>', 'run the model on OpenAI-compatible servers, e.g. http://localhost:8000/v1; several balanced (repeatable); the key comes from SIMCODE_API_KEY').argParser(collectUrls),
    new Option('--pull', 'download the model first if it is not on this machine (otherwise nothing is ever downloaded)'),
    new Option('--offline', 'never use the network'),
    new Option('--threads <n>', 'most cores to use (default: all)').argParser(integerIn(1, 1024)),
    new Option('--no-cache', 'neither read nor write the vector cache'),
  ];
}

/** Adds the options that say where reports go. */
export function outputOptions(): readonly Option[] {
  return [
    new Option('-f, --format <name[=file]>', 'report format: table, json, gate, sarif, github, gitlab, junit, checkstyle, rdjson or markdown; to stdout or to a file (repeatable)').argParser(collect),
    new Option('--json', 'the same as --format json'),
    new Option('-o, --output <file>', 'write the report there instead of to stdout'),
    new Option('--top <n>', `classes shown in the table, 0 for all (default ${defaults.top})`).argParser(integerIn(0, 1_000_000)),
  ].map((option) => option.helpGroup('Output:'));
}
