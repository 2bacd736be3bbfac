import type { Command } from '@commander-js/extra-typings';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { SimcodeError } from '../../errors.ts';
import { parseDataset } from '../../eval/dataset.ts';
import type { EvaluationRequest } from '../evaluation.ts';
import { numberIn } from '../parsers.ts';
import { addGlobalOptions, modelOptions, type GlobalFlags } from '../options.ts';
import { writeReportFile, writeStdout } from '../output.ts';
import { createProgress, wantsProgress } from '../progress.ts';

const help = `
A cosine of 0.8 means something else in every model; a calibration turns it, with what the token structure says, into the
probability that a reviewer calls a pair a clone. Rows are {a, b, label, lang | lang_a, lang_b, weight?}.
The result goes beside the model's weights as calibration.json.

Examples:
  simcode calibrate pairs.jsonl --model ./my-model -o ./my-model/calibration.json`;

interface CalibrateFlags extends GlobalFlags, Omit<EvaluationRequest, 'mask' | 'instructions' | 'embedUrls' | 'onEvent'> {
  readonly model: string;
  readonly floor: number;
  readonly instruction?: string | undefined;
  readonly embedUrl?: string[] | undefined;
  readonly output?: string | undefined;
}

/** `simcode calibrate <pairs.jsonl>`: fits what makes similarities of a model comparable. */
export function addCalibrateCommand(program: Command): void {
  const command = program.command('calibrate')
    .description("fit a model's calibration on labelled pairs")
    .argument('<pairs>', 'JSON-lines file of labelled pairs')
    .option('--model <name>', 'mini, a model of simcode models list, a hub id or a model folder', 'mini')
    .option('--instruction <text>', 'for models that take one: clone, plagiarism, none, or your own words')
    .option('--floor <cosine>', 'least cosine at which a scan will have the model propose a pair', numberIn(0.01, 1), 0.5)
    .option('-o, --output <file>', 'write the calibration there instead of to stdout');
  for (const option of modelOptions()) command.addOption(option);
  addGlobalOptions(command);
  command.addHelpText('after', help).action(async (pairs, _flags, self) => run(pairs, self.optsWithGlobals()));
}

async function run(file: string, flags: CalibrateFlags): Promise<void> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new SimcodeError('bad-input', `Cannot read the pairs ${file}`, { hint: 'Give a JSON-lines file; see simcode calibrate --help.', cause });
  });
  const dataset = parseDataset(basename(file), text);
  if (dataset.kind !== 'pairs') throw new SimcodeError('bad-input', `${file} has no pairs`, { hint: 'Rows are {a, b, label, lang | lang_a, lang_b}.' });
  const { calibrateModel } = await import('../evaluation.ts');
  const progress = createProgress(process.stderr, wantsProgress(process.stderr, flags.quiet ?? false, process.env));
  try {
    const { calibration, heldOut } = await calibrateModel(dataset, { ...flags, embedUrls: flags.embedUrl ?? [], onEvent: progress.onEvent });
    progress.close();
    const json = `${JSON.stringify(calibration, null, 2)}\n`;
    await (flags.output === undefined ? writeStdout(json) : writeReportFile(flags.output, json));
    const bins = heldOut.bins.map(({ from, to, forecast, observed }) => `  ${from.toFixed(1)}–${to.toFixed(1)}: said ${forecast.toFixed(3)}, were ${observed.toFixed(3)}`);
    if (!flags.quiet) process.stderr.write(`Brier score ${heldOut.brier.toFixed(4)} on ${heldOut.pairs} pairs not fitted on\n${bins.join('\n')}\n`);
  } finally {
    progress.close();
  }
}
