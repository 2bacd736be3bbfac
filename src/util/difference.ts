import type { Chunk, CloneType } from '../types.ts';

const NAME = /[\p{L}_$][\p{L}\p{N}_$]*/gu;
/** Strings and comments of most languages, roughly: this is for words, not for decisions. */
const NO_CODE = /"""[\s\S]*?"""|'''[\s\S]*?'''|(['"`])(?:\\.|(?!\1)[^\\])*\1|\/\*[\s\S]*?\*\/|(?<!\S)(?:\/\/|#).*/g;
const NAMES_SHOWN = 3;
/** Lines compared; a longer function differs in "many". */
const MAX_LINES = 600;

/** What distinguishes two functions of a clone pair, in a few words: `names differ: a → b`, `7 of 24 lines differ`. */
export function differenceWords(twin: Chunk, member: Chunk, type: CloneType): string {
  if (type === 1) return 'the code is the same';
  if (type === 2) return renamedWords(twin, member);
  if (type === 4) return twin.language === member.language ? 'other text, same behaviour' : `the same in ${member.language} as there in ${twin.language}`;
  if (twin.text === '' || member.text === '') return 'some lines differ';
  const differing = differingLines(twin.text, member.text);
  if (differing === undefined) return 'many lines differ';
  if (differing === 0) return 'only layout differs';
  return `${differing} of ${member.metrics.lines} lines ${differing === 1 ? 'differs' : 'differ'}`;
}

function renamedWords(twin: Chunk, member: Chunk): string {
  if (twin.text === '' || member.text === '') return 'only names and literals differ';
  const [from, to] = [namesOf(twin.text), namesOf(member.text)];
  const renamed = new Map<string, string>();
  // where words do not line up, which stands for which is not known
  const linedUp = from.length === to.length && from.every((name, i) => {
    const other = renamed.get(name) ?? to[i] ?? '';
    renamed.set(name, other);
    return other === to[i];
  });
  const changed = [...renamed].filter(([before, after]) => before !== after);
  if (!linedUp || changed.length === 0) return linedUp ? 'only literals differ' : 'only names and literals differ';
  const shown = changed.slice(0, NAMES_SHOWN).map(([before, after]) => `${short(before)} → ${short(after)}`);
  return `only names and literals differ: ${shown.join(', ')}${changed.length > shown.length ? ', …' : ''}`;
}

/** Words of code in order, without most comments and strings. */
function namesOf(text: string): readonly string[] {
  return text.replace(NO_CODE, ' ').match(NAME) ?? [];
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
