import type { RequestFailure } from './failure.ts';

/** One of the servers and how it does. */
export interface Server {
  /** Up to and with `/v1`. */
  readonly baseUrl: string;
  /** Name of the model there. */
  model: string;
  /** Done when it was asked the probe text and gave the same vector as the others; undefined before. */
  checked: Promise<void> | undefined;
  inFlight: number;
  /** Failures since it last answered. */
  failures: number;
  /** Not asked before then; milliseconds of `Date.now()`. */
  notBefore: number;
}

export interface Balancer {
  /** Waits for a server that may be asked; the least busy one. Give it back with `release`. */
  acquire(): Promise<Server>;
  release(server: Server): void;
  /** Leaves a server alone for a while: what it asked for, or a growing and jittered pause. */
  rest(server: Server, failure: RequestFailure): void;
}

export interface Pace {
  /** Requests under way at one server. */
  readonly perServer: number;
  /** First pause after a failure; it doubles with each further one. */
  readonly pauseMs: number;
  readonly maxPauseMs: number;
}

/** Spreads requests over servers; one that fails is dropped and tried again later. */
export function createBalancer(servers: readonly Server[], pace: Pace): Balancer {
  const waiting: (() => void)[] = [];
  const wake = (): void => waiting.splice(0).forEach((go) => go());
  const changed = (ms: number): Promise<void> => new Promise((resolve) => {
    const timer = Number.isFinite(ms) ? setTimeout(resolve, ms) : undefined;
    waiting.push(() => {
      clearTimeout(timer);
      resolve();
    });
  });
  return {
    async acquire() {
      for (;;) {
        const now = Date.now();
        const open = servers.filter((server) => server.inFlight < pace.perServer);
        const ready = open.filter((server) => server.notBefore <= now).toSorted((a, b) => a.inFlight - b.inFlight)[0];
        if (ready) {
          ready.inFlight++;
          return ready;
        }
        await changed(Math.min(...open.map((server) => server.notBefore - now)));
      }
    },
    release(server) {
      server.inFlight--;
      wake();
    },
    rest(server, failure) {
      server.failures++;
      // full jitter keeps clients that failed together from coming back together
      // (AWS Architecture Blog, "Exponential Backoff And Jitter")
      const most = Math.min(pace.maxPauseMs, pace.pauseMs * 2 ** (server.failures - 1));
      const pause = failure.afterMs ?? most * (0.5 + Math.random() / 2);
      server.notBefore = Math.max(server.notBefore, Date.now() + pause);
    },
  };
}
