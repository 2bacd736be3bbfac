import { describe, expect, it } from 'vitest';
import { painter, wantsColor } from '../../src/cli/colors.ts';
import { simcode } from './run.ts';

const tty = { isTTY: true };
const pipe = {};

describe('wantsColor', () => {
  it.each([
    ['a terminal', tty, undefined, {}, true],
    ['a pipe', pipe, undefined, {}, false],
    ['a pipe in CI', pipe, undefined, { CI: 'true' }, false],
    ['a dumb terminal', tty, undefined, { TERM: 'dumb' }, false],
    ['NO_COLOR', tty, undefined, { NO_COLOR: '1' }, false],
    ['NO_COLOR=0, which is not empty', tty, undefined, { NO_COLOR: '0' }, false],
    ['an empty NO_COLOR', tty, undefined, { NO_COLOR: '' }, true],
    ['NO_COLOR against FORCE_COLOR', tty, undefined, { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
    ['FORCE_COLOR on a pipe', pipe, undefined, { FORCE_COLOR: '1' }, true],
    ['FORCE_COLOR=0', tty, undefined, { FORCE_COLOR: '0' }, false],
    ['FORCE_COLOR=false', tty, undefined, { FORCE_COLOR: 'false' }, false],
    ['an empty FORCE_COLOR', pipe, undefined, { FORCE_COLOR: '' }, false],
    ['--color against NO_COLOR', pipe, true, { NO_COLOR: '1' }, true],
    ['--no-color against FORCE_COLOR', tty, false, { FORCE_COLOR: '1' }, false],
  ])('%s', (_, stream, flag, env, expected) => {
    expect(wantsColor(stream, flag, env)).toBe(expected);
  });
});

describe('painter', () => {
  it('asks nobody else whether to paint', () => {
    expect(painter(true)('red', 'x')).toBe('\u001b[31mx\u001b[39m');
    expect(painter(false)('red', 'x')).toBe('x');
  });
});

describe('errors on stderr', () => {
  it.each([
    [['scan', '--zzz'], { FORCE_COLOR: '1' }, true],
    [['scan', '--zzz', '--color'], { NO_COLOR: '1' }, true],
    [['--no-color', 'scan', '--zzz'], { FORCE_COLOR: '1' }, false],
  ])('%j with %j', async (args, env: Record<string, string>, painted) => {
    expect((await simcode(args, { env })).stderr.includes('\u001b[31merror:')).toBe(painted);
  });
});
