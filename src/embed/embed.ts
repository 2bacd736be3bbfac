import type { Chunk, Embedder, OnEvent, VectorCache } from '../types.ts';
import { EmbedStream, type Embedding } from './stream.ts';

/**
 * Vectors of all chunks, in their order: see `EmbedStream`.
 * @throws what `embedder.embed` throws
 */
export async function embedChunks(
  chunks: readonly Chunk[], embedder: Embedder, cache: VectorCache, onEvent?: OnEvent,
): Promise<Embedding> {
  const stream = new EmbedStream(embedder, cache, onEvent);
  await stream.add(chunks);
  return stream.finish();
}
