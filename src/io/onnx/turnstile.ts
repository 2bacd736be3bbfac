/**
 * Counts threads inside native calls and can be shut. When a process exits, Node stops its threads; one stopped inside
 * onnxruntime aborts the process (exit code 134), so the exit waits for the calls under way and lets no new one begin.
 */
const SHUT = 0;
const INSIDE = 1;
/** A CPU run takes milliseconds, opening a large model seconds. */
const PATIENCE_MS = 5000;

export type Turnstile = Int32Array<SharedArrayBuffer>;

export function createTurnstile(): Turnstile {
  return new Int32Array(new SharedArrayBuffer(8));
}

/** Runs a native call, or never settles when the process is on its way out. */
export async function passThrough<T>(turnstile: Turnstile, call: () => Promise<T>): Promise<T> {
  Atomics.add(turnstile, INSIDE, 1);
  try {
    return await (Atomics.load(turnstile, SHUT) === 0 ? call() : new Promise<T>(() => leave(turnstile)));
  } finally {
    leave(turnstile);
  }
}

function leave(turnstile: Turnstile): void {
  Atomics.sub(turnstile, INSIDE, 1);
  Atomics.notify(turnstile, INSIDE);
}

/** Blocks the calling thread until no thread is inside, a few seconds at most. */
export function shut(turnstile: Turnstile): void {
  Atomics.store(turnstile, SHUT, 1);
  const end = Date.now() + PATIENCE_MS;
  for (let inside = Atomics.load(turnstile, INSIDE); inside > 0 && Date.now() < end; inside = Atomics.load(turnstile, INSIDE)) {
    Atomics.wait(turnstile, INSIDE, inside, end - Date.now());
  }
}
