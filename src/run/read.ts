import { createHash } from 'node:crypto';

import { chunkStored } from '../chunk/stored.ts';
import { discoverFiles } from '../discover/discover.ts';
import { EmbedStream } from '../embed/stream.ts';
import type { Chunk, FileSource, Skip, Warning } from '../types.ts';
import { ahead } from '../util/ahead.ts';
import { nothingAnalysed } from './notices.ts';
import type { EmbeddedFunctions, ReadOptions, ReadPorts } from './ports.ts';
import type { Stopwatch } from './stopwatch.ts';

/** The functions of a tree before they are all embedded. */
export interface ChunkedTree {
  readonly chunks: Chunk[];
  /** Holds the first of the chunks. */
  readonly embedding: EmbedStream;
  /** Hash of all that the chunks depend on besides the code. */
  readonly digest: string;
  readonly files: number;
  readonly lines: number;
  readonly skips: readonly Skip[];
  readonly warnings: readonly Warning[];
}

/** discover → chunk. @throws SimcodeError `nothing-analysed` when the scope holds no source file */
export async function readTree(ports: ReadPorts, options: ReadOptions, watch: Stopwatch): Promise<ChunkedTree> {
  const tree = await watch.run('chunk', () => readChunks(ports, options));
  if (tree.files === 0) throw nothingAnalysed(tree.skips);
  return tree;
}

/** chunk → embed; the model may have begun already. */
export async function embedTree({ embedder, cache }: ReadPorts, tree: ChunkedTree, watch: Stopwatch): Promise<EmbeddedFunctions> {
  const { matrix, embedded, cached } = await watch.run('embed', async () => {
    await tree.embedding.add(tree.chunks.slice(tree.embedding.size));
    return tree.embedding.finish();
  });
  return { ...tree, matrix, embedded, cached, warnings: [...tree.warnings, ...await cache.save(), ...embedder.warnings?.() ?? []] };
}

/** Text by chunk id of the functions of some files that were listed before, for runs that did not keep it. */
export async function readTexts(ports: ReadPorts, options: ReadOptions, paths: ReadonlySet<string>): Promise<ReadonlyMap<string, string>> {
  const listed: FileSource = { list: () => Promise.resolve({ paths: [...paths].toSorted(), skips: [], warnings: [] }), read: (path, most) => ports.files.read(path, most) };
  const texts = new Map<string, string>();
  try {
    for await (const file of discoverFiles(listed, options.discover)) {
      const { chunks } = await chunkStored(file, ports.chunker, { ...options, text: true }, ports.chunkStore);
      for (const { id, text } of chunks) texts.set(id, text);
    }
  } finally {
    await ports.chunker.close();
  }
  return texts;
}

/** Files are chunked as they are read, so that at most a few are held whole, and embedded as soon as one is new. */
async function readChunks({ files: source, chunker, chunkStore, known, embedder, cache, onEvent }: ReadPorts, options: ReadOptions): Promise<ChunkedTree> {
  const kept = { ...options, text: options.text !== false || embedder.input === 'source' };
  const found = discoverFiles(source, { ...options.discover, ...(!kept.text && { known }) });
  const embedding = new EmbedStream(embedder, cache, onEvent);
  const digest = createHash('sha256');
  const chunks: Chunk[] = [];
  const warnings: Warning[] = [];
  let [files, lines, isNew] = [0, 0, false];
  try {
    for await (const result of ahead(found, chunker.ahead, (file) => chunkStored(file, chunker, kept, chunkStore))) {
      for (const chunk of result.chunks) chunks.push(chunk);
      warnings.push(...result.warnings);
      digest.update(result.key);
      lines += result.lines;
      onEvent({ stage: 'chunk', state: 'tick', done: ++files });
      isNew ||= result.isNew;
      if (!isNew) continue;
      await embedding.add(chunks.slice(embedding.size));
      embedding.advance();
    }
  } finally {
    await chunker.close();
  }
  await known.save();
  return { chunks, embedding, digest: digest.digest('hex'), files, lines, skips: found.skips, warnings: [...found.warnings, ...warnings, ...await chunkStore.save()] };
}
