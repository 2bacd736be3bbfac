import { describe, expect, it } from 'vitest';
import { createProgram } from '../../src/cli/program.ts';
import { describeConfig, resolveConfig } from '../../src/config/resolve.ts';
import { simcode } from './run.ts';

const commands = createProgram(() => undefined).commands;

describe('help', () => {
  it('lists the commands', async () => {
    const { code, stdout } = await simcode(['--help']);
    expect(code).toBe(0);
    for (const command of commands) expect(stdout).toMatch(new RegExp(`^  ${command.name()} .*\\S`, 'm'));
    expect(stdout).toContain('Examples:');
    expect(stdout).toContain('Exit codes:');
  });

  it.each(commands.map((command) => [command.name(), command] as const))('lists every option of %s, each with a description', (_, command) => {
    let stdout = '';
    command.configureOutput({ writeOut: (text) => (stdout += text) }).outputHelp();
    for (const option of command.options.filter(({ hidden }) => !hidden)) {
      expect(option.description).not.toBe('');
      expect(stdout).toContain(option.flags);
    }
    expect(stdout).toContain('Examples:');
  });

  it('of a command goes to stdout', async () => {
    const { code, stdout, stderr } = await simcode(['scan', '--help']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^Usage: simcode scan \[options\] \[paths\.\.\.\]\n/);
  });

  it('has the options of scan that were promised', () => {
    const scan = commands.find((command) => command.name() === 'scan');
    expect(scan?.options.map((option) => option.long).join(' ')).toBe(
      '--include --exclude --lang --max-file-size --tests --include-vendored --include-generated --no-git --threshold --min-lines --min-tokens --cross-language --rule' +
      ' --index --model --instruction --config --print-config --device --dtype --dims --embed-url --pull --offline --threads --no-cache --blame --profile --store --format --json --output --top' +
      ' --color --no-color --quiet --verbose --debug',
    );
  });

  it('names the defaults that are in force', () => {
    const scan = commands.find((command) => command.name() === 'scan');
    const described = Object.fromEntries((scan?.options ?? []).map((option) => [option.attributeName(), option.description]));
    const { settings } = describeConfig(resolveConfig({})) as { settings: Record<string, unknown> };
    for (const name of ['tests', 'minLines', 'minTokens', 'index', 'model', 'device', 'top']) {
      expect(described[name]).toContain(`(default ${String(settings[name])})`);
    }
  });

  it('prints versions of simcode, model and grammars', async () => {
    const { code, stdout } = await simcode(['--version']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^simcode \d+\.\d+\.\d+\nmodel mini \S+\ngrammar /);
    expect(stdout).toMatch(/^grammar python +tree-sitter-python \d+\.\d+\.\d+$/m);
  });
});

describe('--print-config', () => {
  it('says what is in force and where it comes from, without a model', async () => {
    const { code, stdout } = await simcode(
      ['scan', '--print-config', '--min-lines', '9', '--exclude', 'a/**', '--exclude', 'b/**', '--lang', 'python,go', '--max-file-size', '2kb', '--no-git', '--include-vendored', '--json', '--rule', 'parallel=off,accessor=on'],
      { env: { SIMCODE_MIN_TOKENS: '44', SIMCODE_MIN_LINES: '8' } },
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      settings: { minLines: 9, minTokens: 44, exclude: ['a/**', 'b/**'], languages: ['python', 'go'], maxFileSize: 2048, git: false, includeVendored: true, cache: true, format: ['json'], top: 20, rules: { parallel: false, accessor: true, short: true } },
      sources: { 'rules.parallel': 'flag', 'rules.short': 'default', minLines: 'flag', minTokens: 'env SIMCODE_MIN_TOKENS', git: 'flag', cache: 'default', top: 'default' },
    });
  });
});
