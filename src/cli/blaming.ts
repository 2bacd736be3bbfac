import { SimcodeError } from '../errors.ts';
import { isWorkTree } from '../io/git.ts';
import { blameSpans, type Age } from '../io/git-blame.ts';
import { appendTo } from '../util/collections.ts';
import type { Chunk, CloneClass, ScanResult, Warning } from '../types.ts';

/** Files that git is asked about at most: those of the classes with most to save. */
const MAX_FILES = 2000;
/** git processes at a time. */
const AT_ONCE = 4;

/** The result with the oldest member of each class by git's history (`--blame`): one `git blame` a file, up to 2,000 files. */
export async function withOldest(result: ScanResult, most = MAX_FILES): Promise<ScanResult> {
  if (result.classes.length === 0) return result;
  if (!(await isWorkTree(result.root))) return warned(result, [{ code: 'no-history', message: 'The tree is in no git repository: --blame knows no oldest members' }]);
  const byId = new Map(result.chunks.map((chunk) => [chunk.id, chunk] as const));
  const chunksOf = ({ members }: CloneClass): Chunk[] => members.flatMap((id) => byId.get(id) ?? []);
  const files = new Map<string, Chunk[]>();
  let covered = 0;
  for (const one of result.classes) {
    const chunks = chunksOf(one);
    if (new Set([...files.keys(), ...chunks.map(({ path }) => path)]).size > most) break;
    for (const chunk of chunks) appendTo(files, chunk.path, chunk);
    covered++;
  }
  const { ages, failures } = await blameAll(result.root, [...files]);
  const classes = result.classes.map((one, i) => (i < covered ? datedClass(one, ages) : one));
  const left = result.classes.length - covered;
  return warned({ ...result, classes }, [
    ...failures,
    ...(left === 0 ? [] : [{ code: 'blame-limit', message: `--blame looked at ${files.size} files; ${left} smaller classes have no oldest member` }]),
  ]);
}

interface Blamed { readonly ages: ReadonlyMap<string, Age>; readonly failures: readonly Warning[] }

async function blameAll(root: string, files: readonly (readonly [string, readonly Chunk[]])[]): Promise<Blamed> {
  const ages = new Map<string, Age>();
  const failures = new Map<string, Warning>();
  let next = 0;
  const work = async (): Promise<void> => {
    for (let file = files[next++]; file !== undefined; file = files[next++]) {
      const [path, chunks] = file;
      const found = await blameSpans(root, path, chunks.map(({ range }) => range)).catch((error: unknown) => {
        if (!(error instanceof SimcodeError)) throw error;
        failures.set(path, { code: 'blame-failed', path, message: error.message });
        return [];
      });
      for (const [i, { id }] of chunks.entries()) {
        const age = found[i];
        if (age !== undefined) ages.set(id, age);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { ages, failures: files.flatMap(([path]) => failures.get(path) ?? []) };
}

/** Equally old members: the first; a class of which git knows no member stays as it is. */
function datedClass(one: CloneClass, ages: ReadonlyMap<string, Age>): CloneClass {
  const dated = one.members.flatMap((member) => {
    const age = ages.get(member);
    return age === undefined ? [] : [{ member, ...age }];
  });
  const [oldest] = dated.toSorted((x, y) => x.time - y.time);
  return oldest === undefined ? one : { ...one, oldest };
}

function warned(result: ScanResult, warnings: readonly Warning[]): ScanResult {
  return { ...result, warnings: [...result.warnings, ...warnings] };
}
