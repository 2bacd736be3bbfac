import type { Chunk, CloneClass, GateFinding, ScanResult, Verdict } from '../types.ts';
import { describeFinding, pairOf } from '../util/finding.ts';
import type { Baseline } from './baseline.ts';
import { findDrift } from './drift.ts';
import { identify } from './identity.ts';
import { recognise, type Recognised } from './known.ts';
import { newMembers, type ChangedLines, type Past } from './newness.ts';
import type { GateOptions } from './options.ts';
import { traceOrigin } from './origin.ts';
import { unusedSuppressions } from './suppressions.ts';

/** Everything the gate judges by; what is absent does not count. */
export interface GateInput {
  readonly result: ScanResult;
  readonly baseline?: Baseline | undefined;
  /** The tree at the base commit, and old path by new path of files renamed since. */
  readonly base?: { readonly result: Pick<ScanResult, 'chunks' | 'classes'>; readonly renames: ReadonlyMap<string, string> } | undefined;
  readonly changed?: ChangedLines | undefined;
  /** Only members that the change reaches can be new. */
  readonly scoped?: boolean;
  readonly against: NonNullable<Verdict['against']>;
  readonly options?: GateOptions;
}

/** Judges every class of a result: new, known, accepted or suppressed, and what is to be said about it. */
export function judge(input: GateInput): Verdict {
  const { result, baseline, base, changed, scoped = false, options = {} } = input;
  const identities = result.chunks.map(identify);
  const recognised = baseline === undefined ? undefined : recognise(identities, baseline);
  const origin = base === undefined ? undefined : traceOrigin(result.chunks, identities, { ...base.result, renames: base.renames });
  const past = { recognised, origin, changed, scoped };
  const sorted = sortClasses(result, past, options);
  const drift = origin === undefined ? [] : findDrift(result.chunks, result.classes, origin)
    .map((finding): GateFinding => (options.failOnDrift === true ? { ...finding, level: 'error' } : finding));
  const failed = sorted.new.length > (options.maxNew ?? 0) || (options.failOnDrift === true && drift.length > 0);
  return {
    ...sorted,
    gone: recognised === undefined ? [] : goneEntries(result, recognised),
    exitCode: failed ? 1 : 0,
    drift, unused: unusedSuppressions(result), against: input.against,
  };
}

type Sorted = Required<Pick<Verdict, 'new' | 'known' | 'findings' | 'accepted' | 'suppressed'>>;

function sortClasses(result: ScanResult, past: Past, options: GateOptions): Sorted {
  const byId = new Map(result.chunks.map((chunk) => [chunk.id, chunk] as const));
  const indexOf = new Map(result.chunks.map(({ id }, i) => [id, i] as const));
  const found: { [K in keyof Sorted]: Sorted[K][number][] } = { new: [], known: [], findings: [], accepted: [], suppressed: [] };
  for (const clones of result.classes) {
    const chunks = clones.members.map((id) => byId.get(id)).filter((chunk) => chunk !== undefined);
    const { members, accepted } = newMembers(clones, chunks, indexOf, past);
    const hushed = chunks.filter(({ suppression }) => suppression !== undefined);
    const findings = findingsOf(clones, chunks, members, past.changed, options);
    if (findings.length > 0) {
      found.new.push(clones.id);
      found.findings.push(...findings);
    } else if (accepted !== undefined) found.accepted.push({ class: clones.id, reason: accepted });
    else if (members.length > 0 && hushed.length > 0) {
      for (const { id, suppression } of hushed) {
        if (suppression !== undefined) found.suppressed.push({ class: clones.id, member: id, line: suppression.line, reason: suppression.reason });
      }
    } else found.known.push(clones.id);
  }
  return { ...found, findings: found.findings.toSorted((x, y) => y.similarity - x.similarity || x.type - y.type) };
}

/** One finding a new member, each with the twin that says most; suppressed chunks neither have nor are a twin. */
function findingsOf(clones: CloneClass, chunks: readonly Chunk[], fresh: readonly Chunk[], changed: ChangedLines | undefined, options: GateOptions): readonly GateFinding[] {
  const open = chunks.filter(({ suppression }) => suppression === undefined);
  const isNew = new Set(fresh.map(({ id }) => id));
  const originals = open.filter(({ id }) => !isNew.has(id));
  // when everything in the class is new, its most central member stands for the original
  if (originals.length === 0) originals.push(...open.filter(({ id }) => id === clones.representative), ...open.slice(0, 1));
  const found: GateFinding[] = [];
  for (const member of fresh) {
    if (member.suppression !== undefined || (originals[0] === member && open.length > 1)) continue;
    const best = bestTwin(clones, member, originals);
    if (best === undefined || best.similarity < (options.minSimilarity ?? 0) || options.types?.includes(best.type) === false) continue;
    found.push(describeFinding({ rule: 'new-clone', level: 'error', class: clones.id, member, ...best, lines: changed?.(member)[0] }));
  }
  return found;
}

function bestTwin(clones: CloneClass, member: Chunk, originals: readonly Chunk[]) {
  const pairs = originals.filter(({ id }) => id !== member.id).map((twin) => ({ twin, pair: pairOf(clones, member.id, twin.id) }));
  const direct = pairs.filter(({ pair }) => pair !== undefined).toSorted((x, y) => (y.pair?.similarity ?? 0) - (x.pair?.similarity ?? 0))[0] ?? pairs[0];
  if (direct === undefined) return undefined;
  // members of a class need not all be paired with each other: the class's own figures stand in
  const { similarity, type } = direct.pair ?? { similarity: clones.minSimilarity, type: clones.type };
  return { twin: direct.twin, similarity, type };
}

/** Entries of which no two members are in one class any more. */
function goneEntries(result: ScanResult, { found }: Recognised): readonly string[] {
  const classOf = new Map(result.classes.flatMap((one) => one.members.map((id) => [id, one.id] as const)));
  return [...found].filter(([, indices]) => {
    const homes = indices.map((index) => (index === undefined ? undefined : classOf.get(result.chunks[index]?.id ?? ''))).filter((home) => home !== undefined);
    return new Set(homes).size === homes.length;
  }).map(([entry]) => entry.id);
}
