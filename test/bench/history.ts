import { execFileSync } from 'node:child_process';
import { extname } from 'node:path/posix';
import { openScanner, type Scanner } from '../../src/cli/wiring.ts';
import { defaults } from '../../src/config/defaults.ts';
import { judge } from '../../src/gate/judge.ts';
import { renames } from '../../src/io/git-diff.ts';
import { openGitTree } from '../../src/io/git-tree.ts';
import type { Chunk, FileSource, ScanResult } from '../../src/types.ts';
import { createRandom } from './random.ts';

/** One commit judged as if it were a pull request. */
export interface CommitRow {
  readonly commit: string;
  readonly subject: string;
  readonly findings: readonly string[];
  readonly drift: number;
  /** Processor seconds of this process for both scans and the verdict, vectors cached. */
  readonly cpu: number;
  readonly wall: number;
}

export interface HistoryResult {
  readonly files: number;
  readonly functions: number;
  readonly rows: readonly CommitRow[];
  readonly planted: number;
  readonly caught: number;
  readonly missed: readonly string[];
}

/**
 * Replays the last commits of a repository (first parents, oldest first), each against its parent, and pastes renamed
 * and slightly edited copies of random functions into its newest tree.
 */
export async function benchHistory(repository: string, commits: number, plants: number, log: (line: string) => void): Promise<HistoryResult> {
  const home = process.cwd();
  process.chdir(repository);
  const scanner = await openScanner({ ...defaults, paths: [] }, { onEvent: () => undefined });
  try {
    const list = execFileSync('git', ['log', '--first-parent', `-${commits + 1}`, '--format=%H %s'], { encoding: 'utf8' }).trim().split('\n').toReversed();
    const rows: CommitRow[] = [];
    let before = list[0]?.slice(0, 40) ?? '';
    let old = await scanCommit(scanner, before);
    for (const line of list.slice(1)) {
      const [commit, subject] = [line.slice(0, 40), line.slice(41)];
      // the first scan fills the cache, as a run on the branch before would have
      let result = await scanCommit(scanner, commit);
      const [start, cpu] = [performance.now(), process.cpuUsage()];
      [old, result] = [await scanCommit(scanner, before), await scanCommit(scanner, commit)];
      const verdict = judge({ result, base: { result: old, renames: await renames(scanner.root, before, commit) }, against: { kind: 'commit', name: before } });
      const { user, system } = process.cpuUsage(cpu);
      const findings = (verdict.findings ?? []).map(({ message, type }) => `type ${type}: ${message}`);
      rows.push({ commit, subject, findings, drift: verdict.drift?.length ?? 0, cpu: (user + system) / 1e6, wall: (performance.now() - start) / 1000 });
      if (findings.length > 0) log(`${commit.slice(0, 10)} ${subject}\n  ${findings.join('\n  ')}`);
      before = commit;
    }
    const tree = await scanCommit(scanner, before);
    const planted = await plant(scanner, before, tree, plants);
    return { files: tree.counts.files, functions: tree.counts.chunks, rows, ...planted };
  } finally {
    await scanner.close();
    process.chdir(home);
  }
}

async function scanCommit(scanner: Scanner, commit: string): Promise<ScanResult> {
  const tree = await openGitTree(scanner.root, { commit });
  try {
    return await scanner.scan(tree);
  } finally {
    tree.close();
  }
}

/** Pastes copies of functions that stand by themselves, one to a file, and counts those that are found new. */
async function plant(scanner: Scanner, commit: string, result: ScanResult, count: number): Promise<Pick<HistoryResult, 'planted' | 'caught' | 'missed'>> {
  const random = createRandom(7);
  const whole = result.chunks.filter(({ kind, metrics, text, parentId }) => kind === 'function' && parentId === undefined && metrics.tokens >= 60 && /^(export |async |def |function )/.test(text));
  const chosen = whole.map((chunk) => ({ chunk, order: random() })).toSorted((x, y) => x.order - y.order).slice(0, count).map(({ chunk }) => chunk);
  const pasted = new Map<string, string>(chosen.map((chunk, i) => [`pasted/copy${i}${extname(chunk.path)}`, copyOf(chunk, random)]));
  const tree = await openGitTree(scanner.root, { commit });
  const files: FileSource = {
    list: async () => {
      const listed = await tree.list();
      return { ...listed, paths: [...listed.paths, ...pasted.keys()].toSorted() };
    },
    read: (path, most) => (pasted.has(path) ? Promise.resolve({ bytes: Buffer.from(pasted.get(path) ?? '', 'utf8') }) : tree.read(path, most)),
  };
  try {
    const verdict = judge({ result: await scanner.scan(files), base: { result, renames: new Map() }, against: { kind: 'commit', name: commit } });
    const found = new Set((verdict.findings ?? []).map(({ member }) => member.split('#')[0]));
    const missed = [...pasted.keys()].flatMap((path, i) => (found.has(path) ? [] : [`${chosen[i]?.id ?? ''} (${path})`]));
    return { planted: pasted.size, caught: pasted.size - missed.length, missed };
  } finally {
    tree.close();
  }
}

/** A copy as someone pastes it: its name and up to three of its own names changed, one line more. */
function copyOf(chunk: Chunk, random: () => number): string {
  const own = [...new Set([...chunk.text.matchAll(/(?:\b(?:const|let|var)\s+|^\s+)([a-z_]\w{2,})\s*(?::[^=\n]+)?=(?!=)/gm)].map((match) => match[1] ?? ''))];
  const names = [chunk.name, ...own.map((name) => ({ name, order: random() })).toSorted((x, y) => x.order - y.order).slice(0, 3).map(({ name }) => name)];
  let text = chunk.text;
  for (const name of names) if (name !== '') text = text.replace(new RegExp(`(?<![\\w.])${name}\\b`, 'g'), `${name}Other`);
  const lines = text.split('\n');
  const at = lines.findIndex((line, i) => i > 0 && /^\s+(return|if|for|const|let)\b/.test(line));
  const indent = /^\s*/.exec(lines[at] ?? '')?.[0] ?? '';
  if (at > 0) lines.splice(at, 0, chunk.language === 'python' ? `${indent}print("here")` : `${indent}console.log("here");`);
  return `${lines.join('\n')}\n`;
}

/** The figures of a replay as Markdown. */
export function historyTable({ files, functions, rows, planted, caught }: HistoryResult): string {
  const failed = rows.filter(({ findings }) => findings.length > 0).length;
  const middle = (values: readonly number[]): string => (values.toSorted((x, y) => x - y)[Math.floor(values.length / 2)] ?? 0).toFixed(2);
  return [
    '| commits | files | functions | commits that fail | with drift | CPU s a commit (median) | wall s (median) | planted copies caught |',
    '|---|---|---|---|---|---|---|---|',
    `| ${rows.length} | ${files} | ${functions} | ${failed} | ${rows.filter(({ drift }) => drift > 0).length} | ${middle(rows.map(({ cpu }) => cpu))} | ${middle(rows.map(({ wall }) => wall))} | ${caught} of ${planted} |`,
    '',
  ].join('\n');
}
