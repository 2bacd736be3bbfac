import { z } from 'zod';

/* The JSON of `simcode compare`, schemaVersion 1 (additions keep the version; anything else raises it). */

const count = z.int().nonnegative();
const share = z.number().min(0).max(1);

const place = z.object({
  path: z.string().describe('Relative to its tree; the name of the file where the tree is one file'),
  startLine: z.int().min(1),
  endLine: z.int().min(1),
  name: z.string(),
  kind: z.string(),
  language: z.string(),
  lines: count,
});

const coverage = {
  functions: count.describe('Functions that count: large enough, not trivial, not common'),
  functionsFound: count.describe('Those with a counterpart in the other tree'),
  functionShare: share,
  lines: count.describe('Lines of the functions that count, each once'),
  linesFound: count,
  lineShare: share,
};

const file = z.object({
  path: z.string(), ...coverage,
  counterpart: z.string().nullable().describe('File of the other tree that most of the lines found are like'),
});

const tree = z.object({
  name: z.string().describe('As given'),
  files: count, chunks: count.describe('Functions above the size floor'), ...coverage,
  trivial: count.describe('Functions left out by a noise rule: accessors, delegations, tables'),
  common: count.describe('Functions left out because --ignore-common has them too'),
});

const pair = z.object({
  a: place, b: place,
  similarity: share, cosine: z.number().min(-1).max(1), lexical: share, structural: share,
  type: z.int().min(1).max(4),
});

export const comparisonSchema = z.object({
  schemaVersion: z.literal(1),
  tool: z.object({ name: z.literal('simcode'), version: z.string() }),
  model: z.object({ id: z.string(), revision: z.string(), device: z.string() }),
  purpose: z.enum(['default', 'plagiarism']),
  threshold: share,
  ignoreCommon: z.array(z.string()),
  a: tree,
  b: tree,
  pairs: z.array(pair).describe('Most lines copied first: similarity times the lines of the shorter function'),
  files: z.object({ a: z.array(file), b: z.array(file) }).describe('Files with functions that count, most lines found first'),
  filtered: z.record(z.string(), count).describe('Pairs left out, by noise rule'),
  warnings: z.array(z.object({ code: z.string(), path: z.string().optional(), message: z.string() })),
});

export type Comparison = z.infer<typeof comparisonSchema>;
export type ComparedPair = z.infer<typeof pair>;
export type ComparedFile = z.infer<typeof file>;
export type ComparedTree = z.infer<typeof tree>;
export type Coverage = Pick<ComparedTree, 'functions' | 'functionsFound' | 'functionShare' | 'lines' | 'linesFound' | 'lineShare'>;
