import { InvalidArgumentError } from 'commander';
import { nearest } from '../config/validate.ts';

/** Refuses a name that is not among `names`, with the nearest one. */
export function oneOf<T extends string>(names: readonly T[]): (typed: string) => T {
  return (typed) => {
    const found = names.find((name) => name === typed);
    if (found !== undefined) return found;
    const near = nearest(typed, names);
    // commander's own form of a suggestion
    throw new InvalidArgumentError(`Allowed: ${names.join(', ')}.${near === undefined ? '' : `\n(${near})`}`);
  };
}

/** A decimal number within [least, most]. */
export function numberIn(least: number, most: number): (typed: string) => number {
  return ranged(/^[+-]?(\d+\.?\d*|\.\d+)$/, 'a number', least, most);
}

/** A whole number within [least, most]. */
export function integerIn(least: number, most: number): (typed: string) => number {
  return ranged(/^\d+$/, 'a whole number', least, most);
}

function ranged(pattern: RegExp, what: string, least: number, most: number): (typed: string) => number {
  return (typed) => {
    const value = pattern.test(typed) ? Number(typed) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Expected ${what} from ${least} to ${most}.`);
  };
}

const units: Readonly<Record<string, number>> = { '': 1, b: 1, k: 1024, kb: 1024, m: 1024 ** 2, mb: 1024 ** 2 };

/** A size as `500kb`, `1mb`, `1.5mb` or plain bytes, up to 64 MB; in bytes. */
export function byteSize(typed: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(typed.trim());
  const unit = units[(match?.[2] ?? '').toLowerCase()];
  const bytes = match === null || unit === undefined ? Number.NaN : Math.round(Number(match[1]) * unit);
  if (bytes >= 1 && bytes <= 64 * 1024 ** 2) return bytes;
  throw new InvalidArgumentError('Expected a size such as 500kb or 1mb, at most 64mb.');
}

/** Collects a repeatable option. */
export function collect(typed: string, before: string[] | undefined): string[] {
  return [...(before ?? []), typed];
}

/** Collects a repeatable option whose values are lists: `a,b`. */
export function collectNames(typed: string, before: string[] | undefined): string[] {
  return [...(before ?? []), ...typed.split(',').map((name) => name.trim().toLowerCase()).filter((name) => name !== '')];
}

/** Collects a repeatable option that switches one of `names`: `accessor=off`, or several: `accessor=off,parallel=on`. */
export function collectSwitches<T extends string>(names: readonly T[]): (typed: string, before: { readonly [K in T]?: boolean } | undefined) => { readonly [K in T]?: boolean } {
  const nameOf = oneOf(names);
  const switchOf = oneOf(['on', 'off']);
  return (typed, before) => {
    const switches = typed.split(',').map((part) => {
      const [name = '', state = '', ...rest] = part.trim().split('=');
      if (state === '' || rest.length > 0) throw new InvalidArgumentError(`Expected a rule and on or off, e.g. ${names[0] ?? 'rule'}=off.`);
      return [nameOf(name), switchOf(state) === 'on'] as const;
    });
    return Object.assign({}, before, Object.fromEntries(switches));
  };
}

/** Collects a repeatable option whose values are addresses: `a,b`. */
export function collectUrls(typed: string, before: string[] | undefined): string[] {
  return [...(before ?? []), ...typed.split(',').map((url) => url.trim()).filter((url) => url !== '')];
}
