import { execFileSync } from 'node:child_process';
import { touchedBy } from '../../src/cli/touched.ts';
import { openScanner, type Scanner } from '../../src/cli/wiring.ts';
import { defaults } from '../../src/config/defaults.ts';
import { judge } from '../../src/gate/judge.ts';
import { changedLines, renames } from '../../src/io/git-diff.ts';
import { openGitTree, type GitTree } from '../../src/io/git-tree.ts';
import type { PastResult } from '../../src/past.ts';
import type { ScannedTree } from '../../src/run/ports.ts';
import type { Chunk, FileSource, GateFinding, Verdict } from '../../src/types.ts';
import { languageOf } from '../../src/util/languages.ts';
import { plantCopies, type Planted } from './plants.ts';
import { createRandom } from './random.ts';

/** A new member that fails a commit, and its twin; names are `path#name`. */
export interface FailureRow {
  readonly member: string;
  readonly twin: string;
  readonly type: number;
  readonly similarity: number;
  readonly memberText: string;
  readonly twinText: string;
  /** Text of the function of this name before the commit, where there was one. */
  readonly before?: string | undefined;
}

/** One commit judged as if it were a pull request against its first parent. */
export interface CommitRow {
  readonly commit: string;
  readonly subject: string;
  /** Whether a file that simcode reads differs from the parent's. */
  readonly touched: boolean;
  readonly failures: readonly FailureRow[];
  readonly drift: number;
  /** Whether `check`, which reads only what changed of the older tree, says the same as a scan of all of it. */
  readonly agrees: boolean;
}

export interface HistoryResult {
  readonly files: number;
  readonly functions: number;
  readonly rows: readonly CommitRow[];
  readonly plants: readonly Planted[];
}

export interface HistoryOptions {
  readonly commits: number;
  /** Copies pasted at random ones of the commits. */
  readonly plants: number;
  /** Merges too: on a first-parent line they are pull requests. */
  readonly merges: boolean;
  /** Only commits whose hash begins like one of these. */
  readonly only?: ReadonlySet<string> | undefined;
  readonly log: (line: string) => void;
}

/** What a commit holds for simcode to read: blob by path. */
interface State { readonly commit: string; readonly blobs: ReadonlyMap<string, string> }
interface Judged extends State { readonly tree: ScannedTree }

const PLANTED_AT_ONCE = 5;

/** Replays the newest commits of a repository's first-parent line, oldest first, as `simcode check --against` would see them. */
export async function benchHistory(repository: string, options: HistoryOptions): Promise<HistoryResult> {
  const home = process.cwd();
  process.chdir(repository);
  const scanner = await openScanner({ ...defaults, paths: [] }, { onEvent: () => undefined });
  try {
    return await replay(scanner, options);
  } finally {
    await scanner.close();
    process.chdir(home);
  }
}

/** Hash, first parent and subject of the commits to replay, newest first. */
export function listCommits(repository: string, commits: number, merges: boolean): readonly { readonly commit: string; readonly parent: string; readonly subject: string }[] {
  const args = ['log', '--first-parent', ...(merges ? [] : ['--no-merges']), `-${commits}`, '--format=%H %P%x00%s'];
  return execFileSync('git', args, { cwd: repository, encoding: 'utf8' }).trim().split('\n').flatMap((line) => {
    const [hashes = '', subject = ''] = line.split('\0');
    const [commit = '', parent] = hashes.split(' ');
    return parent === undefined ? [] : [{ commit, parent, subject }];
  });
}

async function replay(scanner: Scanner, { commits, plants, merges, only, log }: HistoryOptions): Promise<HistoryResult> {
  const random = createRandom(7);
  const list = listCommits(scanner.root, commits, merges).toReversed().filter(({ commit }) => only?.has(commit.slice(0, 10)) ?? true);
  const plantAt = new Set(Array.from({ length: Math.ceil(plants / PLANTED_AT_ONCE) }, () => Math.floor(random() * list.length)));
  const rows: CommitRow[] = [];
  const planted: Planted[] = [];
  let last: Judged | undefined;
  for (const [at, { commit, parent, subject }] of list.entries()) {
    const base = last?.commit === parent ? last : await stateOf(scanner, parent);
    const state = await stateOf(scanner, commit);
    const touched = changedBlobs(base, state).length > 0;
    if (touched || last?.commit !== parent) last = await scanCommit(scanner, state);
    else last = { ...last, ...state };
    const row = touched ? await judgeCommit(scanner, base, last, subject) : { commit, subject, touched, failures: [], drift: 0, agrees: true };
    rows.push(row);
    if (row.failures.length > 0) log(`${commit.slice(0, 10)} ${subject}${row.failures.map(({ member, twin, type }) => `\n  type ${type}: ${member} ~ ${twin}`).join('')}`);
    if (plantAt.has(at)) planted.push(...await plant(scanner, last, Math.ceil(plants / plantAt.size), random));
  }
  return { files: last?.tree.result.counts.files ?? 0, functions: last?.tree.result.counts.chunks ?? 0, rows, plants: planted };
}

async function stateOf({ root }: Scanner, commit: string): Promise<State> {
  const tree = await openGitTree(root, { commit });
  tree.close();
  return { commit, blobs: new Map([...tree.blobs].filter(([path]) => languageOf(path) !== undefined || !/.\./.test(path.slice(path.lastIndexOf('/') + 1)))) };
}

async function scanCommit(scanner: Scanner, state: State): Promise<Judged> {
  const tree = await openGitTree(scanner.root, { commit: state.commit });
  try {
    return { ...state, tree: await scanner.scanKeeping(tree) };
  } finally {
    tree.close();
  }
}

function changedBlobs(base: State, head: State): readonly string[] {
  return [...new Set([...base.blobs.keys(), ...head.blobs.keys()])].filter((path) => base.blobs.get(path) !== head.blobs.get(path));
}

async function judgeCommit(scanner: Scanner, base: State | Judged, head: Judged, subject: string): Promise<CommitRow> {
  const { root } = scanner;
  const changed = touchedBy(await changedLines(root, { since: base.commit, until: head.commit }));
  const moved = await renames(root, base.commit, head.commit);
  const judged = (result: PastResult) => judge({
    result: head.tree.result, base: { result, renames: moved }, changed, against: { kind: 'commit', name: base.commit },
  });
  const past = await pastOf(scanner, base, head);
  const verdict = judged(past);
  // where the commit before was scanned too, the short way is compared with the long one
  const full = 'tree' in base ? judged({ chunks: past.chunks, classes: base.tree.result.classes }) : verdict;
  const now = new Map(head.tree.result.chunks.map((chunk) => [chunk.id, chunk] as const));
  const old = new Map(past.chunks.map((chunk) => [nameOf(chunk), chunk.text] as const));
  const failures = (verdict.findings ?? []).flatMap((finding) => failureOf(finding, now, old));
  return { commit: head.commit, subject, touched: true, failures, drift: verdict.drift?.length ?? 0, agrees: said(full) === said(verdict) };
}

/** What both ways must agree on. */
function said({ findings = [], drift = [] }: Verdict): string {
  return JSON.stringify([findings, drift].map((all) => all.map(({ member, twin }) => `${member} ${twin}`).toSorted()));
}

async function pastOf(scanner: Scanner, base: State, head: Judged): Promise<PastResult> {
  const tree = await openGitTree(scanner.root, { commit: base.commit });
  try {
    return await scanner.scanPast(head.tree, { files: tree, changed: new Set(changedBlobs(base, head)) });
  } finally {
    tree.close();
  }
}

function failureOf({ member, twin, type, similarity }: GateFinding, now: ReadonlyMap<string, Chunk>, old: ReadonlyMap<string, string>): readonly FailureRow[] {
  const [a, b] = [now.get(member), now.get(twin)];
  if (a === undefined || b === undefined) return [];
  return [{ member: nameOf(a), twin: nameOf(b), type, similarity, memberText: a.text, twinText: b.text, before: old.get(nameOf(a)) }];
}

function nameOf({ path, qualifiedName }: Chunk): string {
  return `${path}#${qualifiedName}`;
}

/** Pastes copies into a commit's tree and judges that against the commit. */
async function plant(scanner: Scanner, { commit, tree: { result } }: Judged, count: number, random: () => number): Promise<readonly Planted[]> {
  const copies = plantCopies(result.chunks, count, random);
  const tree = await openGitTree(scanner.root, { commit });
  try {
    const pasted = await scanner.scan(withFiles(tree, new Map(copies.map(({ path, text }) => [path, text]))));
    const verdict = judge({ result: pasted, base: { result, renames: new Map() }, against: { kind: 'commit', name: commit } });
    const found = new Set((verdict.findings ?? []).map(({ member }) => member.split('#')[0]));
    return copies.map((copy) => ({ ...copy, commit, caught: found.has(copy.path) }));
  } finally {
    tree.close();
  }
}

function withFiles(tree: GitTree, added: ReadonlyMap<string, string>): FileSource {
  return {
    list: async () => {
      const listed = await tree.list();
      return { ...listed, paths: [...listed.paths, ...added.keys()].toSorted() };
    },
    read: async (path, most) => {
      const text = added.get(path);
      return text === undefined ? tree.read(path, most) : { bytes: Buffer.from(text, 'utf8') };
    },
  };
}
