import { describe, expect, it } from 'vitest';
import { createProgress, progressLine, wantsProgress } from '../../src/cli/progress.ts';

/** What a terminal of 40 columns was sent, and a clock that is moved by hand. */
function terminal() {
  const written: string[] = [];
  const clock = { now: 0 };
  const progress = createProgress({ isTTY: true, columns: 40, write: (text: string) => written.push(text) }, true, () => clock.now);
  return { written, clock, progress };
}

const cleared = '\r\u001b[2K';

describe('createProgress', () => {
  it('stays silent during short stages', () => {
    const { written, clock, progress } = terminal();
    progress.onEvent({ stage: 'discover', state: 'start' });
    clock.now = 400;
    progress.onEvent({ stage: 'discover', state: 'tick', done: 10, total: 20 });
    progress.onEvent({ stage: 'discover', state: 'end' });
    progress.close();
    expect(written).toEqual([]);
  });

  it('says how far a long stage is and what is left, and clears the line at its end', () => {
    const { written, clock, progress } = terminal();
    progress.onEvent({ stage: 'embed', state: 'start' });
    clock.now = 600;
    progress.onEvent({ stage: 'embed', state: 'tick', done: 100, total: 4000 });
    clock.now = 650;
    progress.onEvent({ stage: 'embed', state: 'tick', done: 110, total: 4000 });
    clock.now = 2000;
    progress.onEvent({ stage: 'embed', state: 'tick', done: 400, total: 4000 });
    progress.onEvent({ stage: 'embed', state: 'end' });
    progress.onEvent({ stage: 'cluster', state: 'start' });
    progress.close();
    expect(written).toEqual([`${cleared}Embedding 100/4,000, 2%`, `${cleared}Embedding 400/4,000, 10%, 18 s left`, cleared]);
  });

  it('never wraps, and leaves nothing behind when a run breaks off', () => {
    const { written, clock, progress } = terminal();
    progress.onEvent({ stage: 'embed', state: 'start' });
    clock.now = 3_600_000;
    progress.onEvent({ stage: 'embed', state: 'tick', done: 1_000_000, total: 40_000_000 });
    expect(written.at(-1)?.slice(cleared.length).length).toBe(39);
    progress.close();
    progress.close();
    expect(written).toHaveLength(2);
    expect(written.at(-1)).toBe(cleared);
  });

  it('paints nothing where it is not wanted', () => {
    const written: string[] = [];
    const progress = createProgress({ isTTY: false, write: (text: string) => written.push(text) }, false, () => 1e9);
    progress.onEvent({ stage: 'embed', state: 'start' });
    progress.onEvent({ stage: 'embed', state: 'tick', done: 1, total: 2 });
    progress.close();
    expect(written).toEqual([]);
  });
});

describe('progressLine', () => {
  it.each([
    [{ stage: 'cluster', state: 'start' }, 700, 'Grouping …'],
    [{ stage: 'chunk', state: 'tick', done: 1500 }, 700, 'Parsing 1,500'],
    [{ stage: 'embed', state: 'tick', done: 0, total: 10 }, 5000, 'Embedding 0/10, 0%'],
    [{ stage: 'embed', state: 'tick', done: 1, total: 100 }, 2000, 'Embedding 1/100, 1%, 3 min 18 s left'],
  ] as const)('%j', (event, elapsed, line) => {
    expect(progressLine(event, elapsed)).toBe(line);
  });
});

describe('wantsProgress', () => {
  const write = (): boolean => true;
  const tty = { isTTY: true, write };
  it.each([
    ['a terminal', tty, false, {}, true],
    ['a pipe', { write }, false, {}, false],
    ['--quiet', tty, true, {}, false],
    ['CI', tty, false, { CI: 'true' }, false],
    ['CI=false', tty, false, { CI: 'false' }, true],
    ['a dumb terminal', tty, false, { TERM: 'dumb' }, false],
  ])('%s', (_, stream, quiet, env, expected) => {
    expect(wantsProgress(stream, quiet, env)).toBe(expected);
  });
});
