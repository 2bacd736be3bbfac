// Fits the `alternative` of a calibration: the same job in other words, within a language family.
import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { openCache, openEmbedder } from '../../src/cli/wiring.ts';
import { parseDataset, type PairRow } from '../../src/eval/dataset.ts';
import { describePairs } from '../../src/eval/describe-pairs.ts';
import { openGrammars } from '../../src/io/grammars.ts';
import { parseCalibration } from '../../src/score/calibration.ts';
import { TYPE_3_BOUND } from '../../src/score/clone-type.ts';
import { FEATURE_NAMES, type FeatureName } from '../../src/score/features.ts';
import { fitLogistic, shapeValue, type Sample, type TermShape } from '../../src/score/fit.ts';
import { createVerifier } from '../../src/score/verifier.ts';

/** Of what a scan proposes, clones of the written kind, and how much their lookalikes count besides. */
const PREVALENCE = 0.05;
const LOOKALIKES = 0.3;
/** The fit is flat, as few of its pairs are clones; made steeper, what passes the threshold is spread above it. */
const STEEPNESS = 3;

const SHAPES: readonly TermShape[] = [
  { feature: 'cosine', knot: 0.4, sign: 1 },
  { feature: 'cosine', knot: 0.5, sign: 1 },
  { feature: 'cosine', knot: 0.6, sign: 1 },
  { feature: 'cosine', knot: 0.7, sign: 1 },
  // what is shared counts as far as the model sees the same job
  { feature: 'stringOverlap', and: 'cosine', sign: 1 },
  { feature: 'calleeOverlap', and: 'cosine', sign: 1 },
  { feature: 'calleeDisagreement', sign: -1 },
  { feature: 'operatorDisagreement', sign: -1 },
  { feature: 'numberDisagreement', sign: -1 },
  { feature: 'stringDisagreement', sign: -1 },
  { feature: 'controlDistance', sign: -1 },
  { feature: 'oppositeWords', sign: -1 },
];

const { values } = parseArgs({ options: {
  within: { type: 'string' }, families: { type: 'string' }, calibration: { type: 'string' }, model: { type: 'string', default: 'mini' }, most: { type: 'string', default: '10' },
} });

async function main({ within = '', families = '', calibration = '', model, most }: typeof values): Promise<void> {
  const shipped = parseCalibration(await readFile(calibration, 'utf8'), calibration);
  if (shipped.kind !== 'logistic') throw new TypeError(`${calibration} is not logistic`);
  const [crowd, written] = [await pairsOf(within), await pairsOf(families)];
  const features = await read([...crowd, ...written], model ?? 'mini');
  const samples = [...crowd, ...written].map(({ label, weight = 1 }, i) => ({ features: features[i] ?? new Float64Array(0), label, weight, isCrowd: i < crowd.length }))
    .filter(({ features: own }) => value('sameFamily', own) === 1 && value('renamed', own) < TYPE_3_BOUND);
  const fit = fitLogistic(Float64Array.from(samples.flatMap(({ features: own }) => SHAPES.map((shape) => shapeValue(shape, own)))), weighed(samples), SHAPES);
  const sum = (own: Float64Array): number => SHAPES.reduce((total, shape, j) => total + (fit.weights[j] ?? 0) * shapeValue(shape, own), fit.bias);
  const main = createVerifier({ ...shipped, alternative: undefined });
  const crowded = samples.filter(({ isCrowd, features: own }) => isCrowd && main(own) < shipped.threshold).map((sample) => ({ ...sample, margin: sum(sample.features) }));
  const line = bound(crowded, Number(most));
  const { threshold } = shipped;
  const terms = SHAPES.flatMap(({ sign: _sign, ...shape }, j) => ((fit.weights[j] ?? 0) === 0 ? [] : [{ ...shape, weight: round(STEEPNESS * (fit.weights[j] ?? 0)) }]));
  const alternative = { bias: round(STEEPNESS * (fit.bias - line) + Math.log(threshold / (1 - threshold))), terms: [...terms, { feature: 'otherFamily' as const, weight: -100 }] };
  await writeFile(calibration, `${JSON.stringify({ ...shipped, alternative }, null, 2)}\n`);
  const found = (label: number, least: number): string => {
    const some = samples.filter((sample) => !sample.isCrowd && sample.label === label);
    const passed = some.filter(({ features: own }) => main(own) >= threshold || sum(own) >= least);
    return `${passed.length} of ${some.length}`;
  };
  const before = samples.reduce((pairs, { isCrowd, features: own, weight }) => pairs + (isCrowd && main(own) >= threshold ? weight : 0), 0);
  process.stdout.write(`pairs in 1,000 functions without the alternative: ${before.toFixed(1)}\n`);
  for (const more of [0, 1, 2, 5, 10, 20]) {
    const least = bound(crowded, more);
    process.stdout.write(`${more} more: written families ${found(1, least)}, lookalikes ${found(0, least)}${more === Number(most) ? ' (taken)' : ''}\n`);
  }
}

async function pairsOf(file: string): Promise<readonly PairRow[]> {
  const dataset = parseDataset(file, await readFile(file, 'utf8'));
  if (dataset.kind !== 'pairs') throw new TypeError(`${file} has no pairs`);
  return dataset.rows;
}

async function read(rows: readonly PairRow[], model: string): Promise<Float64Array[]> {
  const embedder = await openEmbedder({ model, embedUrls: [], device: 'cpu', purpose: 'clone' });
  try {
    return await describePairs(rows, { grammars: await openGrammars(), embedder, cache: await openCache(true, embedder), onEvent: () => undefined });
  } finally {
    await embedder.close();
  }
}

const value = (name: FeatureName, features: Float64Array): number => features[FEATURE_NAMES.indexOf(name)] ?? 0;
const round = (number: number): number => Number(number.toFixed(4));

type Labelled = Sample & { readonly isCrowd: boolean };

function weighed(samples: readonly Labelled[]): Sample[] {
  const total = (of: (sample: Labelled) => boolean): number => samples.reduce((sum, sample) => sum + (of(sample) ? sample.weight : 0), 0);
  const [crowd, clones, lookalikes] = [total(({ isCrowd }) => isCrowd), total(({ label }) => label === 1), total(({ label, isCrowd }) => label === 0 && !isCrowd)];
  return samples.map(({ features, label, weight, isCrowd }) => ({
    features, label, weight: isCrowd ? weight : (weight * PREVALENCE * crowd * (label === 1 ? 1 : LOOKALIKES)) / (label === 1 ? clones : lookalikes),
  }));
}

/** The margin that so much of the crowd's weight (pairs in 1,000 functions) reaches. */
function bound(crowd: readonly (Labelled & { readonly margin: number })[], most: number): number {
  let left = most;
  for (const { margin, weight } of crowd.toSorted((x, y) => y.margin - x.margin)) {
    left -= weight;
    if (left < 0) return margin;
  }
  return -Infinity;
}

await main(values);
