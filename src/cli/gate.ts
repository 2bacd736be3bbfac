import { resolve } from 'node:path';
import { headerOf, parseBaseline, type Baseline } from '../gate/baseline.ts';
import { judge, type GateInput } from '../gate/judge.ts';
import type { GateOptions } from '../gate/options.ts';
import { needsText, withTexts } from '../gate/words.ts';
import { requireSameModel } from '../gate/write.ts';
import { SimcodeError } from '../errors.ts';
import { BASELINE_FILE, readBaselineText } from '../io/baseline-file.ts';
import { isWorkTree, mergeBase, resolveCommit } from '../io/git.ts';
import { changedLines, changedPaths, renames } from '../io/git-diff.ts';
import { defaultBranch, lastChange } from '../io/git-history.ts';
import { openGitTree } from '../io/git-tree.ts';
import type { ScannedTree } from '../run/ports.ts';
import type { ScanResult, Verdict, Warning } from '../types.ts';
import { touchedBy } from './touched.ts';
import type { Scanner } from './wiring.ts';

/** What counts as old; at most one of `against`, `since`, `staged` and `changed`. */
export interface GateRequest extends GateOptions {
  /** Baseline file; when absent, the default one where it exists. */
  readonly baseline?: string | undefined;
  /** The merge base with this ref is scanned. */
  readonly against?: string | undefined;
  /** Only lines changed since the merge base with this ref can be new. */
  readonly since?: string | undefined;
  /** Only lines in the index that HEAD has not; files are read from the index. */
  readonly staged?: boolean;
  /** As `since` with the default branch. */
  readonly changed?: boolean;
}

/**
 * Scans a tree and judges it.
 * @throws SimcodeError `baseline`, `git`, `bad-option`, and what a scan throws
 */
export async function runGate(scanner: Scanner, request: GateRequest): Promise<ScanResult & { readonly verdict: Verdict }> {
  await requireRepository(scanner.root, request);
  const [baseline, since] = [await openBaseline(request), await sinceRef(scanner.root, request)];
  // refs are looked up before anything is scanned: a typing error must not cost a minute
  const base = request.against === undefined ? undefined : await mergeBase(scanner.root, request.against);
  const from = since === undefined ? undefined : await mergeBase(scanner.root, since);
  return withHead(scanner, request, async (head) => {
    const { result } = head;
    if (baseline !== undefined) requireSameModel(baseline.data.header, result, baseline.name);
    const input = {
      result, baseline: baseline?.data, options: request,
      ...(base === undefined ? {} : { base: await scanBase(scanner, base, head) }),
      ...await changes(scanner.root, request, from ?? base ?? await lastChange(scanner.root, baseline?.name)),
      against: againstWords(request, since, baseline?.name),
    } satisfies GateInput;
    return { ...result, warnings: [...result.warnings, ...looser(result, baseline)], verdict: await worded(head, judge(input)) };
  });
}

/** Texts are read of the few files that a finding speaks of. */
async function worded({ result, texts }: ScannedTree, verdict: Verdict): Promise<Verdict> {
  const named = new Set((verdict.findings ?? []).filter(needsText).flatMap(({ member, twin }) => [member, twin]));
  if (named.size === 0) return verdict;
  return withTexts(verdict, result.chunks, await texts(new Set(result.chunks.filter(({ id }) => named.has(id)).map(({ path }) => path))));
}

/** A baseline made with a higher threshold lacks what only a lower one finds. */
function looser(result: ScanResult, baseline: { readonly name: string; readonly data: Baseline } | undefined): readonly Warning[] {
  const [own, now] = [baseline?.data.header.threshold, headerOf(result).threshold];
  if (own === undefined || now >= own) return [];
  return [{ code: 'baseline-threshold', message: `${baseline?.name ?? ''} was made with threshold ${own}, this run uses ${now}: what is between the two counts as new` }];
}

async function requireRepository(root: string, { against, since, staged, changed }: GateRequest): Promise<void> {
  const flag = against !== undefined ? '--against' : since !== undefined ? '--since' : staged === true ? '--staged' : changed === true ? '--changed' : undefined;
  if (flag === undefined || await isWorkTree(root)) return;
  throw new SimcodeError('git', `${flag} needs a git repository; ${root} is in none`, { hint: 'Use --baseline, which needs no git.' });
}

/** The baseline asked for, or the default one; without any of the ways to know what is old there must be one. */
async function openBaseline(request: GateRequest): Promise<{ readonly name: string; readonly data: Baseline } | undefined> {
  const name = request.baseline ?? BASELINE_FILE;
  const text = await readBaselineText(resolve(name));
  if (text !== undefined) return { name, data: parseBaseline(text, name) };
  const other = request.against !== undefined || request.since !== undefined || request.staged === true || request.changed === true;
  if (request.baseline === undefined && other) return undefined;
  throw new SimcodeError('baseline', `There is no ${name}`, {
    hint: request.baseline === undefined
      ? 'Write one with simcode baseline, or compare with a branch: simcode check --against origin/main.'
      : `Write it with simcode baseline --baseline ${name}.`,
  });
}

async function sinceRef(root: string, { since, changed }: GateRequest): Promise<string | undefined> {
  return changed === true ? defaultBranch(root) : since;
}

async function withHead<T>(scanner: Scanner, { staged }: GateRequest, work: (head: ScannedTree) => Promise<T>): Promise<T> {
  if (staged !== true) return work(await scanner.scanKeeping(scanner.files));
  const tree = await openGitTree(scanner.root, { staged: true }, scanner.scopes);
  try {
    return await work(await scanner.scanKeeping(tree));
  } finally {
    tree.close();
  }
}

async function scanBase(scanner: Scanner, commit: string, head: ScannedTree): Promise<NonNullable<GateInput['base']>> {
  const tree = await openGitTree(scanner.root, { commit }, scanner.scopes);
  try {
    const unknown = head.result.chunks.map(({ path }) => path).filter((path) => !tree.blobs.has(path));
    // a file that git ignores is in no diff and no commit; one in a submodule may be of any commit of that
    const changed = new Set([...await changedPaths(scanner.root, commit), ...unknown, ...tree.nested]);
    return { result: await scanner.scanPast(head, { files: tree, changed }), renames: await renames(scanner.root, commit) };
  } finally {
    tree.close();
  }
}

async function changes(root: string, request: GateRequest, from: string | undefined): Promise<Pick<GateInput, 'changed' | 'scoped'>> {
  const scoped = request.since !== undefined || request.changed === true || request.staged === true;
  if (!scoped && from === undefined) return {};
  const lines = await changedLines(root, request.staged === true ? { staged: true } : { since: from ?? await resolveCommit(root, 'HEAD') });
  return { scoped, changed: touchedBy(lines) };
}

function againstWords(request: GateRequest, since: string | undefined, baseline: string | undefined): NonNullable<Verdict['against']> {
  if (request.against !== undefined) return { kind: 'commit', name: request.against };
  if (request.staged === true) return { kind: 'changes', name: 'staged' };
  if (since !== undefined) return { kind: 'changes', name: since };
  return { kind: 'baseline', name: baseline ?? BASELINE_FILE };
}
