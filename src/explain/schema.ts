import { z } from 'zod';

/* The JSON of `simcode explain`, schemaVersion 1 (additions keep the version; anything else raises it). */

const line = z.int().min(1);
const share = z.number().min(0).max(1);

const place = z.object({
  path: z.string(),
  startLine: line,
  endLine: line,
  name: z.string(),
  kind: z.string(),
  language: z.string(),
  lines: z.int(),
  tokens: z.int(),
});

const codeLine = z.object({
  line,
  text: z.string().describe('As in the file, without the indentation that all lines share'),
  spans: z.array(z.tuple([z.int(), z.int(), z.enum(['renamed', 'changed'])])).describe('Half-open ranges of `text` that differ'),
});

const row = z.object({
  kind: z.enum(['same', 'renamed', 'changed', 'removed', 'added']).describe('removed: only in a; added: only in b'),
  a: codeLine.optional(),
  b: codeLine.optional(),
});

const difference = z.object({
  kind: z.enum(['constant', 'operator', 'call', 'name', 'condition', 'code']),
  a: z.string().describe('Empty where only b has something'),
  b: z.string(),
  lineA: line,
  lineB: line,
  inCondition: z.boolean(),
});

const rename = z.object({
  a: z.string(),
  b: z.string(),
  count: z.int().min(1),
  local: z.boolean().describe('A parameter or local of both functions, or the name of the function itself'),
  kind: z.enum(['name', 'function', 'property']),
});

const parameter = z.object({
  kind: z.enum(['value', 'function', 'name', 'property', 'operator']),
  a: z.string(),
  b: z.string(),
  linesA: z.array(line),
  linesB: z.array(line),
});

const merge = z.object({
  verdict: z.enum(['keep-one', 'parametrise', 'extract', 'port']),
  parameters: z.array(parameter).describe('What a common helper would have to be told'),
  remaining: z.int().describe('Stretches of code that differ by more than a parameter'),
  advice: z.string(),
});

const overlap = z.object({ shared: z.array(z.string()), onlyA: z.array(z.string()), onlyB: z.array(z.string()) });

const correspondence = z.object({
  calls: overlap,
  literals: overlap,
  words: z.array(z.string()).describe('Words of names that both use'),
  control: z.array(z.object({ what: z.string(), a: z.int(), b: z.int() })),
});

const pair = z.object({
  a: place,
  b: place,
  type: z.int().min(1).max(4),
  similarity: share,
  cosine: z.number().min(-1).max(1),
  lexical: share,
  structural: share,
  renamed: share,
  channels: z.object({
    model: z.object({ proposed: z.boolean(), cosine: z.number(), floor: z.number() }),
    structure: z.object({ proposed: z.boolean() }),
  }),
  reported: z.boolean().describe('Whether a scan would count it as a clone pair'),
  notes: z.array(z.string()).describe('What keeps a scan from reporting it'),
  bias: z.number().describe('Log-odds before any evidence'),
  contributions: z.array(z.object({ feature: z.string(), value: z.number(), logOdds: z.number() })),
  renames: z.array(rename),
  differences: z.array(difference),
  merge,
  correspondence: correspondence.optional().describe('For pairs of other text: type 4 and other languages'),
  diff: z.array(row).optional().describe('Across languages: lines that share most of their words, literals and control flow'),
});

export const explanationSchema = z.object({
  schemaVersion: z.literal(1),
  model: z.object({ id: z.string(), revision: z.string() }),
  threshold: share,
  class: z.object({
    id: z.string(),
    fingerprint: z.string(),
    type: z.int().min(1).max(4),
    similarity: share,
    duplicatedLines: z.int(),
    representative: z.int(),
    members: z.array(place.extend({ similarity: share.describe('To the representative') })),
  }).optional(),
  pairs: z.array(pair),
});

export type Explanation = z.infer<typeof explanationSchema>;
export type PairExplanation = z.infer<typeof pair>;
export type Place = z.infer<typeof place>;
export type DiffRow = z.infer<typeof row>;
export type DiffLine = z.infer<typeof codeLine>;
export type Difference = z.infer<typeof difference>;
export type Rename = z.infer<typeof rename>;
export type Parameter = z.infer<typeof parameter>;
export type Merge = z.infer<typeof merge>;
export type Correspondence = z.infer<typeof correspondence>;
