import { CommanderError } from 'commander';
import { SimcodeError } from '../errors.ts';
import { escapeText } from '../report/escape.ts';
import type { Painter } from '../report/options.ts';
import { painter, wantsColor } from './colors.ts';
import { tolerateClosedPipes } from './output.ts';
import { createProgram } from './program.ts';

/**
 * Runs one command line.
 * @param argv arguments after the program's name
 * @returns exit code: 0 clean, 1 the gate found new clones, 2 could not run
 */
export async function main(argv: readonly string[]): Promise<number> {
  tolerateClosedPipes();
  let exitCode = 0;
  try {
    await createProgram((code) => (exitCode = code)).parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    const flag = argv.includes('--no-color') ? false : argv.includes('--color') ? true : undefined;
    const paint = painter(wantsColor(process.stderr, flag, process.env));
    const debug = argv.includes('--debug') || Boolean(process.env['SIMCODE_DEBUG']);
    process.stderr.write(describeError(error, argv, paint, debug));
    return 2;
  }
}

/** What a user reads when a run could not be done: what, where, how to mend it. */
export function describeError(error: unknown, argv: readonly string[], paint: Painter, debug: boolean): string {
  const lines: string[] = [];
  if (error instanceof CommanderError) {
    if (error.code === 'commander.help') return '';
    const [message = '', suggestion] = splitSuggestion(error.message);
    lines.push(`${paint('red', 'error:')} ${safe(message)}`, `${paint('cyan', 'hint:')} ${safe(suggestion ?? helpHint(argv))}`);
  } else if (error instanceof SimcodeError) {
    lines.push(`${paint('red', 'error:')} ${safe(error.message)}`);
    if (error.hint !== undefined) lines.push(`${paint('cyan', 'hint:')} ${safe(error.hint)}`);
  } else {
    const message = error instanceof Error ? error.message : String(error);
    lines.push(`${paint('red', 'error:')} ${safe(message)}`, 'This is a bug in simcode. Please report it with the output of the same command and --debug.');
  }
  if (debug) lines.push(stackOf(error));
  return `${lines.join('\n')}\n`;
}

/** Commander's `error: message\n(Did you mean --x?)` in two parts. */
function splitSuggestion(text: string): [string, string | undefined] {
  const match = /^(?:error: )?([\s\S]*?)(?:\s*\((Did you mean [^\n]*\?)\))?\s*$/.exec(text);
  return [match?.[1] ?? text, match?.[2]];
}

function helpHint(argv: readonly string[]): string {
  const words = argv.filter((word) => /^[a-z]+$/.test(word)).slice(0, 1);
  const known = createProgram(() => undefined).commands.some((command) => command.name() === words[0]);
  if (known) return `See simcode ${words.join(' ')} --help.`;
  return words.length > 0 || argv.some((word) => !word.startsWith('-'))
    ? 'The commands are listed by simcode --help; to look for clones in a folder: simcode scan <folder>.'
    : 'See simcode --help.';
}

/** Messages may quote paths and keys of a repository: every line is made harmless. */
function safe(text: string): string {
  return text.split('\n').map(escapeText).join('\n');
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const cause = error.cause === undefined ? '' : `\ncaused by: ${stackOf(error.cause) || String(error.cause)}`;
  return safe(`${error.stack ?? error.message}${cause}`);
}
