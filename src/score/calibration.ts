import { z } from 'zod';
import { SimcodeError } from '../errors.ts';
import type { FeatureName } from './features.ts';
import { FEATURE_NAMES } from './features.ts';

const MAX_TERMS = 500;
const MAX_TREES = 1000;
const MAX_NODES = 255;

const finite = z.number().refine(Number.isFinite);
const probability = finite.min(0).max(1);
const feature = z.enum(FEATURE_NAMES as unknown as [FeatureName, ...FeatureName[]]);

const shared = {
  schemaVersion: z.literal(1),
  /** What the numbers come from, in words. */
  provenance: z.string().max(2000),
  /** Default of `--threshold`. */
  threshold: probability,
  /** Least cosine at which the model proposes a pair: below it, only shared text makes a clone. Default 0.5. */
  floor: z.number().gt(0).max(1).optional(),
  /** Thresholds by purpose, e.g. `default`, `recall`, `plagiarism`. */
  operatingPoints: z.record(z.string().max(40), probability),
};

/** Weight × value; with `knot`, weight × max(0, value − knot); with `and`, times that feature's value. */
const term = z.strictObject({
  feature, weight: finite, knot: finite.optional(), and: feature.optional(),
});

const TOKEN_FEATURES: ReadonlySet<string> = new Set(['lexical', 'structural', 'renamed']);

const sum = { bias: finite, terms: z.array(term).max(MAX_TERMS) };

const logistic = z.strictObject({
  ...shared,
  kind: z.literal('logistic'),
  ...sum,
  /** Another way to be a clone (the same job in other words): the larger of both sums counts. */
  alternative: z.strictObject(sum).optional(),
}).refine(({ terms, alternative }) => [...terms, ...alternative?.terms ?? []].every((one) => one.weight >= 0 || !(TOKEN_FEATURES.has(one.feature) || TOKEN_FEATURES.has(one.and ?? ''))),
  'more token similarity must never make a pair less similar');

const nodeIndex = z.number().int().min(0).max(MAX_NODES);

/** Flat binary tree: node i is a leaf when `feature[i]` is −1, else goes left when value < `knot[i]`. */
const tree = z.strictObject({
  feature: z.array(z.number().int().min(-1)).min(1).max(MAX_NODES),
  knot: z.array(finite),
  left: z.array(nodeIndex),
  right: z.array(nodeIndex),
  value: z.array(finite),
}).refine((t) => [t.knot, t.left, t.right, t.value].every((column) => column.length === t.feature.length),
  'columns of a tree differ in length')
  .refine((t) => t.feature.every((split, i) => split === -1
    || [t.left[i], t.right[i]].every((child) => child !== undefined && child > i && child < t.feature.length)),
  'children must come after their parent');

const gbdt = z.strictObject({
  ...shared,
  kind: z.literal('gbdt'),
  /** Features that the trees index into; monotone in the token similarities. */
  features: z.array(feature).min(1),
  bias: finite,
  trees: z.array(tree).max(MAX_TREES),
}).refine((model) => model.trees.every((t) => t.feature.every((split) => split < model.features.length)),
  'a tree splits on a feature that is not listed');

const schema = z.discriminatedUnion('kind', [logistic, gbdt]);

/**
 * How a model's cosine and the structural features become a probability: see `createVerifier`. It must not fall when
 * lexical, structural or renamed similarity rises (fit trees with monotone constraints): pairs are ruled out by upper bounds.
 */
export type Calibration = z.infer<typeof schema>;

/**
 * Parses the contents of a model's `calibration.json`.
 *
 * @param source where it was read, for the message
 * @throws SimcodeError `bad-model` when it is not a calibration
 */
export function parseCalibration(text: string, source: string): Calibration {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (cause) {
    throw new SimcodeError('bad-model', `${source} is not JSON`, { hint: HINT, cause });
  }
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  throw new SimcodeError('bad-model', `${source} is not a calibration: ${z.prettifyError(parsed.error)}`, { hint: HINT });
}

const HINT = 'fit one with `simcode calibrate`, or restore the file that came with the model';
