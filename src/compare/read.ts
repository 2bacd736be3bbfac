import { chunkFile } from '../chunk/chunk.ts';
import type { DiscoverOptions } from '../discover/discover.ts';
import { discoverFiles } from '../discover/discover.ts';
import type { Chunk, FileSource, Grammars, Matrix, OnEvent, Warning } from '../types.ts';

/** `a` and `b` are compared; `c` holds what is common property. */
export type Side = 'a' | 'b' | 'c';

/** One tree to read, or functions that a store has, with their vectors. */
export interface TreeInput {
  readonly side: Side;
  /** As the user named it. */
  readonly name: string;
  readonly source: FileSource | StoredTree;
}

export interface StoredTree {
  readonly files: number;
  readonly chunks: readonly Chunk[];
  /** Row i is the vector of chunk i. */
  readonly matrix: Matrix;
}

export interface ReadOptions {
  readonly discover: DiscoverOptions;
  readonly minLines: number;
  readonly minTokens: number;
}

/** The functions of a tree; their paths begin with a prefix of the tree's own, so that trees never share a path. */
export interface ReadTree {
  readonly input: TreeInput;
  readonly files: number;
  readonly chunks: readonly Chunk[];
  /** Vectors of the chunks, where they are known already. */
  readonly rows?: Float32Array;
  readonly warnings: readonly Warning[];
  /** Path within the tree. */
  readonly inside: (path: string) => string;
}

/** Reads a tree, file by file. @param at number of the tree in the run */
export async function readTree(input: TreeInput, at: number, grammars: Grammars, options: ReadOptions, onEvent: OnEvent): Promise<ReadTree> {
  const prefix = `${input.side}${at}/`;
  const inside = (path: string): string => path.slice(prefix.length);
  if ('matrix' in input.source) {
    const { files, chunks, matrix } = input.source;
    return { input, files, chunks: chunks.map((chunk) => below(prefix, chunk)), rows: matrix.rows, warnings: [], inside };
  }
  const found = discoverFiles(input.source, options.discover);
  const chunks: Chunk[] = [];
  const warnings: Warning[] = [];
  let files = 0;
  for await (const file of found) {
    const result = await chunkFile({ ...file, path: prefix + file.path }, grammars, options);
    for (const chunk of result.chunks) chunks.push(chunk);
    for (const warning of result.warnings) warnings.push({ ...warning, path: `${input.name}: ${file.path}` });
    onEvent({ stage: 'chunk', state: 'tick', done: ++files });
  }
  const named = found.warnings.map((warning) => ({ ...warning, ...(warning.path === undefined ? {} : { path: `${input.name}: ${warning.path}` }) }));
  return { input, files, chunks, warnings: [...named, ...warnings], inside };
}

function below(prefix: string, chunk: Chunk): Chunk {
  const { id, path, parentId } = chunk;
  return { ...chunk, id: prefix + id, path: prefix + path, ...(parentId !== undefined && { parentId: prefix + parentId }) };
}
