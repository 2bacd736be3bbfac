import { dice, jaccard, weightedJaccard } from './bags.ts';
import type { Profile, Profiles } from './profile.ts';
import type { TokenSimilarity } from './similarity.ts';

export interface PairInput {
  readonly a: Profile;
  readonly b: Profile;
  readonly cosine: number;
  readonly tokens: TokenSimilarity;
  readonly opposites: Profiles['opposites'];
  readonly weights: Profiles['weights'];
}

/**
 * What the verifier sees of a pair: each symmetric in a and b. Overlaps and disagreements are 0 when neither side has
 * what is compared (no evidence).
 */
const TABLE = {
  /** Cosine of the model's vectors. */
  cosine: ({ cosine }) => cosine,
  lexical: ({ tokens }) => tokens.lexical,
  structural: ({ tokens }) => tokens.structural,
  renamed: ({ tokens }) => tokens.renamed,
  /** Dice of called names, and its complement. */
  calleeOverlap: ({ a, b }) => dice(a.callees, b.callees, 0),
  calleeDisagreement: ({ a, b }) => 1 - dice(a.callees, b.callees, 1),
  propertyOverlap: ({ a, b }) => dice(a.properties, b.properties, 0),
  propertyDisagreement: ({ a, b }) => 1 - dice(a.properties, b.properties, 1),
  stringOverlap: ({ a, b }) => dice(a.strings, b.strings, 0),
  stringDisagreement: ({ a, b }) => 1 - dice(a.strings, b.strings, 1),
  numberDisagreement: ({ a, b }) => 1 - dice(a.numbers, b.numbers, 1),
  operatorDisagreement: ({ a, b }) => 1 - dice(a.operators, b.operators, 1),
  /** Half the L1 distance of control-flow histograms over their mean size. */
  controlDistance: ({ a, b }) => controlDistance(a.control, b.control),
  /** Words with opposite meaning, one on each side: 0 none, 1 two or more. */
  oppositeWords: ({ a, b, opposites }) => Math.min(1, oppositeCount(a.words, b.words, opposites) / 2),
  /** Jaccard index of the words, rare ones weighing more. */
  wordOverlap: ({ a, b, weights }) => weightedJaccard(a.words, b.words, weights),
  nameOverlap: ({ a, b }) => jaccard(a.nameWords, b.nameWords),
  sizeRatio: ({ a, b }) => ratio(a.exact.length, b.exact.length),
  /** Natural logarithm of the shorter side's tokens, punctuation left out. */
  logLength: ({ a, b }) => Math.log(1 + Math.min(a.exact.length, b.exact.length)),
  sameFamily: ({ a, b }) => Number(a.family === b.family),
  otherFamily: ({ a, b }) => Number(a.family !== b.family),
  sameFile: ({ a, b }) => Number(a.chunk.path === b.chunk.path),
} as const satisfies Readonly<Record<string, (pair: PairInput) => number>>;

export type FeatureName = keyof typeof TABLE;

/** Names of the features, in the order of a feature vector. */
export const FEATURE_NAMES = Object.keys(TABLE) as readonly FeatureName[];

const COLUMN: ReadonlyMap<FeatureName, number> = new Map(FEATURE_NAMES.map((name, i) => [name, i]));

/** Place of a feature in a feature vector. */
export function columnOf(feature: FeatureName): number {
  return COLUMN.get(feature) ?? -1;
}

const COMPUTE = FEATURE_NAMES.map((name): ((pair: PairInput) => number) => TABLE[name]);

/** Feature vector of a pair, ordered as `FEATURE_NAMES`; every entry is finite. */
export function pairFeatures(pair: PairInput): Float64Array {
  const vector = new Float64Array(COMPUTE.length);
  for (let i = 0; i < COMPUTE.length; i++) vector[i] = COMPUTE[i]?.(pair) ?? 0;
  return vector;
}

const TOKEN_COLUMNS = (['lexical', 'structural', 'renamed'] as const).map((name) => ({ name, column: FEATURE_NAMES.indexOf(name) }));

/** Puts token similarities into a feature vector. */
export function setTokenFeatures(vector: Float64Array, tokens: TokenSimilarity): void {
  for (const { name, column } of TOKEN_COLUMNS) vector[column] = tokens[name];
}

function controlDistance(a: Int32Array, b: Int32Array): number {
  let apart = 0;
  let total = 0;
  for (let i = 0; i < a.length; i++) {
    const x = a[i] as number;
    const y = b[i] as number;
    apart += Math.abs(x - y);
    total += x + y;
  }
  return total === 0 ? 0 : apart / total;
}

/** Words of `a` alone that have an opposite among those of `b` alone. */
function oppositeCount(a: Int32Array, b: Int32Array, opposites: Profiles['opposites']): number {
  if (opposites.size === 0) return 0;
  let count = 0;
  for (const word of a) if (opposites.get(word)?.some((other) => b.includes(other) && !a.includes(other)) === true && !b.includes(word)) count++;
  return count;
}

function ratio(x: number, y: number): number {
  return x === y ? 1 : Math.min(x, y) / Math.max(x, y);
}
