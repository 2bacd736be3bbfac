/**
 * Why a request was not answered with vectors, and what may help:
 * `retry` later or elsewhere, `split` the batch, or nothing (`fatal`).
 */
export class RequestFailure extends Error {
  readonly kind: 'retry' | 'split' | 'fatal';
  readonly status: number | undefined;
  /** The server asks to be left alone for so long. */
  readonly afterMs: number | undefined;

  constructor(kind: 'retry' | 'split' | 'fatal', message: string, details: { readonly status?: number; readonly afterMs?: number | undefined; readonly cause?: unknown } = {}) {
    super(message, { cause: details.cause });
    this.kind = kind;
    this.status = details.status;
    this.afterMs = details.afterMs;
  }
}

/** Overload, races and restarts; 424 is TEI's word for a failing backend. */
const PASSING = new Set([408, 409, 424, 425, 429, 502, 503, 504, 507, 529]);
/** One input of the batch, or its size, is not liked; llama.cpp says 500 to an input that is too long. */
const DIVISIBLE = new Set([400, 413, 422, 500]);
const MAX_WORDS = 300;
const MAX_RETRY_AFTER_MS = 120_000;

export function failureOf(status: number, headers: Readonly<Record<string, string>>, text: string): RequestFailure {
  const message = `${status} ${words(text)}`.trim();
  if (status >= 300 && status < 400) return new RequestFailure('fatal', `it redirects to ${headers['location'] ?? 'nowhere'}`, { status });
  if (PASSING.has(status)) return new RequestFailure('retry', message, { status, afterMs: retryAfter(headers['retry-after']) });
  if (DIVISIBLE.has(status)) return new RequestFailure('split', message, { status });
  return new RequestFailure(status >= 500 ? 'retry' : 'fatal', message, { status });
}

/** Milliseconds of a Retry-After header (seconds or an HTTP date, RFC 9110 section 10.2.3). */
export function retryAfter(value: string | undefined, now = Date.now()): number | undefined {
  if (value === undefined) return undefined;
  const seconds = /^\s*\d+(\.\d+)?\s*$/.test(value) ? Number(value) : (Date.parse(value) - now) / 1000;
  return Number.isNaN(seconds) ? undefined : Math.min(MAX_RETRY_AFTER_MS, Math.max(0, seconds * 1000));
}

/** The message inside an error body: OpenAI's `error.message`, TEI's and FastAPI's fields, or the text itself. */
function words(text: string): string {
  try {
    const found = messageIn(JSON.parse(text));
    if (found !== undefined) return found.slice(0, MAX_WORDS);
  } catch {
    // an error page that is not JSON
  }
  return text.replace(/\s+/g, ' ').slice(0, MAX_WORDS);
}

function messageIn(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const key of ['message', 'error', 'detail', 'msg']) {
    const found = messageIn((value as Readonly<Record<string, unknown>>)[key]);
    if (found !== undefined) return found;
  }
  return Array.isArray(value) ? messageIn(value[0]) : undefined;
}
