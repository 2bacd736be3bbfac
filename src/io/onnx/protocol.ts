import type { ErrorCode } from '../../errors.ts';
import type { ModelSpec } from '../model.ts';
import type { Turnstile } from './turnstile.ts';

/** What a worker is started with: its setup and the turnstile of its pool. */
export interface WorkerData<Setup> {
  readonly setup: Setup;
  readonly turnstile: Turnstile;
}

export interface WorkerSetup {
  readonly model: ModelSpec;
  /** Floats kept of each vector. */
  readonly dims: number;
  /** Execution provider. */
  readonly device: string;
}

export type ToWorker =
  | { readonly kind: 'embed'; readonly job: number; readonly texts: readonly string[] }
  | { readonly kind: 'close' };

/** `failed` without a job: the worker could not start. */
export type FromWorker =
  | { readonly kind: 'rows'; readonly job: number; readonly rows: Float32Array<ArrayBuffer> }
  | { readonly kind: 'failed'; readonly job?: number; readonly code: ErrorCode; readonly message: string; readonly hint?: string };
