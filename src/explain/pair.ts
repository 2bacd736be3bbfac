import { structuralCandidates } from '../score/candidates.ts';
import type { Calibration } from '../score/calibration.ts';
import { proposalFloor } from '../score/proposal.ts';
import type { RuleName, RuleOptions } from '../score/rules.ts';
import { applyRules, NOISE_RULES } from '../score/rules.ts';
import type { CrossLanguage } from '../score/cross-language.ts';
import { chooseLanguages } from '../score/cross-language.ts';
import { createDescriber } from '../score/describe.ts';
import { gatherUnits, type Units } from '../score/units.ts';
import { contributions, createJudge } from '../score/verifier.ts';
import { languageFamily } from '../score/words.ts';
import type { Chunk, Matrix } from '../types.ts';
import { alignAcross } from './across.ts';
import type { Code } from './code.ts';
import { findCorrespondence } from './correspondence.ts';
import { planMerge } from './merge.ts';
import type { PairExplanation, Place } from './schema.ts';
import { compareTexts } from './text.ts';


/** One side of a pair. */
export interface Side {
  readonly chunk: Chunk;
  readonly code: Code;
}

export interface PairContext {
  /** Units that hold both chunks. */
  readonly units: Units;
  /** Vectors of the first chunk of both units at least. */
  readonly matrix: Matrix;
  readonly calibration: Calibration;
  readonly threshold: number;
  readonly rules: RuleOptions;
  readonly crossLanguage: CrossLanguage;
  /** Size floor of a scan. */
  readonly minLines: number;
  readonly minTokens: number;
}

/** Everything that can be said of a pair. */
export function explainPair(a: Side, b: Side, context: PairContext): PairExplanation {
  const [unitA, unitB] = [unitOf(context.units, a.chunk), unitOf(context.units, b.chunk)];
  const { cosine, tokens, type, features } = createDescriber(context.units, context.matrix).describe(unitA, unitB);
  // functions of the same tokens are not judged: they are clones
  const similarity = unitA === unitB ? 1 : createJudge(context.calibration)(features, type);
  const notes = whyNot(a.chunk, b.chunk, { similarity, cosine, type, lexical: tokens.lexical, structural: tokens.structural }, context);
  const sameLanguage = languageFamily(a.chunk.language) === languageFamily(b.chunk.language);
  return {
    a: placeOf(a.chunk), b: placeOf(b.chunk), type, similarity, cosine, ...tokens,
    channels: {
      model: { proposed: cosine >= proposalFloor(context.calibration), cosine, floor: proposalFloor(context.calibration) },
      structure: { proposed: unitA === unitB || isStructural(context.units, unitA, unitB) },
    },
    reported: notes.length === 0, notes,
    bias: context.calibration.bias,
    contributions: unitA === unitB ? [] : [...contributions(context.calibration, features)],
    ...compareText(a, b, { type, renamed: tokens.renamed, sameLanguage }),
  };
}

type Texts = Pick<PairExplanation, 'renames' | 'differences' | 'merge' | 'correspondence' | 'diff'>;

function compareText(a: Side, b: Side, { type, renamed, sameLanguage }: { type: PairExplanation['type']; renamed: number; sameLanguage: boolean }): Texts {
  const cloneType = type as 1 | 2 | 3 | 4;
  const correspondence = type === 4 ? { correspondence: findCorrespondence(a, b) } : {};
  const shared = { type: cloneType, sameLanguage, renamed, a: a.code, b: b.code };
  if (!sameLanguage) return { renames: [], differences: [], merge: planMerge({ ...shared, renames: [], differences: [] }), ...correspondence, diff: [...alignAcross(a.code, b.code)] };
  const { renames, differences, rows } = compareTexts(a.code, b.code);
  return { renames: [...renames], differences: [...differences], merge: planMerge({ ...shared, renames, differences }), ...correspondence, diff: [...rows] };
}

/** A chunk as explanations show it. */
export function placeOf(chunk: Chunk): Place {
  const { path, range: { startLine, endLine }, kind, language, metrics: { lines, tokens } } = chunk;
  return { path, startLine, endLine, name: chunk.qualifiedName || chunk.name, kind, language, lines, tokens };
}

/** Unit of a chunk. @throws RangeError when the units do not hold it */
export function unitOf({ chunks, unitOf: units }: Units, chunk: Chunk): number {
  const unit = units[chunks.findIndex(({ id }) => id === chunk.id)];
  if (unit === undefined) throw new RangeError(`no unit holds ${chunk.id}`);
  return unit;
}

/** Whether token structure proposes the pair when nothing else crowds it out. */
function isStructural({ profileOf }: Units, a: number, b: number): boolean {
  let found = false;
  structuralCandidates(gatherUnits([profileOf(a).chunk, profileOf(b).chunk]), () => { found = true; });
  return found;
}

function whyNot(a: Chunk, b: Chunk, score: Parameters<typeof scored>[2], context: PairContext): string[] {
  const small = [a, b].filter(({ metrics }) => metrics.lines < context.minLines || metrics.tokens < context.minTokens);
  const pairs = [scored(a, b, score)];
  const { filtered } = applyRules([a, b], pairs, context.rules);
  const otherLanguages = chooseLanguages([a, b], pairs, context.crossLanguage).length === 0;
  return [
    ...(score.similarity < context.threshold ? [`its similarity is below the threshold of ${context.threshold}`] : []),
    ...small.map(({ qualifiedName, metrics }) =>
      `${qualifiedName} has ${metrics.lines} lines and ${metrics.tokens} tokens; the floor is ${context.minLines} and ${context.minTokens} (--min-lines, --min-tokens)`),
    ...(otherLanguages ? [`pairs ${context.crossLanguage === 'off' ? 'across languages' : 'within a language'} are left out (--cross-language ${context.crossLanguage})`] : []),
    ...Object.keys(filtered).map((rule) => `noise rule ${rule}: ${NOISE_RULES[rule as RuleName].about}`),
  ];
}

function scored(a: Chunk, b: Chunk, score: { similarity: number; cosine: number; lexical: number; structural: number; type: 1 | 2 | 3 | 4 }) {
  return { a: a.id, b: b.id, ...score };
}
