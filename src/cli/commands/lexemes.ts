import { Option, type Command } from '@commander-js/extra-typings';

import { SimcodeError } from '../../errors.ts';
import { integerIn } from '../parsers.ts';

const help = `
Rows of a dataset are JSON objects with id, lang and code; each comes back as {id, lang, lexemes, names}.
Functions found under paths come back as {path, lang, kind, name, startLine, endLine, doc?, text, lexemes, names}.
names[i] tells whose name lexeme i is part of: k > 0 the k-th name that the code binds (parameters, locals),
-k the k-th function or class it defines, 0 none of its own.

Examples:
  simcode lexemes src -o functions.jsonl
  simcode lexemes --dataset rows.jsonl -o lexemes.jsonl`;

/** `simcode lexemes`: the model's input for functions or for the rows of a dataset, as JSON lines. */
export function addLexemesCommand(program: Command): void {
  program
    .command('lexemes')
    .description('write the token stream that the model reads, one JSON line a function')
    .argument('[paths...]', 'files and folders to read')
    .addOption(new Option('--dataset <file>', 'JSON lines {id, lang, code} instead of files'))
    .option('-o, --output <file>', 'where to write (default: stdout)')
    .option('--min-lines <n>', 'leave out functions with fewer lines', integerIn(1, 10_000), 5)
    .option('--min-tokens <n>', 'leave out functions with fewer code tokens', integerIn(1, 100_000), 30)
    .addHelpText('after', help)
    .action(async (paths, options) => {
      if ((options.dataset === undefined) === (paths.length === 0)) {
        throw new SimcodeError('bad-option', 'Give either paths or --dataset', { hint: 'See simcode lexemes --help.' });
      }
      const { writeLexemes } = await import('../lexing.ts');
      const { minLines, minTokens, dataset, output } = options;
      await writeLexemes(dataset === undefined ? { paths } : { dataset }, { minLines, minTokens }, output);
    });
}
