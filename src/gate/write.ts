import { SimcodeError } from '../errors.ts';
import type { CloneClass, ScanResult } from '../types.ts';
import type { Baseline, BaselineEntry, BaselineHeader } from './baseline.ts';
import { headerOf } from './baseline.ts';
import { identify } from './identity.ts';
import { recognise } from './known.ts';

type Scanned = Pick<ScanResult, 'chunks' | 'classes' | 'tool' | 'model' | 'config'>;

/** A baseline that knows every class of a result and keeps what a person accepted. */
export function createBaseline(result: Scanned, accepted: readonly BaselineEntry[] = []): Baseline {
  const covered = recognise(result.chunks.map(identify), { header: headerOf(result), known: [], accepted }).accepted;
  const indexOf = new Map(result.chunks.map(({ id }, i) => [id, i] as const));
  const open = result.classes.filter(({ members }) => !members.every((id) => covered.has(indexOf.get(id) ?? -1)));
  return { header: headerOf(result), accepted, known: entriesOf(result, open) };
}

/** Drops entries of which fewer than two members are left, and members that are gone; adds and changes nothing. */
export function pruneBaseline(baseline: Baseline, result: Scanned): Baseline {
  const identities = result.chunks.map(identify);
  const inClass = new Set(result.classes.flatMap(({ members }) => members));
  const { found } = recognise(identities, baseline);
  const known = baseline.known.flatMap((entry): BaselineEntry[] => {
    const indices = found.get(entry) ?? [];
    const members = entry.members.filter((_, i) => inClass.has(result.chunks[indices[i] ?? -1]?.id ?? ''));
    return members.length < 2 ? [] : [{ ...entry, members }];
  });
  return { ...baseline, known };
}

/**
 * Accepts one class of a result, by id or a beginning of it that is its alone.
 * @throws SimcodeError `baseline` when there is no such class
 */
export function acceptClass(baseline: Baseline, result: Scanned, id: string, reason: string): Baseline {
  const found = result.classes.filter((one) => id.length >= 4 && one.id.startsWith(id));
  const [clones] = found;
  if (clones === undefined || found.length > 1) {
    throw new SimcodeError('baseline', `${found.length > 1 ? 'Several classes begin' : 'No class begins'} with ${JSON.stringify(id)}`, {
      hint: 'simcode check and simcode scan print the id of each class; an id changes when its functions do.',
    });
  }
  const entries = entriesOf(result, [clones]).map((entry) => ({ ...entry, reason }));
  return { ...baseline, accepted: [...baseline.accepted.filter((entry) => entry.id !== clones.id), ...entries] };
}

/** @throws SimcodeError `baseline` when a baseline was made by another model */
export function requireSameModel(own: BaselineHeader, result: Scanned, name: string): void {
  const current = headerOf(result);
  if (own.model === current.model && own.revision === current.revision) return;
  throw new SimcodeError('baseline', `${name} was made with ${own.model} ${own.revision}, this run uses ${current.model} ${current.revision}`, {
    hint: 'Write it for this model with simcode baseline --migrate; accepted entries stay.',
  });
}

function entriesOf(result: Scanned, classes: readonly CloneClass[]): readonly BaselineEntry[] {
  const byId = new Map(result.chunks.map((chunk) => [chunk.id, chunk] as const));
  return classes.map(({ id, type, members }) => ({
    id, type, members: members.map((member) => byId.get(member)).filter((chunk) => chunk !== undefined).map(identify),
  }));
}
