import type { Warning } from '../../types.ts';
import { normalizeInto } from '../onnx/vectors.ts';
import { planRequests } from './batches.ts';
import { solve, type Asker, type Outcome } from './solve.ts';

/** Texts through requests to rows, and a count of what went less well. */
export class Work {
  readonly #asker: Asker;
  readonly #dims: number;
  readonly #lanes: number;
  #cut = 0;
  readonly #refused: string[] = [];

  constructor(asker: Asker, dims: number, lanes: number) {
    this.#asker = asker;
    this.#dims = dims;
    this.#lanes = lanes;
  }

  async embed(texts: readonly string[], whole: readonly string[], onDone?: (count: number) => void): Promise<Float32Array> {
    const rows = new Float32Array(texts.length * this.#dims);
    const batches = planRequests(texts).values();
    let done = 0;
    let failed = false;
    const lane = async (): Promise<void> => {
      for (const batch of batches) {
        if (failed) return;
        const outcomes = await solve(this.#asker, batch.map((at) => texts[at] ?? '')).catch((error: unknown) => {
          failed = true;
          throw error;
        });
        for (const [at, row] of batch.entries()) this.#take(outcomes[at], rows.subarray(row * this.#dims, (row + 1) * this.#dims), texts[row] !== whole[row]);
        done += batch.length;
        onDone?.(done);
      }
    };
    await Promise.all(Array.from({ length: this.#lanes }, lane));
    return rows;
  }

  #take(outcome: Outcome | undefined, target: Float32Array, cut: boolean): void {
    if (outcome?.row && normalizeInto(target, outcome.row)) {
      if (cut || outcome.cut) this.#cut++;
    } else {
      target.fill(0);
      this.#refused.push(outcome?.reason ?? 'a vector of zeros');
    }
  }

  warnings(): readonly Warning[] {
    const functions = (count: number): string => `${count} ${count === 1 ? 'function' : 'functions'}`;
    const cut = { code: 'truncated', message: `${functions(this.#cut)} longer than the model takes; only the beginning was embedded` };
    const refused = { code: 'not-embedded', message: `${functions(this.#refused.length)} refused by the embedding server (${this.#refused[0]}); compared by their tokens only` };
    return [...(this.#cut > 0 ? [cut] : []), ...(this.#refused.length > 0 ? [refused] : [])];
  }
}
