import { SimcodeError } from '../errors.ts';
import { runGit } from './git-run.ts';

/** Lines of a file, 1-based and inclusive. */
export interface BlameSpan { readonly startLine: number; readonly endLine: number }

/** Since when most of a span's code has been there. */
export interface Age {
  readonly commit: string;
  /** Author date, Unix seconds. */
  readonly time: number;
}

/** The share of a span's lines that must be as old: one line may be taken for older than it is (a closing brace). */
const OLD_SHARE = 0.25;
/** Lines without a word are anybody's. */
const CODE = /\w{2}/;
/** What git says of a file that no commit has. */
const UNKNOWN = /no such path|no such ref|unknown revision|bad revision|no matching/i;

/**
 * Age of each span of a file as it lies on the disk, in order, by one `git blame`; undefined for spans that are not
 * committed yet, all of them where git does not know the file. Commits of `blame.ignoreRevsFile` are passed over.
 *
 * @throws SimcodeError `git` when git is missing, fails otherwise, or takes longer than five minutes
 */
export async function blameSpans(directory: string, path: string, spans: readonly BlameSpan[]): Promise<readonly (Age | undefined)[]> {
  const ranges = spans.flatMap(({ startLine, endLine }) => ['-L', `${startLine},${endLine}`]);
  // a filter named by the repository's own configuration could be any program
  const { code, stdout, stderr } = await runGit(directory, ['blame', '--porcelain', '--no-textconv', ...ranges, '--', path], { okCodes: [0, 128] });
  if (code !== 0 && UNKNOWN.test(stderr)) return spans.map(() => undefined);
  if (code !== 0) throw new SimcodeError('git', `git blame failed for ${path}: ${stderr.replace(/^fatal: /, '')}`);
  const lines = parsePorcelain(stdout.toString('utf8'));
  return spans.map(({ startLine, endLine }) => ageOf(lines.filter(({ line }) => line >= startLine && line <= endLine)));
}

interface BlamedLine extends Age { readonly line: number; readonly text: string }

/** A header `<hash> <line there> <line here> …`, on a commit's first line its fields, and then the line itself after a tab. */
function parsePorcelain(text: string): readonly BlamedLine[] {
  const found: BlamedLine[] = [];
  const times = new Map<string, number>();
  let commit = '';
  let line = 0;
  for (const row of text.split('\n')) {
    if (row.startsWith('\t')) {
      found.push({ commit, line, time: times.get(commit) ?? 0, text: row });
      commit = '';
    } else if (commit === '') {
      const header = /^([0-9a-f]{40,64}) \d+ (\d+)/.exec(row);
      commit = header?.[1] ?? '';
      line = Number(header?.[2] ?? 0);
    } else if (row.startsWith('author-time ')) times.set(commit, Number(row.slice(12)));
  }
  return found;
}

function ageOf(lines: readonly BlamedLine[]): Age | undefined {
  const code = lines.filter(({ text }) => CODE.test(text));
  const dated = code.filter(({ commit }) => /[^0]/.test(commit)).toSorted((x, y) => x.time - y.time);
  const at = dated[Math.max(0, Math.ceil(OLD_SHARE * code.length) - 1)];
  return at === undefined ? undefined : { commit: at.commit, time: at.time };
}
