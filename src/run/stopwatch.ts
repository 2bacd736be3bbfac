import type { StageName } from '../types.ts';
import type { ScanPorts } from './ports.ts';

export type Stopwatch = ReturnType<typeof stopwatch>;

/** Times the stages of one run and tells when each starts and ends. */
export function stopwatch({ clock, onEvent }: Pick<ScanPorts, 'clock' | 'onEvent'>) {
  const start = clock();
  const seconds: Partial<Record<StageName | 'total', number>> = {};
  return {
    async run<T>(stage: StageName, work: () => T | Promise<T>): Promise<T> {
      onEvent({ stage, state: 'start' });
      const from = clock();
      const result = await work();
      seconds[stage] = clock() - from;
      onEvent({ stage, state: 'end' });
      return result;
    },
    seconds: () => ({ ...seconds, total: clock() - start }),
  };
}
