import type { Chunk, CloneType } from '../types.ts';

const NAME = /[\p{L}_$][\p{L}\p{N}_$]*/gu;
const NAMES_SHOWN = 3;
/** Lines compared; a longer function differs in "many". */
const MAX_LINES = 600;

/** What distinguishes two functions of a clone pair, in a few words: `names differ: a → b`, `7 of 24 lines differ`. */
export function differenceWords(twin: Chunk, member: Chunk, type: CloneType): string {
  if (type === 1) return 'the code is the same';
  if (type === 2) return renamedWords(twin, member);
  if (type === 4) return twin.language === member.language ? 'other text, same behaviour' : `the same in ${member.language} as there in ${twin.language}`;
  const differing = differingLines(twin.text, member.text);
  if (differing === undefined) return 'many lines differ';
  if (differing === 0) return 'only layout differs';
  return `${differing} of ${member.metrics.lines} lines ${differing === 1 ? 'differs' : 'differ'}`;
}

function renamedWords(twin: Chunk, member: Chunk): string {
  const [from, to] = [twin.text.match(NAME) ?? [], member.text.match(NAME) ?? []];
  if (from.length !== to.length) return 'only names and literals differ';
  const renamed = new Map<string, string>();
  for (const [i, name] of from.entries()) if (name !== to[i]) renamed.set(name, to[i] ?? '');
  if (renamed.size === 0) return 'only literals differ';
  const shown = [...renamed].slice(0, NAMES_SHOWN).map(([before, after]) => `${short(before)} → ${short(after)}`);
  return `only names and literals differ: ${shown.join(', ')}${renamed.size > shown.length ? ', …' : ''}`;
}

function short(name: string): string {
  return name.length > 40 ? `${name.slice(0, 39)}…` : name;
}

/** Lines of the second text that the first lacks, indentation aside, by longest common subsequence. */
function differingLines(a: string, b: string): number | undefined {
  const [x, y] = [a, b].map((text) => text.split('\n').map((line) => line.trim()).filter((line) => line !== ''));
  if (x === undefined || y === undefined || x.length > MAX_LINES || y.length > MAX_LINES) return undefined;
  let above = new Uint16Array(y.length + 1);
  for (const line of x) {
    const row = new Uint16Array(y.length + 1);
    for (const [j, other] of y.entries()) row[j + 1] = line === other ? (above[j] ?? 0) + 1 : Math.max(above[j + 1] ?? 0, row[j] ?? 0);
    above = row;
  }
  return y.length - (above[y.length] ?? 0);
}
