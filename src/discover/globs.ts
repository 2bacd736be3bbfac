import picomatch from 'picomatch';

import { SimcodeError } from '../errors.ts';

const maxLength = 512;
const maxWildcards = 12;

/**
 * Compiles globs over POSIX paths relative to the root. `*.test.ts` (no slash) matches in every folder, `src/old` also
 * matches all that lies in it, `!x` takes back what an earlier glob matched, backslashes separate as slashes do.
 * Braces, `**`, `?` and classes as in picomatch; no extglobs. Throws SimcodeError `bad-option` for an unusable glob.
 */
export function compileGlobs(globs: readonly string[]): (path: string) => boolean {
  const rules = globs.map((glob) => ({ negated: glob.startsWith('!'), matches: compile(glob.replace(/^!/, ''), glob) }));
  const initial = rules[0]?.negated ?? false;
  return (path) => rules.reduce((matched, { negated, matches }) => (matched === negated && matches(path) ? !negated : matched), initial);
}

function compile(glob: string, given: string): (path: string) => boolean {
  const pattern = normalize(glob);
  // bounded because a pattern may come from the scanned repository and is run by a backtracking engine
  const wildcards = pattern.match(/\*+/g)?.length ?? 0;
  if (pattern === '' || pattern.length > maxLength || wildcards > maxWildcards) {
    const why = pattern === '' ? 'is empty' : `has more than ${maxLength} characters or ${maxWildcards} wildcards`;
    throw new SimcodeError('bad-option', `The pattern "${given.slice(0, 80)}" ${why}`, { hint: 'Give several shorter patterns' });
  }
  const anywhere = pattern.includes('/') ? pattern : `**/${pattern}`;
  return picomatch([anywhere, `${anywhere}/**`], { dot: true, noextglob: true, nonegate: true, windows: false });
}

function normalize(glob: string): string {
  const slashed = glob.trim().replace(/\\(?![[\]{}()!])/g, '/');
  const anchored = slashed.startsWith('/');
  const bare = slashed.replace(/^(?:\.?\/)+/, '').replace(/\/+$/, '');
  if (bare === '.') return '**';
  return anchored && !bare.includes('/') && bare !== '' ? `./${bare}` : bare;
}
