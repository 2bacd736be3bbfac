import type { Chunk, ChunkKind } from '../types.ts';
import type { ByteReader, ByteWriter } from './bytes.ts';

/** By number in a pack: only ever appended to. */
const KINDS: readonly ChunkKind[] = ['function', 'method', 'constructor', 'getter', 'setter', 'arrow', 'lambda', 'class-method', 'block'];
const SCOPES = ['next', 'range', 'file'] as const;
const MAX_LINE = 2 ** 31;

/** Writes all of a chunk but its text, its id (which follows from the rest) and the order of its lexemes. */
export function writeFunction(out: ByteWriter, chunk: Chunk, stringAt: (text: string) => number, tokenAt: (token: number) => number): void {
  const { path, language, kind, name, qualifiedName, range, metrics, tags, suppression, parentId } = chunk;
  for (const text of [path, language, name, qualifiedName]) out.integer(stringAt(text));
  out.integer(KINDS.indexOf(kind));
  out.integer(range.startLine);
  out.integer(range.endLine - range.startLine);
  out.integer(range.startColumn);
  out.integer(range.endColumn);
  out.integer(range.startIndex);
  out.integer(range.endIndex - range.startIndex);
  out.integer(range.startByte);
  out.integer(range.endByte - range.startByte);
  out.integer(metrics.lines);
  out.integer(metrics.codeLines);
  out.integer(metrics.tokens);
  writeList(out, tags, stringAt);
  writeList(out, [...new Set(chunk.lexemes)], stringAt);
  writeList(out, [...chunk.tokens], tokenAt);
  // an id begins with its path, which is known
  out.integer(parentId === undefined ? 0 : stringAt(parentId.slice(path.length)) + 1);
  out.integer(suppression === undefined ? 0 : SCOPES.indexOf(suppression.scope) + 1);
  if (suppression === undefined) return;
  out.integer(suppression.line);
  out.integer(stringAt(suppression.reason));
}

function writeList<T>(out: ByteWriter, values: readonly T[], numberOf: (value: T) => number): void {
  out.integer(values.length);
  for (const value of values) out.integer(numberOf(value));
}

/** Reads what `writeFunction` wrote; throws RangeError for what it cannot have written. */
export function readFunction(from: ByteReader, repository: string, strings: readonly string[], tokens: Uint32Array): Chunk {
  const text = (): string => pick(strings, from.integer());
  const [own, language, name, qualifiedName] = [text(), text(), text(), text()];
  const path = `${repository}/${checkedPath(own)}`;
  const kind = pick(KINDS, from.integer());
  const line = (): number => from.integer(MAX_LINE);
  const position = (): number => atLeastOne(line());
  const startLine = position();
  const endLine = startLine + line();
  const [startColumn, endColumn, startIndex] = [position(), position(), line()];
  const endIndex = startIndex + line();
  const startByte = line();
  const range = { startLine, endLine, startColumn, endColumn, startIndex, endIndex, startByte, endByte: startByte + line() };
  const metrics = { lines: line(), codeLines: line(), tokens: line() };
  const tags = list(from, strings);
  const lexemes = list(from, strings);
  const sequence = Uint32Array.from({ length: from.count() }, () => pick(tokens, from.integer()));
  const parent = from.integer();
  const scope = from.integer(SCOPES.length);
  return {
    id: `${path}#${qualifiedName}@${startLine}:${startColumn}`, path, language, kind, name, qualifiedName, range, text: '', lexemes, tokens: sequence, metrics, tags,
    ...(parent > 0 && { parentId: path + pick(strings, parent - 1) }),
    ...(scope > 0 && { suppression: { scope: pick(SCOPES, scope - 1), line: line(), reason: text() } }),
  };
}

function list(from: ByteReader, strings: readonly string[]): readonly string[] {
  return Array.from({ length: from.count() }, () => pick(strings, from.integer()));
}

function pick<T>(values: ArrayLike<T>, at: number): T {
  const value = values[at];
  if (value === undefined) throw new RangeError(`it points to entry ${at} of ${values.length}`);
  return value;
}

function atLeastOne(value: number): number {
  if (value < 1) throw new RangeError('a line or column is 0');
  return value;
}

/** Nobody opens these paths, but reports print them as places of a repository. */
function checkedPath(path: string): string {
  if (path === '' || path.startsWith('/') || path.split('/').includes('..')) throw new RangeError('a path leads out of the repository');
  return path;
}
