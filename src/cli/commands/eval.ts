import type { Command } from '@commander-js/extra-typings';
import { Option } from '@commander-js/extra-typings';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { SimcodeError } from '../../errors.ts';
import type { Dataset } from '../../eval/dataset.ts';
import { parseDataset } from '../../eval/dataset.ts';
import type { EvaluationRequest } from '../evaluation.ts';
import { addGlobalOptions, modelOptions, type GlobalFlags } from '../options.ts';
import { writeReportFile, writeStdout } from '../output.ts';
import { collect } from '../parsers.ts';
import { createProgress, wantsProgress } from '../progress.ts';

const help = `
A dataset is JSON lines: {id, task, lang, code, source?, family?} (functions of one task are clones of each other;
same family, other task: neither right nor wrong), pairs {a, b, label, lang | lang_a, lang_b}, or triples
{anchor, positive, negative, lang}: the positive should be more like the anchor than the negative is.
MAP@R, MRR and P@1 are given for all candidates, the same language, other languages and other sources; pairs get AUC,
AP, best F1, recall at precision 0.9 and 0.99, and precision, recall and F1 at the default threshold. Brackets hold 95 %
bootstrap intervals; texts/s counts what the model was run on (with --no-cache: everything).

Examples:
  simcode eval functions.jsonl
  simcode eval functions.jsonl --mask-names definitions --model mini --model tfidf --model ./minilm
  simcode eval functions.jsonl --model qwen3-embedding-0.6b --instruction none --instruction clone
  simcode eval pairs.jsonl --json -o scores.json`;

/** `simcode eval <datasets…>`: how well a model finds clones, on labelled data. */
export function addEvalCommand(program: Command): void {
  const command = program.command('eval')
    .description('measure how well models find the clones of a labelled dataset')
    .argument('<datasets...>', 'JSON-lines files')
    .option('--model <name>', 'mini, tfidf (the baseline), a model of simcode models list, a hub id or a model folder (repeatable, default mini)', collect)
    .addOption(new Option('--mask-names [what]', 'rename own names first: all (parameters and locals too) or definitions (functions and classes)')
      .choices(['all', 'definitions']).preset('all'))
    .option('--by-language', 'a table of MAP@R per pair of languages too')
    .option('--instruction <text>', 'clone, plagiarism, search, none, or your own words (repeatable: one line each)', collect)
    .option('--json', 'the scores as JSON')
    .option('-o, --output <file>', 'write there instead of to stdout');
  for (const option of modelOptions()) command.addOption(option);
  addGlobalOptions(command);
  command.addHelpText('after', help).action(async (datasets, _flags, self) => run(datasets, self.optsWithGlobals()));
}

interface EvalFlags extends GlobalFlags, Omit<EvaluationRequest, 'mask' | 'instructions' | 'embedUrls' | 'onEvent'> {
  readonly model?: string[] | undefined;
  readonly maskNames?: true | string | undefined;
  readonly byLanguage?: true | undefined;
  readonly instruction?: string[] | undefined;
  readonly embedUrl?: string[] | undefined;
  readonly json?: true | undefined;
  readonly output?: string | undefined;
}

async function run(files: readonly string[], flags: EvalFlags): Promise<void> {
  const datasets: Dataset[] = [];
  for (const file of files) datasets.push(parseDataset(basename(file), await read(file)));
  const { evaluateAll } = await import('../evaluation.ts');
  const progress = createProgress(process.stderr, wantsProgress(process.stderr, flags.quiet ?? false, process.env));
  try {
    const results = await evaluateAll(datasets, flags.model ?? ['mini'], {
      ...flags, instructions: flags.instruction ?? [], embedUrls: flags.embedUrl ?? [], mask: flags.maskNames === undefined ? undefined : flags.maskNames === 'definitions' ? 'definitions' : 'all', onEvent: progress.onEvent,
    });
    progress.close();
    const { evalTable } = await import('../../eval/table.ts');
    const text = flags.json ? `${JSON.stringify({ schemaVersion: 1, results }, null, 2)}\n` : evalTable(results, flags.byLanguage ?? false);
    await (flags.output === undefined ? writeStdout(text) : writeReportFile(flags.output, text));
  } finally {
    progress.close();
  }
}

async function read(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: unknown) => {
    throw new SimcodeError('bad-input', `Cannot read the dataset ${file}`, { hint: 'Give a JSON-lines file; see simcode eval --help.', cause });
  });
}
