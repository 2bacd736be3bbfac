/** Blind tokens a fingerprint covers. */
const GRAM = 8;
/** Adjacent grams of which one is kept: a shared run of GRAM + WINDOW − 1 tokens always shares a fingerprint. */
const WINDOW = 4;

/**
 * Distinct fingerprints of a token sequence by winnowing: of every window of hashed k-grams the least is kept.
 * Schleimer, Wilkerson, Aiken, "Winnowing: Local Algorithms for Document Fingerprinting" (SIGMOD 2003).
 */
export function fingerprints(sequence: Int32Array): readonly number[] {
  const grams = gramHashes(sequence);
  const kept = new Set<number>();
  const last = Math.max(0, grams.length - WINDOW);
  for (let from = 0; from <= last; from++) {
    let least = grams[from] ?? 0;
    for (let i = from + 1; i < Math.min(from + WINDOW, grams.length); i++) least = Math.min(least, grams[i] ?? least);
    kept.add(least);
  }
  return [...kept];
}

/** 32-bit hashes of every run of GRAM symbols (of the whole sequence when it is shorter). */
function gramHashes(sequence: Int32Array): Uint32Array {
  const hashes = new Uint32Array(Math.max(1, sequence.length - GRAM + 1));
  for (let at = 0; at < hashes.length; at++) {
    let hash = 0x811c9dc5;
    for (let i = at; i < Math.min(at + GRAM, sequence.length); i++) {
      hash = Math.imul(hash ^ (sequence[i] as number), 0x01000193);
      hash ^= hash >>> 15;
    }
    hashes[at] = Math.imul(hash ^ (hash >>> 13), 0x85ebca6b) >>> 0;
  }
  return hashes;
}
