import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { chunkFile } from '../../src/chunk/chunk.ts';
import { ERROR_TYPE } from '../../src/chunk/grammar.ts';
import { readPieces } from '../../src/chunk/pieces.ts';
import { discoverFiles } from '../../src/discover/discover.ts';
import { createFileSource } from '../../src/io/files.ts';
import { openGrammars } from '../../src/io/grammars.ts';
import type { Chunk, ChunkKind, Grammars, LanguageId, SourceFile } from '../../src/types.ts';
import { markdown } from './table.ts';

/** How universal-ctags counts the named functions of a language: its own parser's kinds, or patterns where it has none. */
interface Counter {
  readonly options: readonly string[];
  /** Kinds of ours that it does not count. */
  readonly without?: readonly ChunkKind[];
}

const parser = (name: string, kinds: string): readonly string[] => [`--languages=${name}`, `--kinds-${name}=${kinds}`];
const patterns = (name: string, extension: string, ...regexes: readonly string[]): readonly string[] =>
  [`--langdef=${name}`, `--map-${name}=+.${extension}`, `--languages=${name}`, `--kinddef-${name}=f,function,functions`, ...regexes.map((regex) => `--regex-${name}=/${regex}/f/`)];

const COUNTERS: Readonly<Record<LanguageId, Counter>> = {
  bash: { options: [...parser('Sh', 'f'), '--map-Sh=+.bats'] },
  c: { options: [...parser('C', 'f'), '--map-C=+.h'] },
  cpp: { options: [...parser('C++', 'f')] },
  csharp: { options: parser('C#', 'm'), without: ['getter', 'setter'] },
  dart: { options: patterns('CountDart', 'dart', '^[ \\t]*((static|external|late|covariant) )*[A-Za-z_<>?,. \\[\\]]*\\b([A-Za-z_$][A-Za-z0-9_$]*)[ \\t]*\\([^;=]*\\)[ \\t]*(async|sync)?\\*?[ \\t]*(\\{|=>)/\\3') },
  go: { options: parser('Go', 'f') },
  java: { options: parser('Java', 'm') },
  javascript: { options: [...parser('JavaScript', 'fgmGS'), '--map-JavaScript=+.cjs', '--map-JavaScript=+.jsx'] },
  kotlin: { options: parser('Kotlin', 'm'), without: ['getter', 'setter'] },
  lua: { options: parser('Lua', 'f') },
  objc: { options: [...parser('ObjectiveC', 'fmc'), '--map-ObjectiveC=+.mm'] },
  php: { options: parser('PHP', 'f') },
  python: { options: parser('Python', 'fm') },
  ruby: { options: parser('Ruby', 'fS') },
  rust: { options: parser('Rust', 'fP') },
  scala: { options: patterns('CountScala', 'scala', '^[^"*]*\\bdef[ \\t]+([^ \\t(\\[:=]+)/\\1'), without: ['getter', 'setter'] },
  swift: { options: patterns('CountSwift', 'swift', '^[^"*]*\\bfunc[ \\t]+([^ \\t(<]+)/\\1', '^[^"*.]*\\b(init)[?!]?[ \\t]*[(<]/\\1', '^[ \\t]*(deinit)\\b/\\1', '^[^"*]*\\b(subscript)[ \\t]*[(<]/\\1'), without: ['getter', 'setter'] },
  tsx: { options: parser('TypeScript', 'fGm') },
  typescript: { options: [...parser('TypeScript', 'fGm'), '--map-TypeScript=+.mts', '--map-TypeScript=+.cts'] },
  zig: { options: patterns('CountZig', 'zig', '^[^"]*\\bfn[ \\t]+([A-Za-z_@"][^ \\t(]*)[ \\t]*\\(/\\1') },
};

export interface CountRow {
  readonly language: LanguageId;
  readonly files: number;
  readonly megabytes: number;
  /** Share of the bytes inside syntax errors, outermost. */
  readonly errorShare: number;
  /** Files with an error. */
  readonly errorFiles: number;
  /** Named functions found here, by ctags, and by both in the same file. */
  readonly ours: number;
  readonly theirs: number;
  readonly both: number;
  /** Functions without a name of their own: lambdas, closures. */
  readonly unnamed: number;
  /** CPU seconds a megabyte, parsing and chunking. */
  readonly secondsPerMb: number;
  /** `file:line name` that one side has and the other has not. */
  readonly oursAlone: readonly string[];
  readonly theirsAlone: readonly string[];
}

interface Found { readonly name: string; readonly path: string; readonly line: number }

/** Counts the functions of one language in a tree, tests and vendored code included, and again with universal-ctags. */
export async function benchCount(path: string, language: LanguageId): Promise<CountRow> {
  const counter = COUNTERS[language];
  if (counter === undefined) throw new RangeError(`count knows ${Object.keys(COUNTERS).join(', ')}`);
  const root = resolve(path);
  const grammars = await openGrammars();
  const sums = { files: 0, bytes: 0, errors: 0, errorFiles: 0, cpu: 0, unnamed: 0 };
  const ours: Found[] = [];
  const paths: string[] = [];
  const files = discoverFiles(createFileSource(root, [root]), { languages: [language], includeVendored: true, includeGenerated: true, maxFileSize: 8 * 1024 ** 2 });
  for await (const file of files) {
    const { chunks, cpu } = await timed(file, grammars);
    const errors = await errorBytes(file, grammars);
    const named = chunks.filter(({ name, kind }) => name !== '' && counter.without?.includes(kind) !== true);
    sums.files++;
    sums.bytes += Buffer.byteLength(file.text);
    sums.errors += errors;
    sums.errorFiles += errors > 0 ? 1 : 0;
    sums.cpu += cpu;
    sums.unnamed += chunks.filter(({ name }) => name === '').length;
    ours.push(...named.map(({ name, range }) => ({ name, path: file.path, line: range.startLine })));
    paths.push(file.path);
  }
  const theirs = ctags(root, paths, counter.options);
  const { both, first: oursAlone, second: theirsAlone } = matched(ours, theirs);
  return {
    language, files: sums.files, megabytes: sums.bytes / 1e6, errorShare: sums.errors / Math.max(1, sums.bytes), errorFiles: sums.errorFiles,
    ours: ours.length, theirs: theirs.length, both, unnamed: sums.unnamed, secondsPerMb: sums.cpu / (sums.bytes / 1e6), oursAlone, theirsAlone,
  };
}

async function timed(file: SourceFile, grammars: Grammars): Promise<{ readonly chunks: readonly Chunk[]; readonly cpu: number }> {
  const before = process.cpuUsage();
  const { chunks } = await chunkFile(file, grammars, { minLines: 1, minTokens: 1 });
  const { user, system } = process.cpuUsage(before);
  return { chunks, cpu: (user + system) / 1e6 };
}

async function errorBytes(file: SourceFile, grammars: Grammars): Promise<number> {
  const { pieces } = await readPieces(file, grammars);
  let bytes = 0;
  for (const { parsed: { tree, text } } of pieces) {
    for (let node = 0; node < tree.size;) {
      const isError = tree.type[node] === ERROR_TYPE;
      if (isError) bytes += Buffer.byteLength(text.slice(tree.start[node], tree.end[node]));
      node = isError ? (tree.next[node] ?? tree.size) : node + 1;
    }
  }
  return bytes;
}

function ctags(root: string, paths: readonly string[], options: readonly string[]): readonly Found[] {
  const output = execFileSync('ctags', [...options, '--links=no', '--sort=no', '-x', '--_xformat=%n\t%N\t%F', '-L', '-'], {
    cwd: root, input: paths.join('\n'), encoding: 'utf8', maxBuffer: 1 << 30, stdio: ['pipe', 'pipe', 'ignore'],
  });
  return output.split('\n').filter((line) => line !== '').map((line) => {
    const [number = '', name = '', path = ''] = line.split('\t');
    return { name: name.replace(/^.*[.:](?=[^.:]+$)/, ''), path, line: Number(number) };
  });
}

/** Pairs functions of the same name in the same file; what is left on each side. */
function matched(first: readonly Found[], second: readonly Found[]): { readonly both: number; readonly first: readonly string[]; readonly second: readonly string[] } {
  const key = ({ path, name }: Found): string => `${path} ${name.replace(/\W/g, '')}`;
  const open = new Map<string, Found[]>();
  for (const found of second) open.set(key(found), [...(open.get(key(found)) ?? []), found]);
  const alone = first.filter((found) => open.get(key(found))?.shift() === undefined);
  const show = ({ path, line, name }: Found): string => `${path}:${line} ${name}`;
  return { both: first.length - alone.length, first: alone.map(show), second: [...open.values()].flat().map(show) };
}

/** The row as a table, then up to `samples` functions that one side alone has, spread over the tree. */
export function countTable(row: CountRow, samples: number): string {
  const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;
  const spread = (list: readonly string[]): string => list.filter((_, i) => i % Math.max(1, Math.ceil(list.length / samples)) === 0).map((line) => `  ${line}\n`).join('');
  return `${markdown(['language', 'files', 'MB', 'bytes in errors', 'files with errors', 'functions', 'ctags', 'both', 'difference', 'unnamed', 'CPU s/MB'], [[
    row.language, row.files, row.megabytes.toFixed(2), percent(row.errorShare), row.errorFiles, row.ours, row.theirs, row.both,
    percent((row.ours - row.theirs) / Math.max(1, row.theirs)), row.unnamed, row.secondsPerMb.toFixed(2),
  ]])}
here alone (${row.oursAlone.length}):
${spread(row.oursAlone)}ctags alone (${row.theirsAlone.length}):
${spread(row.theirsAlone)}`;
}
