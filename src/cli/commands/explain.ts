import type { Command } from '@commander-js/extra-typings';
import { Option } from '@commander-js/extra-typings';
import { describeConfig } from '../../config/resolve.ts';
import { SimcodeError } from '../../errors.ts';
import { parsePlace } from '../../explain/place.ts';
import type { Explanation } from '../../explain/schema.ts';
import { escapeJson } from '../../report/escape.ts';
import { painter, wantsColor } from '../colors.ts';
import type { AnalysisFlags } from '../config.ts';
import { loadSettings } from '../config.ts';
import { addAnalysisOptions, addGlobalOptions } from '../options.ts';
import { writeReportFile, writeStdout } from '../output.ts';
import { collect, integerIn } from '../parsers.ts';
import { textWidth } from '../reports.ts';
import { createProgress, wantsProgress } from '../progress.ts';

const help = `
Tells the type, what proposed the pair (the model, token structure or both), what each feature adds to the log-odds,
which names were renamed, what differs, what a common helper would have to be told, and shows both side by side.
A class is looked up in a new scan of the same folder, which reads its vectors from the cache.

Examples:
  simcode explain 3f9a0c             the class that scan prints with this id
  simcode explain 3f9a0c --in src    as found by simcode scan src
  simcode explain src/cart.ts:12 src/order.ts:40
  simcode explain service/csv.py:8 web/csv.ts:15 --json`;

/** `simcode explain <class-id | path:line path:line>`: why functions count as clones, and what to do about it. */
export function addExplainCommand(program: Command): void {
  const command = addAnalysisOptions(
    program.command('explain').usage('[options] <class-id | path:line path:line>')
      .description('Why functions count as clones: the evidence, what differs, how to merge them.')
      .argument('[what...]', 'a class id (or how it begins), or two functions as path:line'),
  );
  command.addOption(new Option('--in <path>', 'file or folder that was scanned, for a class (repeatable, default: this folder)').argParser(collect));
  for (const option of [
    new Option('--pairs <n>', 'members of a class shown beside its representative, least alike first, 0 for all (default 1)').argParser(integerIn(0, 10_000)),
    new Option('--json', 'the explanation as JSON'),
    new Option('-o, --output <file>', 'write there instead of to stdout'),
  ]) command.addOption(option.helpGroup('Output:'));
  addGlobalOptions(command);
  command.addHelpText('after', help).action(async (what, _flags, self) => explain(what, self.optsWithGlobals()));
}

type ExplainFlags = AnalysisFlags & { readonly in?: string[]; readonly pairs?: number; readonly printConfig?: true };

async function explain(what: readonly string[], flags: ExplainFlags): Promise<void> {
  const { json, output, ...rest } = flags;
  const resolved = await loadSettings(rest);
  if (flags.printConfig) {
    await writeStdout(`${JSON.stringify(describeConfig(resolved), null, 2)}\n`);
    return;
  }
  const request = parseRequest(what);
  const { config } = resolved;
  const { explainClass, explainPlaces } = await import('../explaining.ts');
  const progress = createProgress(process.stderr, wantsProgress(process.stderr, flags.quiet ?? false, process.env));
  try {
    const found = request.kind === 'class'
      ? await explainClass(request.id, flags.in ?? [], flags.pairs ?? 1, config, progress.onEvent)
      : await explainPlaces(request.places, config, progress.onEvent);
    progress.close();
    const text = json ? `${escapeJson(JSON.stringify(found, null, 2))}\n` : await forPeople(found, flags, output);
    await (output === undefined ? writeStdout(text) : writeReportFile(output, text));
  } finally {
    progress.close();
  }
}

type Request =
  | { readonly kind: 'class'; readonly id: string }
  | { readonly kind: 'places'; readonly places: readonly [NonNullable<ReturnType<typeof parsePlace>>, NonNullable<ReturnType<typeof parsePlace>>] };

function parseRequest(what: readonly string[]): Request {
  const [first, second] = what;
  const hint = 'For example: simcode explain 3f9a0c, or simcode explain src/cart.ts:12 src/order.ts:40';
  if (first === undefined || what.length > 2) throw new SimcodeError('bad-option', 'Give one class id, or two functions as path:line.', { hint });
  const place = parsePlace(first);
  if (second === undefined) {
    if (place !== undefined) throw new SimcodeError('bad-option', `${first} is one function; a pair needs two.`, { hint });
    return { kind: 'class', id: first };
  }
  const other = parsePlace(second);
  if (place === undefined || other === undefined) {
    throw new SimcodeError('bad-option', `${place === undefined ? first : second} is no place: a path, a colon and a line are needed.`, { hint });
  }
  return { kind: 'places', places: [place, other] };
}

async function forPeople(found: Explanation, flags: ExplainFlags, output: string | undefined): Promise<string> {
  const { renderExplanation } = await import('../../explain/render.ts');
  return renderExplanation(found, {
    width: textWidth(output, 50), verbose: flags.verbose ?? false,
    paint: painter(output === undefined && wantsColor(process.stdout, flags.color, process.env)),
  });
}
