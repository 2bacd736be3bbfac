/** Machine-readable reasons why a run could not be done; each ends in exit code 2. */
export type ErrorCode =
  | 'bad-option'
  | 'bad-config'
  | 'bad-input'
  | 'nothing-analysed'
  | 'missing-model'
  | 'bad-model'
  | 'missing-device'
  | 'missing-dependency'
  | 'missing-grammar'
  | 'git'
  | 'io'
  | 'network'
  | 'store'
  | 'baseline';

export interface ErrorDetails {
  /** What the user can do about it, one line. */
  readonly hint?: string;
  readonly cause?: unknown;
}

/** An expected failure: said in one line with a hint, never with a stack trace (unless --debug). */
export class SimcodeError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'SimcodeError';
    this.code = code;
    this.hint = details.hint;
  }
}
