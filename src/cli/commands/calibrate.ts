import type { Command } from '@commander-js/extra-typings';
import { access, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { SimcodeError } from '../../errors.ts';
import { parseDataset } from '../../eval/dataset.ts';
import { count } from '../../messages.ts';
import { addGlobalOptions, type GlobalFlags } from '../options.ts';
import { writeReportFile, writeStdout } from '../output.ts';
import { integerIn } from '../parsers.ts';
import { createProgress, wantsProgress } from '../progress.ts';

const help = `
Pairs are JSON lines {a, b, label, lang | lang_a, lang_b}: two functions as text, and whether a reviewer calls them a
clone. The result turns the model's cosine and what the texts share into a probability, with the lowest threshold that
keeps a precision of 0.95 on pairs held out. Hard pairs (same shape, another job) matter more than many easy ones.

Examples:
  simcode calibrate pairs.jsonl --model models/ours
  simcode calibrate pairs.jsonl -o calibration.json      what it would be for the model in the package`;

/** `simcode calibrate <pairs.jsonl>`: fits the calibration.json of a model. */
export function addCalibrateCommand(program: Command): void {
  const command = program.command('calibrate')
    .description('Fit how a model\'s cosine becomes a probability, on labelled pairs.')
    .argument('<pairs>', 'JSON-lines file of labelled pairs')
    .option('--model <name>', 'model folder or name', 'mini')
    .option('-o, --output <file>', 'write there instead of to calibration.json in the model folder')
    .option('--force', 'replace a calibration that is there')
    .option('--device <name>', 'where the model runs', 'auto')
    .option('--threads <n>', 'most cores to use (default: all)', integerIn(1, 1024))
    .option('--no-cache', 'neither read nor write the vector cache');
  addGlobalOptions(command);
  command.addHelpText('after', help).action(async (pairs, _flags, self) => run(pairs, self.optsWithGlobals()));
}

interface CalibrateFlags extends GlobalFlags {
  readonly model: string;
  readonly output?: string | undefined;
  readonly force?: true | undefined;
  readonly device: string;
  readonly threads?: number | undefined;
  readonly cache: boolean;
}

async function run(file: string, flags: CalibrateFlags): Promise<void> {
  const target = await targetOf(flags);
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new SimcodeError('bad-input', `Cannot read the pairs ${file}`, { hint: 'Give a JSON-lines file; see simcode calibrate --help.', cause });
  });
  const dataset = parseDataset(basename(file), text);
  if (dataset.kind !== 'pairs') throw new SimcodeError('bad-input', `${file} holds no labelled pairs.`, { hint: 'Rows are {a, b, label, lang | lang_a, lang_b}.' });
  const { fitModel } = await import('../calibrating.ts');
  const progress = createProgress(process.stderr, wantsProgress(process.stderr, flags.quiet ?? false, process.env));
  try {
    const { calibration, quality, skipped } = await fitModel(dataset, flags, progress.onEvent);
    progress.close();
    await writeReportFile(target, `${JSON.stringify(calibration, null, 2)}\n`);
    const left = skipped === 0 ? '' : ` ${count(skipped, 'row')} left out: the same code twice, or code that cannot be parsed.`;
    await writeStdout(`Wrote ${target}: ${count(quality.pairs, 'pair')}, ${count(quality.clones, 'clone')}; on pairs held out Brier score ${quality.brier.toFixed(3)},`
      + ` precision ${quality.precision.toFixed(3)} and recall ${quality.recall.toFixed(3)} at threshold ${calibration.threshold}.${left}\n`);
  } finally {
    progress.close();
  }
}

async function targetOf({ model, output, force }: CalibrateFlags): Promise<string> {
  if (output === undefined && model === 'mini') {
    throw new SimcodeError('bad-option', 'The calibration of the model in the package is not replaced.', { hint: 'Say where to write: -o calibration.json, or name another --model.' });
  }
  const { modelDir } = await import('../wiring.ts');
  const target = output ?? join(await modelDir(model), 'calibration.json');
  const exists = await access(target).then(() => true, () => false);
  if (exists && force !== true) throw new SimcodeError('bad-option', `${target} exists already.`, { hint: 'Replace it with --force, or write elsewhere with -o.' });
  return target;
}
