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
  /** Threads inside one run on the CPU. */
  readonly intraThreads: number;
  /** What the thread is for; one that only cuts texts into tokens opens no session. */
  readonly role: 'encoder' | 'tokenizer';
}

/** Token ids of several texts, one after the other. */
export interface Tokens {
  readonly ids: Int32Array<ArrayBuffer>;
  readonly lengths: readonly number[];
  /** How many of the lists belong to each text; absent: one each. */
  readonly parts?: readonly number[];
}

/** `embed`: each text by itself; `tokenize`: ids only; `run`: one padded batch of ids. */
export type Job =
  | { readonly kind: 'embed'; readonly texts: readonly string[] }
  | { readonly kind: 'tokenize'; readonly texts: readonly string[] }
  | { readonly kind: 'run'; readonly tokens: Tokens };
export type ToWorker = (Job & { readonly job: number }) | { readonly kind: 'close' };

/** `failed` without a job: the worker could not start. */
export type FromWorker =
  | { readonly kind: 'rows'; readonly job: number; readonly rows: Float32Array<ArrayBuffer> }
  | { readonly kind: 'tokens'; readonly job: number; readonly tokens: Tokens }
  | { readonly kind: 'failed'; readonly job?: number; readonly code: ErrorCode; readonly message: string; readonly hint?: string };
