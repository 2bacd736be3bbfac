import { percent, typeWords } from '../messages.ts';
import type { FeatureName } from '../score/features.ts';
import { SURE } from '../score/verifier.ts';
import { escapeText } from '../report/escape.ts';
import type { Painter } from '../report/options.ts';
import { shortenEnd } from '../report/width.ts';
import type { CloneType } from '../types.ts';
import { sideBySide } from './columns.ts';
import type { Explanation, PairExplanation, Parameter, Place } from './schema.ts';

export interface RenderOptions {
  readonly width: number;
  readonly paint: Painter;
  /** Every feature, difference and line. */
  readonly verbose: boolean;
}

/** Entries of a list, and rows of a diff, shown unless verbose. */
const LIST_SHOWN = 12;
const ROWS_SHOWN = 80;
/** Contributions to the log-odds below this are left out unless verbose. */
const SMALL = 0.1;

const FEATURE_WORDS: Readonly<Record<FeatureName, string>> = {
  cosine: "the model's cosine",
  lexical: 'same tokens, names as written',
  structural: 'same tokens, names blind',
  renamed: 'same tokens after renaming',
  calleeOverlap: 'functions called by both',
  calleeDisagreement: 'functions called by one only',
  propertyOverlap: 'members used by both',
  propertyDisagreement: 'members used by one only',
  stringOverlap: 'strings in both',
  stringDisagreement: 'strings in one only',
  numberDisagreement: 'numbers in one only',
  operatorDisagreement: 'operators in one only',
  controlDistance: 'control flow apart',
  oppositeWords: 'words of opposite meaning',
  wordOverlap: 'words in both',
  nameOverlap: 'words in both names',
  sizeRatio: 'shorter over longer',
  logLength: 'length (log of tokens)',
  sameFamily: 'same language family',
  otherFamily: 'another language family',
  sameFile: 'same file',
};

/** The explanation for people. */
export function renderExplanation(explanation: Explanation, options: RenderOptions): string {
  const parts = explanation.class === undefined ? [] : [classText(explanation.class, options)];
  for (const pair of explanation.pairs) parts.push(pairText(pair, explanation.threshold, options));
  const left = (explanation.class?.members.length ?? 2) - 1 - explanation.pairs.length;
  if (left > 0) parts.push(options.paint('dim', `${left} more pair${left === 1 ? '' : 's'} with the representative: --pairs 0`));
  return `${parts.join('\n\n')}\n`;
}

function classText(clones: NonNullable<Explanation['class']>, { paint, verbose, width }: RenderOptions): string {
  const head = `${paint('bold', `Class ${clones.id}`)}: ${typeWords[clones.type as CloneType]} (type ${clones.type}), ${percent(clones.similarity)} similar, ${clones.members.length} members`;
  const lines = clones.members.map((member, i) => `${i === clones.representative ? '»' : ' '} ${percent(member.similarity).padStart(4)}  ${where(member)}`);
  return [head, ...cut(lines, verbose, 'member', width)].join('\n');
}

function pairText(pair: PairExplanation, threshold: number, options: RenderOptions): string {
  const { paint } = options;
  const type = `${typeWords[pair.type as CloneType]} (type ${pair.type})`;
  const verdict = pair.reported ? paint('green', 'a scan counts it as a clone') : paint('yellow', 'a scan does not report it');
  const sections = [
    [paint('bold', `a  ${where(pair.a)}`), paint('bold', `b  ${where(pair.b)}`)],
    [`${type}, ${percent(pair.similarity)} similar (threshold ${percent(threshold)}): ${verdict}`, ...pair.notes.map((note) => `  because ${escapeText(note)}`), proposed(pair)],
    evidence(pair, options),
    correspondence(pair, options),
    renames(pair, options),
    differences(pair, options),
    mergeText(pair, options),
    diffText(pair, options),
  ];
  return sections.filter((lines) => lines.length > 0).map((lines) => lines.join('\n')).join('\n\n');
}

function where({ path, startLine, endLine, name, kind }: Place): string {
  return escapeText(`${path}:${startLine}-${endLine}  ${name || `(${kind})`}`);
}

function proposed({ channels: { model, structure } }: PairExplanation): string {
  const by = [
    ...(model.proposed ? [`the model (cosine ${model.cosine.toFixed(2)}, at or above ${model.floor})`] : []),
    ...(structure.proposed ? ['token structure'] : []),
  ];
  return by.length === 0
    ? `Proposed by neither the model (cosine ${model.cosine.toFixed(2)}, below ${model.floor}) nor token structure`
    : `Proposed by ${by.join(' and ')}`;
}

function evidence(pair: PairExplanation, { paint, verbose, width }: RenderOptions): string[] {
  if (pair.contributions.length === 0) return pair.type === 1 ? [`${paint('bold', 'Why')}: the tokens are the same; nothing is left to judge.`] : [];
  const shown = pair.contributions.filter(({ logOdds }) => verbose || Math.abs(logOdds) >= SMALL);
  const sum = pair.contributions.reduce((total, { logOdds }) => total + logOdds, pair.bias);
  const line = (logOdds: number, words: string, value?: number): string =>
    shortenEnd(`  ${paint(logOdds < 0 ? 'red' : 'green', signed(logOdds).padStart(7))}  ${words}${value === undefined ? '' : ` ${value.toFixed(2)}`}`, width + 10);
  return [
    `${paint('bold', 'Why')} (log-odds; their sum makes the similarity):`,
    line(pair.bias, 'before any evidence'),
    ...shown.map(({ feature, value, logOdds }) => line(logOdds, (FEATURE_WORDS as Readonly<Record<string, string>>)[feature] ?? feature, value)),
    `  ${signed(sum).padStart(7)}  = ${percent(1 / (1 + Math.exp(-sum)))}${pair.similarity > SURE ? `, ranked as ${percent(pair.similarity)} (edited copies below 99 %, renamed ones from there)` : ''}`,
  ];
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`;
}

function correspondence({ correspondence: found }: PairExplanation, { paint, width }: RenderOptions): string[] {
  if (found === undefined) return [];
  const list = (title: string, { shared, onlyA, onlyB }: typeof found.calls): string[] => [
    ...(shared.length > 0 ? [`  ${title} in both: ${shared.join(', ')}`] : []),
    ...(onlyA.length > 0 ? [`  ${title} only in a: ${onlyA.join(', ')}`] : []),
    ...(onlyB.length > 0 ? [`  ${title} only in b: ${onlyB.join(', ')}`] : []),
  ];
  const lines = [
    ...list('calls', found.calls), ...list('literals', found.literals),
    ...(found.words.length > 0 ? [`  words in both: ${found.words.join(', ')}`] : []),
    ...(found.control.length > 0 ? [`  control flow (a/b): ${found.control.map(({ what, a, b }) => `${what} ${a}/${b}`).join(', ')}`] : []),
  ];
  return lines.length === 0 ? [] : [paint('bold', 'What corresponds'), ...lines.map((line) => shortenEnd(escapeText(line), width))];
}

function renames(pair: PairExplanation, { paint, verbose, width }: RenderOptions): string[] {
  if (pair.renames.length === 0 || pair.diff === undefined) return [];
  const lines = pair.renames.map(({ a, b, count, local }) => `  ${escapeText(a)} → ${escapeText(b)}${count > 1 ? `, ${count} times` : ''}${local ? '' : ' (not a local name)'}`);
  return [paint('bold', 'Renamed throughout'), ...cut(lines, verbose, 'name', width)];
}

function differences(pair: PairExplanation, { paint, verbose, width }: RenderOptions): string[] {
  if (pair.differences.length === 0 || pair.diff === undefined) return [];
  const lines = pair.differences.map((one) => `  ${one.kind.padEnd(10)} ${`${one.lineA}/${one.lineB}`.padEnd(9)} ${sides(one)}${one.inCondition && one.kind !== 'condition' ? '  (in a condition)' : ''}`);
  return [paint('bold', 'What differs (line in a/b)'), ...cut(lines, verbose, 'difference', width)];
}

function sides({ a, b }: { readonly a: string; readonly b: string }): string {
  if (a === '') return `only in b: ${escapeText(b)}`;
  return b === '' ? `only in a: ${escapeText(a)}` : `${escapeText(a)} → ${escapeText(b)}`;
}

function mergeText({ merge }: PairExplanation, { paint, verbose, width }: RenderOptions): string[] {
  const line = ({ kind, a, b, linesA, linesB }: Parameter): string => `  ${kind.padEnd(10)} ${sides({ a, b })}  (${linesA.join(', ')} / ${linesB.join(', ')})`;
  return [`${paint('bold', 'To merge them')}: ${merge.advice}`, ...cut(merge.parameters.map(line), verbose, 'parameter', width)];
}

function diffText({ diff, type, a, b }: PairExplanation, { paint, verbose, width }: RenderOptions): string[] {
  if (diff === undefined) return [];
  const rows = verbose ? diff : diff.slice(0, ROWS_SHOWN);
  const legend = type === 1 ? '' : a.language === b.language ? ' (≈ renamed, ~ changed, < only in a, > only in b)' : ' (~ alike, < only in a, > only in b)';
  return [
    `${paint('bold', 'Side by side')}, comments left out${legend}`, sideBySide(rows, width, paint),
    ...(rows.length < diff.length ? [paint('dim', `  ${diff.length - rows.length} more lines: --verbose`)] : []),
  ];
}

function cut(lines: readonly string[], verbose: boolean, what: string, width: number): string[] {
  const shown = (verbose ? lines : lines.slice(0, LIST_SHOWN)).map((line) => shortenEnd(line, width));
  const hidden = lines.length - shown.length;
  return hidden === 0 ? shown : [...shown, `  ${hidden} more ${what}${hidden === 1 ? '' : 's'}: --verbose`];
}
