import type { Chunk, CloneClass, ClonePair, CloneType, ScanResult } from '../../src/types.ts';
import { classFingerprint, memberFingerprint } from '../../src/util/fingerprint.ts';

/** A chunk as the chunk stage would make it, from the few fields that reports read. */
export function chunk(path: string, name: string, startLine: number, lines: number, language = 'typescript'): Chunk {
  const endLine = startLine + lines - 1;
  return {
    id: `${path}#${name}@${startLine}:1`, path, language, kind: 'function', name: name.split('.').at(-1) ?? name, qualifiedName: name,
    range: { startLine, endLine, startColumn: 1, endColumn: 2, startIndex: 0, endIndex: 9, startByte: 0, endByte: 9 },
    text: '', lexemes: [], tokens: Uint32Array.from(Array.from(path + name, (char) => char.charCodeAt(0) << 3)),
    metrics: { lines, codeLines: lines, tokens: lines * 8 }, tags: [],
  };
}

/** A class over chunks in which every pair passed; the first member is the representative. */
export function cloneClass(members: readonly Chunk[], type: CloneType, similarity: number): CloneClass {
  const fingerprint = classFingerprint(members.map(memberFingerprint));
  const ids = members.map((member) => member.id);
  const pairs = ids.flatMap((a, at) => ids.slice(at + 1).map((b): ClonePair => ({
    a, b, similarity, cosine: similarity - 0.05, lexical: 0.6, structural: 0.8123456789, type,
  })));
  return {
    id: fingerprint.slice(0, 12), fingerprint, members: ids, representative: ids[0] ?? '', cohesion: similarity,
    minSimilarity: similarity, type, pairs,
    duplicatedLines: members.slice(1).reduce((sum, member) => sum + member.metrics.lines, 0),
  };
}

/** A result around classes, with everything else filled in. */
export function scanResult(groups: readonly { readonly members: readonly Chunk[]; readonly type: CloneType; readonly similarity: number }[], more: Partial<ScanResult> = {}): ScanResult {
  const classes = groups.map((group) => cloneClass(group.members, group.type, group.similarity));
  const chunks = groups.flatMap((group) => group.members);
  return {
    tool: { name: 'simcode', version: '0.1.0' },
    model: { id: 'mini', revision: 'r1', device: 'cpu', dims: 384, instruction: '', calibrated: true },
    root: '/repository', config: { threshold: 0.9, minLines: 5 }, chunks, classes,
    counts: {
      files: 12, lines: 1480, chunks: 1234, embedded: 34, cached: 1200, candidates: 77,
      pairs: classes.reduce((sum, entry) => sum + entry.pairs.length, 0), classes: classes.length,
      duplicatedLines: classes.reduce((sum, entry) => sum + entry.duplicatedLines, 0),
      index: 'exact', filtered: { delegation: 2, accessor: 1 },
    },
    seconds: { discover: 0.0123456, embed: 1.5, total: 2.25 },
    skips: [{ path: 'vendor/a.js', reason: 'vendored' }, { path: 'vendor/b.js', reason: 'vendored' }, { path: 'x.min.js', reason: 'minified' }],
    warnings: [{ code: 'syntax-error', path: 'src/broken.ts', message: 'line 3: unexpected }' }],
    ...more,
  };
}

/** Three classes of different size, type and language. */
export function sampleResult(more: Partial<ScanResult> = {}): ScanResult {
  return scanResult([
    { members: [chunk('src/a.ts', 'first', 1, 6), chunk('src/b.ts', 'second', 10, 6)], type: 1, similarity: 1 },
    { members: [chunk('src/orders/total.ts', 'Cart.total', 12, 22), chunk('src/billing/invoice.ts', 'invoiceTotal', 40, 25), chunk('tools/report.py', 'grand_total', 3, 18, 'python')], type: 4, similarity: 0.937 },
    { members: [chunk('src/c.ts', 'third', 5, 6), chunk('src/d.ts', 'fourth', 9, 6)], type: 3, similarity: 0.96 },
  ], more);
}
