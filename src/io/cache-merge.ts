import { dayAt, keyAt, type Segment } from './cache-segment.ts';

interface MergeEntry { readonly segment: Segment; readonly row: number; readonly key: Buffer; readonly day: number }
export interface MergePlan {
  /** Sorted by key; of equal keys the latest used first. */
  readonly entries: readonly MergeEntry[];
  /** Segments that are no longer needed once the entries are written. */
  readonly merged: readonly Segment[];
}

/** More files than this make a look-up slow. */
const MAX_SEGMENTS = 16;
/** An over-full store is cut to this share of its room, so that it is not cut again at once. */
const KEPT = 0.75;

/**
 * What to merge, if anything: everything when vectors must go or be stamped, else, when there are many segments, the
 * small ones (a segment joins as long as it is no larger than twice those before it together, so that a vector is
 * rewritten a logarithmic number of times).
 */
export function planMerge(
  segments: readonly Segment[], { maxBytes, stamp, today }: { readonly maxBytes: number; readonly stamp: boolean; readonly today: number },
): MergePlan | undefined {
  const bytes = sizeOf(segments);
  if (bytes > maxBytes) return { merged: segments, entries: newestUses(mergeEntries(segments, today), maxBytes * KEPT, bytes) };
  if (stamp) return { merged: segments, entries: mergeEntries(segments, today) };
  if (segments.length <= MAX_SEGMENTS) return undefined;
  const merged = smallOnes(segments);
  return { merged, entries: mergeEntries(merged, today) };
}

function sizeOf(segments: readonly Segment[]): number {
  return segments.reduce((sum, segment) => sum + segment.bytes, 0);
}

function smallOnes(segments: readonly Segment[]): readonly Segment[] {
  const bySize = segments.toSorted((a, b) => a.bytes - b.bytes);
  let total = 0;
  let count = 0;
  for (const { bytes } of bySize) {
    if (count >= 2 && bytes > 2 * total) break;
    total += bytes;
    count++;
  }
  return bySize.slice(0, count);
}

/** Everything in the segments, stamped with today where it was used in this run. */
function mergeEntries(segments: readonly Segment[], today: number): readonly MergeEntry[] {
  const entries: MergeEntry[] = [];
  for (const segment of segments) {
    for (let row = 0; row < segment.count; row++) {
      const day = segment.used[row] ? today : dayAt(segment, row);
      entries.push({ segment, row, key: keyAt(segment, row), day });
    }
  }
  return entries.toSorted((a, b) => a.key.compare(b.key) || b.day - a.day);
}

/** The most recently used entries that fit into `room` bytes, still sorted by key. */
function newestUses(entries: readonly MergeEntry[], room: number, bytes: number): readonly MergeEntry[] {
  const rows = entries.length === 0 ? 0 : Math.floor((room / bytes) * entries.length);
  const kept = new Set(entries.toSorted((a, b) => b.day - a.day).slice(0, rows));
  return entries.filter((entry) => kept.has(entry));
}
