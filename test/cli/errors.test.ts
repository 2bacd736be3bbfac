import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SimcodeError } from '../../src/errors.ts';
import { describeError } from '../../src/cli/main.ts';
import { createProgram } from '../../src/cli/program.ts';
import { plain } from '../../src/report/options.ts';
import { simcode, temporaryFolder } from './run.ts';

const folder = temporaryFolder();

/** What a command line that cannot run tells the user; without a process of its own, as there are many to try. */
async function complaint(args: readonly string[]): Promise<string> {
  const error: unknown = await createProgram(() => undefined).parseAsync([...args], { from: 'user' }).then(() => 'ran', (thrown: unknown) => thrown);
  return describeError(error, args, plain, false);
}

describe('a run that could not be done', () => {
  it.each([
    [['scan', '--json', '--zzz'], /^error: unknown option '--zzz'\n/],
    [['scna'], /^error: unknown command 'scna'\nhint: Did you mean scan\?\n$/],
    [['src'], /^error: unknown command 'src'\nhint: .*simcode scan <folder>/],
    [['scan', '--treshold', '1'], /^error: unknown option '--treshold'\nhint: Did you mean --threshold\?\n$/],
    [['scan', '--zzz'], /^error: unknown option '--zzz'\nhint: See simcode scan --help\.\n$/],
    [['scan', '--threshold', '1.5'], /--threshold.*'1.5'.*from 0 to 1\.\nhint: /],
    [['scan', '--threshold', 'NaN'], /from 0 to 1/],
    [['scan', '--threshold'], /argument missing\nhint: /],
    [['scan', '--min-lines', '2.5'], /whole number from 1 to 10000/],
    [['scan', '--min-tokens', '-3'], /whole number/],
    [['scan', '--top', '1e3'], /whole number/],
    [['scan', '--threads', '0'], /from 1 to 1024/],
    [['scan', '--index', 'exct'], /Allowed: auto, exact, hnsw\.\nhint: Did you mean "exact"\?\n$/],
    [['scan', '--device', 'gpux'], /Allowed: auto, cpu/],
    [['scan', '--tests', 'onyl'], /Did you mean "only"/],
    [['scan', '--max-file-size', '1zb'], /such as 500kb or 1mb/],
    [['scan', '--max-file-size', '65mb'], /at most 64mb/],
    [['scan', '-f', 'jsn'], /^error: Unknown report format "jsn"\.\nhint: Did you mean "json"\? Formats: (?=.*\btable\b)(?=.*\bjson\b)(?=.*\bsarif\b)[a-z, ]+\.\n$/],
    [['scan', '-f', 'json', '-f', 'table'], /^error: Both json and table would go to stdout\.\nhint: .*-f table=/],
    [['scan', '-f', 'json=a', '-f', 'table=a'], /^error: Two reports would be written to a\./],
    [['scan', '-f', 'json=a', '-o', 'b'], /^error: Every format has its own file/],
    [['scan', '-f', 'json='], /^error: No file after json=\n/],
    [['scan', 'no/such/folder'], /^error: no\/such\/folder does not exist\nhint: /],
    [['scan', '--config', 'none.json'], /^error: none.json does not exist\nhint: /],
    [['scan', 'fixtures/demo', '--lang', 'pyton'], /^error: .*pyton.*\nhint: .*python/],
    [['cache', 'inf'], /^error: unknown command 'inf'\nhint: Did you mean info\?\n$/],
    [['doctor', 'x'], /^error: too many arguments/],
  ])('%j says what is wrong and how to mend it', async (args, words) => {
    expect(await complaint(args)).toMatch(words);
  });

  it.each([[['scan', '--treshold', '1']], [['scan', 'no/such/folder']], [['scan', '-f', 'jsn']]])('%j is exit 2, on stderr alone, without a stack', async (args) => {
    const outcome = await simcode(args);
    expect(outcome).toEqual({ code: 2, stdout: '', stderr: await complaint(args) });
    expect(outcome.stderr).not.toMatch(/^\s+at /m);
  });

  it('shows its usage on stderr when no command is given', async () => {
    const { code, stdout, stderr } = await simcode([]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^Usage: simcode/);
  });

  it.each([
    ['{ "minLine": 4 }', /simcode\.json:1:3: "minLine": no such setting\nhint: Did you mean "minLines"\?/],
    ['{ "threshold": 7 }', /simcode\.json:1:16: "threshold"/],
    ['{ "threshold": ', /simcode\.json:1:/],
  ])('%s in simcode.json is exit 2, with file, line and key', async (text, stderr) => {
    const place = join(folder, 'bad');
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, 'simcode.json'), text);
    expect(await complaint(['scan', '--config', join(place, 'simcode.json')])).toMatch(stderr);
  });

  it('names a wrong variable', async () => {
    expect((await simcode(['scan'], { env: { SIMCODE_THRESHOL: '1' } })).stderr).toMatch(/^error: SIMCODE_THRESHOL .*\nhint: .*SIMCODE_THRESHOLD/);
  });

  it('shows where it was thrown with --debug only', async () => {
    expect((await simcode(['scan', 'no/such', '--debug'])).stderr).toMatch(/\n\s+at /);
  });

  it('cannot write a report: says which and why', async () => {
    const { code, stderr } = await simcode(['scan', 'fixtures/demo/service', '-q', '-o', join('package.json', 'x')], { env: { SIMCODE_CACHE_DIR: folder } });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error: Cannot write the report to package\.json\/x: .*\nhint: /);
  });
});

describe('describeError', () => {
  it('calls what nobody expected a bug, with the stack only for --debug', () => {
    const error = new TypeError('x is \u001b[31mnot\u001b[39m a function', { cause: new Error('deeper') });
    const short = describeError(error, [], plain, false);
    expect(short).toMatch(/^error: x is \\x1b\[31mnot.*\nThis is a bug in simcode\..*--debug\.\n$/);
    expect(describeError(error, [], plain, true)).toMatch(/\n\s+at [\s\S]*caused by: Error: deeper/);
    expect(describeError('thrown text', [], plain, false)).toMatch(/^error: thrown text\n/);
  });

  it('leaves out the hint where there is none, and paints', () => {
    const paint = (style: string, text: string): string => `<${style}>${text}`;
    expect(describeError(new SimcodeError('io', 'disk full'), [], paint, false)).toBe('<red>error: disk full\n');
    expect(describeError(new SimcodeError('io', 'a', { hint: 'b' }), [], paint, false)).toBe('<red>error: a\n<cyan>hint: b\n');
  });
});
