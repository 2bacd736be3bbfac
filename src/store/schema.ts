import { z } from 'zod';

/* The JSON of `simcode index query`, schemaVersion 1 (additions keep the version; anything else raises it). */

const count = z.int().nonnegative();
const share = z.number().min(0).max(1);

const place = {
  path: z.string(), startLine: z.int().min(1), endLine: z.int().min(1), name: z.string(), kind: z.string(), language: z.string(), lines: count,
};

const match = z.object({
  repository: z.string(), ...place,
  similarity: share.describe('Probability that a reviewer calls the two a clone'),
  cosine: z.number().min(-1).max(1), lexical: share, structural: share, type: z.int().min(1).max(4),
});

const answer = z.object({
  function: z.object(place).describe('What was asked about'),
  exists: z.boolean().describe('Whether a function of the store is at least as similar as the threshold'),
  matches: z.array(match).describe('Most similar first'),
});

export const queryResultSchema = z.object({
  schemaVersion: z.literal(1),
  tool: z.object({ name: z.literal('simcode'), version: z.string() }),
  model: z.object({ id: z.string(), revision: z.string() }),
  store: z.string(),
  repositories: z.array(z.object({ name: z.string(), functions: count })).describe('Looked in'),
  threshold: share,
  answers: z.array(answer),
  warnings: z.array(z.object({ code: z.string(), path: z.string().optional(), message: z.string() })),
});

export type QueryResult = z.infer<typeof queryResultSchema>;
export type QueryAnswer = z.infer<typeof answer>;
export type QueryMatch = z.infer<typeof match>;
