import { z } from 'zod';

const glob = z.string().min(1).max(512);
const globs = z.array(glob).max(1000);
const names = z.array(z.string().min(1).max(100)).max(100);
const text = z.string().min(1).max(4096);
const switchOf = (description: string) => z.boolean().describe(description);

const selection = {
  include: globs.describe('Only files that match one of these globs, relative to the root'),
  exclude: globs.describe('Files left out, as globs relative to the root; "!glob" takes one back'),
  languages: names.describe('Only these languages, e.g. typescript, python'),
  maxFileSize: z.int().min(1).max(64 * 1024 ** 2).describe('Larger files are left out; bytes'),
  tests: z.enum(['include', 'exclude', 'only']).describe('What to do with test code'),
  includeVendored: switchOf('Read vendored folders (node_modules, third_party, …) too'),
  includeGenerated: switchOf('Read generated and minified files too'),
  git: switchOf('Ask git which files are ignored'),
};

const rules = {
  accessor: switchOf('Leave out pairs of trivial accessors').optional(),
  delegation: switchOf('Leave out pairs of functions that only call another one').optional(),
  initializer: switchOf('Leave out pairs of constructors that only store or pass on what they are given').optional(),
  declarative: switchOf('Leave out pairs of tables of literals').optional(),
  parallel: switchOf('Leave out weakly alike methods of one name in two classes, and functions of one name in two files of a folder').optional(),
  short: switchOf('Leave out pairs of very short functions that are alike by behaviour alone (type 4)').optional(),
  caller: switchOf('Leave out pairs that are alike by behaviour alone (type 4) and of which one calls the other').optional(),
  migration: switchOf('Leave out pairs of schema migrations, which stay as they are').optional(),
  inverse: switchOf('Leave out weakly alike pairs whose names say opposite things, such as push and pop').optional(),
};

/** Noise rules that are switched by name; test code and isolated folders have settings of their own. */
export const ruleNames = Object.keys(rules) as readonly (keyof typeof rules)[];

const detection = {
  threshold: z.number().min(0).max(1).describe('Least similarity of a pair: the probability that a reviewer calls it a clone. Default: the one the model was calibrated for'),
  minLines: z.int().min(1).max(10_000).describe('Shortest function looked at, in lines'),
  minTokens: z.int().min(1).max(100_000).describe('Smallest function looked at, in tokens'),
  crossLanguage: z.enum(['on', 'off', 'only']).describe('Whether pairs may, must not or must cross languages'),
  isolate: z.array(globs).max(100).describe('Groups of globs; the folders that the globs of one group match are parallel by design: pairs across two of them are left out, pairs inside one are not'),
  rules: z.strictObject(rules).describe('Noise rules, each on or off'),
};

const engine = {
  model: text.describe('Embedding model: mini (in the package), a model folder or a hub id'),
  device: z.enum(['auto', 'cpu', 'cuda', 'webgpu', 'dml', 'coreml', 'tensorrt']).describe('Where the model runs'),
  threads: z.int().min(1).max(1024).describe('Most cores to use. Default: all'),
  index: z.enum(['auto', 'exact', 'hnsw']).describe('Neighbour search: complete, or approximate for very many functions'),
  cache: switchOf('Keep vectors between runs'),
  instruction: z.string().max(4096).describe('Instruction prefix, a preset or text, for models that take one'),
  dims: z.int().min(1).max(65_536).describe('Vectors cut to this many dimensions, for models that allow it'),
  dtype: z.enum(['fp32', 'fp16', 'q8', 'int8', 'uint8', 'q4', 'q4f16', 'bnb4']).describe('Weights to use where a model has several'),
  embedUrls: z.array(z.url({ protocol: /^https?$/ }).max(2048)).max(64).describe('OpenAI-compatible embedding servers'),
  offline: switchOf('Never use the network'),
};

const output = {
  format: z.array(text.max(1024)).max(20).describe('Report formats, each as name or name=file'),
  output: text.describe('File for the report instead of stdout'),
  top: z.int().min(0).max(1_000_000).describe('Classes shown in reports for people, 0 for all'),
};

/** Every setting by name: a new one is one line here and, if it has a default, one in defaults.ts. */
export const fields = { ...selection, ...detection, ...engine, ...output };

const shape = z.strictObject(fields);

/** All settings with a value; those without a default are absent until set. */
export type Settings = z.infer<typeof shape>;
export type SettingName = keyof Settings;
