import { setTimeout as wait } from 'node:timers/promises';

/** A killed node costs the others some five to ten seconds, on a busy machine half a minute; one that comes back as long. */
const PAUSES_MS = [1000, 2000, 4000, 8000, 15_000, 30_000];
const LEFT_OUT_MS = 30_000;

/** Nodes that take turns, without those that were found wanting of late. */
export interface Rota {
  /** Undefined when all are left out. */
  next(): string | undefined;
  /** Those that are not left out. */
  all(): readonly string[];
  leaveOut(node: string): void;
  /** Gives all another chance. */
  readmit(): void;
}

export function createRota(nodes: readonly string[]): Rota {
  const until = new Map<string, number>();
  let turn = 0;
  const all = (): readonly string[] => nodes.filter((node) => (until.get(node) ?? 0) <= performance.now());
  return {
    next: () => {
      const there = all();
      return there[turn++ % there.length];
    },
    all,
    leaveOut: (node) => { until.set(node, performance.now() + LEFT_OUT_MS); },
    readmit: () => { until.clear(); },
  };
}

export interface Pauses {
  /** False, at once, after so many pauses without a success; all of them take a minute. */
  wait(most?: number): Promise<boolean>;
  /** After a success. */
  reset(): void;
}

export function createPauses(): Pauses {
  let at = 0;
  return {
    wait: async (most = PAUSES_MS.length) => {
      const pause = at < most ? PAUSES_MS[at++] : undefined;
      if (pause !== undefined) await wait(pause);
      return pause !== undefined;
    },
    reset: () => { at = 0; },
  };
}
