import { SimcodeError } from '../../errors.ts';
import type { Balancer, Server } from './balancer.ts';
import { unreachable } from './discover.ts';
import { RequestFailure } from './failure.ts';
import { cutText } from './cut.ts';

/** A text that no request could be made with, or how much of it could. */
export interface Outcome {
  /** As the server gave it; undefined when it refuses the text however short. */
  readonly row: Float32Array | undefined;
  /** The text had to be cut. */
  readonly cut: boolean;
  readonly reason?: string;
}

export interface Asker {
  readonly balancer: Balancer;
  /** Vectors of a server that was checked. @throws RequestFailure */
  ask(server: Server, texts: readonly string[]): Promise<readonly Float32Array[]>;
  /** Failures of one request after which the run ends. */
  readonly attempts: number;
}

/** A text that is refused at this length is not refused for its length. */
const SHORTEST = 64;
/** Times a 500 is taken for a hiccup before it is taken for the input's fault. */
const HICCUPS = 1;

/**
 * Has texts embedded, whatever it takes: waits, goes elsewhere, halves a refused batch down to single texts, cuts a
 * single refused text. Only servers that stay away end the run.
 * @throws SimcodeError network
 */
export async function solve(asker: Asker, texts: readonly string[], cut = false): Promise<readonly Outcome[]> {
  const failure = await attempt(asker, texts);
  if (!(failure instanceof RequestFailure)) return failure.map((row) => ({ row, cut }));
  if (texts.length > 1) {
    const middle = Math.ceil(texts.length / 2);
    return [...await solve(asker, texts.slice(0, middle), cut), ...await solve(asker, texts.slice(middle), cut)];
  }
  const [text = ''] = texts;
  const shorter = shorten(text, failure.message);
  return shorter === undefined ? [{ row: undefined, cut, reason: failure.message }] : solve(asker, [shorter], true);
}

/** Vectors, or a failure that only another request can mend. */
async function attempt({ balancer, ask, attempts }: Asker, texts: readonly string[]): Promise<readonly Float32Array[] | RequestFailure> {
  let hiccups = 0;
  for (let tries = 1; ; tries++) {
    const server = await balancer.acquire();
    try {
      const rows = await ask(server, texts);
      server.failures = 0;
      return rows;
    } catch (error) {
      if (!(error instanceof RequestFailure)) throw error;
      const hiccup = error.status === 500 && hiccups++ < HICCUPS;
      if (error.kind === 'split' && !hiccup) return error;
      if (error.kind === 'fatal' || tries >= attempts) throw error.cause instanceof SimcodeError ? error.cause : unreachable(server.baseUrl, error);
      balancer.rest(server, error);
    } finally {
      balancer.release(server);
    }
  }
}

/** As much as the message says fits (`The input (9000 tokens) is longer than … (8192 tokens)`), else half. */
function shorten(text: string, message: string): string | undefined {
  if (text.length <= SHORTEST) return undefined;
  const [found = 0, most = 0] = [...message.matchAll(/(\d+)\s*(?:input )?tokens/gi)].map((match) => Number(match[1])).toSorted((a, b) => b - a);
  const share = most > 0 && most < found ? Math.min(0.95, (most / found) * 0.95) : 0.5;
  return cutText(text, Math.max(SHORTEST, Math.floor(text.length * share)));
}
