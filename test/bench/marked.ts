import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Chunk, ScanResult } from '../../src/types.ts';
import { appendTo } from '../../src/util/collections.ts';
import { withTree } from './tree.ts';

export interface MarkedRow {
  readonly copy: string;
  readonly source: string;
  readonly together: boolean;
}

export interface MarkedResult {
  readonly functions: number;
  readonly classes: number;
  readonly comments: number;
  /** Comments above no function over the size floor, and those whose source is not among the functions of the tree. */
  readonly small: number;
  readonly sourceless: readonly string[];
  readonly rows: readonly MarkedRow[];
  /** Largest classes by members: no class may swallow the tree. */
  readonly largest: readonly number[];
}

interface Mark { readonly line: number; readonly target: string; readonly renames: readonly (readonly [string, string])[] }

/**
 * Recall on a tree that marks its copies by comments, `<marker> dotted.path.of.Source [with A->B, C->D]`, before a
 * function or a class (then each of its methods): the share of (copy, source) pairs of functions in one clone class.
 *
 * @param except a comment that takes a method out of a marked class
 */
export async function benchMarked(path: string, marker: string, except: string): Promise<MarkedResult> {
  return withTree(path, (result, { root }) => measure(result, root, marker, except));
}

function measure(result: ScanResult, root: string, marker: string, except: string): MarkedResult {
  const byPath = new Map<string, Chunk[]>();
  for (const chunk of result.chunks) appendTo(byPath, chunk.path, chunk);
  const classOf = new Map(result.classes.flatMap(({ members }, i) => members.map((id) => [id, i] as const)));
  const rows = new Map<string, MarkedRow>();
  let comments = 0;
  let small = 0;
  const sourceless: string[] = [];
  for (const [path, chunks] of byPath) {
    const lines = readFileSync(join(root, path), 'utf8').split(/\r?\n/);
    for (const mark of marksOf(lines, marker)) {
      comments++;
      const copies = copiesOf(mark, lines, chunks, except);
      const pairs = copies.flatMap((copy) => {
        const source = sourceOf(mark, copy, byPath);
        return source === undefined || source.id === copy.chunk.id ? [] : [[copy.chunk, source] as const];
      });
      if (copies.length === 0) small++;
      else if (pairs.length === 0) sourceless.push(`${path}:${mark.line} ${mark.target}`);
      for (const [copy, source] of pairs) {
        const home = classOf.get(copy.id);
        rows.set(`${copy.id} ${source.id}`, { copy: copy.id, source: source.id, together: home !== undefined && home === classOf.get(source.id) });
      }
    }
  }
  return {
    functions: result.chunks.length, classes: result.classes.length, comments, small, sourceless, rows: [...rows.values()],
    largest: result.classes.map(({ members }) => members.length).toSorted((x, y) => y - x).slice(0, 5),
  };
}

function marksOf(lines: readonly string[], marker: string): readonly Mark[] {
  return lines.flatMap((text, i) => {
    const rest = text.trim().startsWith(marker) ? text.trim().slice(marker.length) : '';
    const found = /^\s*([\w]+(?:\.\w+)+)(?:\s+with\s+(.*))?/.exec(rest);
    if (found?.[1] === undefined) return [];
    const renames = [...(found[2] ?? '').matchAll(/([\w.]+)\s*->\s*([\w.]+)/g)].map(([, from = '', to = '']) => [from, to] as const);
    return [{ line: i + 1, target: found[1], renames }];
  });
}

interface Copy { readonly chunk: Chunk; /** Name below the marked class; undefined for a marked function. */ readonly member?: string }

/** Functions that a comment speaks of: the one below it, or the methods of the class below it. */
function copiesOf({ line }: Mark, lines: readonly string[], chunks: readonly Chunk[], except: string): readonly Copy[] {
  let next = line + 1;
  while (/^\s*(#|\/\/|$)/.test(lines[next - 1] ?? 'end')) next++;
  const own = chunks.find(({ range }) => range.startLine === next);
  if (own !== undefined) return [{ chunk: own }];
  while (/^\s*@/.test(lines[next - 1] ?? '')) next++;
  const name = /\bclass\s+(\w+)/.exec(lines[next - 1] ?? '')?.[1];
  if (name === undefined) return chunks.filter(({ range }) => range.startLine > line && range.startLine <= next).map((chunk) => ({ chunk }));
  return chunks.filter(({ qualifiedName, range }) => qualifiedName.startsWith(`${name}.`) && !(except !== '' && (lines[range.startLine - 2] ?? '').includes(except)))
    .map((chunk) => ({ chunk, member: chunk.qualifiedName.slice(name.length + 1) }));
}

/** The function that a dotted path names: the longest beginning that is a file, then its qualified name. */
function sourceOf({ target, renames }: Mark, { member }: Copy, byPath: ReadonlyMap<string, readonly Chunk[]>): Chunk | undefined {
  const parts = target.split('.');
  for (let cut = parts.length - 1; cut > 0; cut--) {
    const module = parts.slice(0, cut).join('/');
    const name = [...parts.slice(cut), ...(member === undefined ? [] : [member])].join('.');
    const files = [...byPath].filter(([path]) => isModule(path.replace(/(\/__init__)?\.\w+$/, ''), module));
    const found = files.flatMap(([, chunks]) => chunks).find(({ qualifiedName }) => qualifiedName === name || renamed(qualifiedName, renames) === name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Whether a path without its extension is what a dotted path begins with; either may begin further out. */
function isModule(path: string, module: string): boolean {
  return path === module || path.endsWith(`/${module}`) || module.endsWith(`/${path}`);
}

function renamed(name: string, renames: Mark['renames']): string {
  const [scope, ...rest] = name.split('.');
  return [scope, ...rest.map((part) => renames.reduce((text, [from, to]) => text.replaceAll(from, to), part))].join('.');
}

export function markedTable({ functions, classes, comments, small, sourceless, rows, largest }: MarkedResult): string {
  const together = rows.filter((row) => row.together).length;
  return [
    `${functions} functions, ${classes} classes, largest ${largest.join(', ')}; ${comments} comments, ${small} above no function over the size floor, ${sourceless.length} whose source is not there`,
    `${together} of ${rows.length} pairs in one class: ${((100 * together) / Math.max(1, rows.length)).toFixed(1)} %`,
    ...rows.filter((row) => !row.together).slice(0, 20).map(({ copy, source }) => `  missed: ${copy} from ${source}`), '',
  ].join('\n');
}
