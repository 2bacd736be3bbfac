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
  /** Kinds of ours that it counts beside functions, methods and constructors. */
  readonly also?: readonly ChunkKind[];
}

const COUNTED: readonly ChunkKind[] = ['function', 'method', 'constructor', 'class-method'];
/** Macros are functions here and macros there. */
const MACRO = /^\s*(?:#\s*define|(?:#\[[^\]]*\]\s*)*macro_rules!)/;

const parser = (name: string, kinds: string): readonly string[] => [`--languages=${name}`, `--kinds-${name}=${kinds}`];
const patterns = (name: string, extension: string, ...regexes: readonly string[]): readonly string[] =>
  [`--langdef=${name}`, `--map-${name}=+.${extension}`, `--languages=${name}`, `--kinddef-${name}=f,function,functions`, ...regexes.map((regex) => `--regex-${name}=/${regex}/f/`)];

const COUNTERS: Readonly<Record<LanguageId, Counter>> = {
  bash: { options: [...parser('Sh', 'f'), '--map-Sh=+.bats'] },
  c: { options: [...parser('C', 'f'), '--map-C=+.h'] },
  cpp: { options: parser('C++', 'f') },
  csharp: { options: parser('C#', 'm') },
  dart: { options: patterns('CountDart', 'dart', '^[ \\t]*[A-Za-z_<>?,. ]*[ \\t.]([A-Za-z_$][A-Za-z0-9_$]*)[ \\t]*\\([^;=]*\\)[ \\t]*(async|sync)?[*]?[ \\t]*(\\{|=>)/\\1'), also: ['getter', 'setter'] },
  go: { options: parser('Go', 'f') },
  java: { options: parser('Java', 'm') },
  javascript: { options: [...parser('JavaScript', 'fgmGS'), '--map-JavaScript=+.cjs', '--map-JavaScript=+.jsx'], also: ['getter', 'setter', 'arrow'] },
  kotlin: { options: parser('Kotlin', 'm') },
  lua: { options: parser('Lua', 'f') },
  objc: { options: patterns('CountObjC', 'm', '^[-+][ \\t]*[(][^)]*[)][ \\t]*([A-Za-z_0-9]+)[^;]*$/\\1', '^[A-Za-z_][A-Za-z_0-9 *]* [*]*([A-Za-z_0-9]+)[(][^;]*[{][ \\t]*$/\\1') },
  php: { options: parser('PHP', 'f') },
  python: { options: parser('Python', 'fm') },
  ruby: { options: [...parser('Ruby', 'fS'), '--map-Ruby=+(Rakefile)', '--map-Ruby=+(Gemfile)', '--map-Ruby=+.rake', '--map-Ruby=+.gemspec'] },
  rust: { options: parser('Rust', 'fP') },
  scala: { options: [...patterns('CountScala', 'scala', '^[^"*]*def[ \\t]+([A-Za-z0-9_]+)/\\1'), '--map-CountScala=+.sc'] },
  swift: { options: patterns('CountSwift', 'swift', '^[^"*]*\\bfunc[ \\t]+([^ \\t(<]+)/\\1', '^[^"*.]*\\b(init)[?!]?[ \\t]*[(<]/\\1', '^[ \\t]*(deinit)\\b/\\1', '^[^"*]*\\b(subscript)[ \\t]*[(<]/\\1') },
  tsx: { options: [...parser('TypeScript', 'fGm'), '--map-TypeScript=+.tsx'] },
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
  /** What the other tool does not count: lambdas and closures, accessors in most languages, macros. */
  readonly others: number;
  /** CPU seconds a megabyte, parsing and chunking. */
  readonly secondsPerMb: number;
  /** `file:line name` that one side has and the other has not. */
  readonly oursAlone: readonly string[];
  readonly theirsAlone: readonly string[];
}

interface Found { readonly name: string; readonly path: string; readonly line: number }

/**
 * Counts the functions of one language in a tree, tests and vendored code included, and again with universal-ctags or with
 * a command of your own, which reads paths and writes `line<tab>name<tab>path` for each function.
 */
export async function benchCount(path: string, language: LanguageId, command?: string): Promise<CountRow> {
  const counter = COUNTERS[language];
  if (counter === undefined) throw new RangeError(`count knows ${Object.keys(COUNTERS).join(', ')}`);
  const root = resolve(path);
  const grammars = await openGrammars();
  const sums = { files: 0, bytes: 0, errors: 0, errorFiles: 0, cpu: 0, others: 0 };
  const ours: Found[] = [];
  const paths: string[] = [];
  const files = discoverFiles(createFileSource(root, [root]), { languages: [language], includeVendored: true, includeGenerated: true, maxFileSize: 8 * 1024 ** 2 });
  for await (const file of files) {
    const { chunks, cpu } = await timed(file, grammars);
    const errors = await errorBytes(file, grammars);
    const counted = chunks.filter(({ name, kind, text }) => (COUNTED.includes(kind) ? name !== '' || kind !== 'function' : name !== '' && counter.also?.includes(kind) === true) && !MACRO.test(text));
    sums.files++;
    sums.bytes += Buffer.byteLength(file.text);
    sums.errors += errors;
    sums.errorFiles += errors > 0 ? 1 : 0;
    sums.cpu += cpu;
    sums.others += chunks.length - counted.length;
    ours.push(...counted.map(({ name, text, range }) => ({ name: name === '' ? (/\b(init|deinit|subscript|operator)\b/.exec(text)?.[0] ?? '') : name, path: file.path, line: range.startLine })));
    paths.push(file.path);
  }
  const theirs = counts(root, paths, command === undefined ? ['ctags', ...counter.options, ...CTAGS_OUTPUT] : command.split(' '));
  const { both, first: oursAlone, second: theirsAlone } = matched(ours, theirs);
  return {
    language, files: sums.files, megabytes: sums.bytes / 1e6, errorShare: sums.errors / Math.max(1, sums.bytes), errorFiles: sums.errorFiles,
    ours: ours.length, theirs: theirs.length, both, others: sums.others, secondsPerMb: sums.cpu / (sums.bytes / 1e6), oursAlone, theirsAlone,
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

const CTAGS_OUTPUT = ['--links=no', '--sort=no', '-x', '--_xformat=%n\t%N\t%F', '-L', '-'];

function counts(root: string, paths: readonly string[], [program = '', ...options]: readonly string[]): readonly Found[] {
  const output = execFileSync(program, options, {
    cwd: root, input: paths.join('\n'), encoding: 'utf8', maxBuffer: 1 << 30, stdio: ['pipe', 'pipe', 'ignore'],
  });
  // ctags names what has no name
  return output.split('\n').filter((line) => line !== '' && !/\t(?:<lambda>|__anon\w*|AnonymousFunction\w*)\t/.test(line)).map((line) => {
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
  return `${markdown(['language', 'files', 'MB', 'bytes in errors', 'files with errors', 'functions', 'ctags', 'both', 'difference', 'other units', 'CPU s/MB'], [[
    row.language, row.files, row.megabytes.toFixed(2), percent(row.errorShare), row.errorFiles, row.ours, row.theirs, row.both,
    percent((row.ours - row.theirs) / Math.max(1, row.theirs)), row.others, row.secondsPerMb.toFixed(2),
  ]])}
here alone (${row.oursAlone.length}):
${spread(row.oursAlone)}ctags alone (${row.theirsAlone.length}):
${spread(row.theirsAlone)}`;
}
