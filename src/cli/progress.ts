import { thousands } from '../messages.ts';
import type { OnEvent, ProgressEvent, StageName } from '../types.ts';
import type { Environment } from './colors.ts';

/** A stage shorter than this is not worth a flicker (ms). */
const patience = 500;
/** Between two repaints (ms). */
const interval = 100;

const words: Readonly<Record<StageName, string>> = {
  discover: 'Finding files',
  chunk: 'Parsing',
  embed: 'Embedding',
  neighbors: 'Comparing',
  score: 'Scoring',
  cluster: 'Grouping',
  gate: 'Checking',
  report: 'Reporting',
};

export interface Progress {
  readonly onEvent: OnEvent;
  /** Clears the line; nothing is painted afterwards. */
  close(): void;
}

export interface ProgressTarget {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Progress belongs on a terminal that a person watches: a TTY, not CI, not asked to be quiet. */
export function wantsProgress(stream: ProgressTarget, quiet: boolean, env: Environment): boolean {
  const ci = env['CI'];
  return stream.isTTY === true && !quiet && env['TERM'] !== 'dumb' && (!ci || ci === 'false' || ci === '0');
}

/**
 * One line that says what runs, how far it is and how long it may take, for stages that last over half a second.
 * @param now milliseconds, monotonic
 */
export function createProgress(stream: ProgressTarget, enabled: boolean, now: () => number = () => performance.now()): Progress {
  if (!enabled) return { onEvent: () => undefined, close: () => undefined };
  let current: ProgressEvent | undefined;
  let startedAt = 0;
  let paintedAt = -Infinity;
  let dirty = false;

  const clear = (): void => {
    if (dirty) stream.write('\r\u001b[2K');
    dirty = false;
  };
  const paint = (): void => {
    const time = now();
    if (current === undefined || time - startedAt < patience || time - paintedAt < interval) return;
    paintedAt = time;
    dirty = true;
    stream.write(`\r\u001b[2K${progressLine(current, time - startedAt).slice(0, (stream.columns || 80) - 1)}`);
  };
  const timer = setInterval(paint, interval).unref();
  return {
    onEvent: (event) => {
      if (event.state === 'end') {
        clear();
        current = undefined;
        return;
      }
      if (event.stage !== current?.stage) startedAt = now();
      current = event;
      paint();
    },
    close: () => {
      clearInterval(timer);
      current = undefined;
      clear();
    },
  };
}

/** `Embedding 1,200/5,000, 24%, 1 min 10 s left`. */
export function progressLine(event: ProgressEvent, elapsed: number): string {
  const { done, total } = event;
  const stage = words[event.stage];
  if (done === undefined) return `${stage} …`;
  if (total === undefined || total === 0) return `${stage} ${thousands(done)}`;
  const line = `${stage} ${thousands(done)}/${thousands(total)}, ${Math.floor((100 * done) / total)}%`;
  return done === 0 || elapsed < 1000 ? line : `${line}, ${left(((total - done) * elapsed) / done / 1000)} left`;
}

function left(seconds: number): string {
  const whole = Math.ceil(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
