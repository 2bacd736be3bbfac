import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliDecompress } from 'node:zlib';

import { z } from 'zod';

import { SimcodeError } from '../errors.ts';
import type { GrammarSource, Grammars, HostSpec, LanguageSpec } from '../types.ts';

const texts = z.array(z.string()).default([]);
const table = z.record(z.string(), z.string()).default({});
const kinds = ['function', 'method', 'constructor', 'getter', 'setter', 'arrow', 'lambda', 'class-method', 'block'] as const;

const folder = z.object({
  id: z.string(),
  title: z.string(),
  extends: z.string().optional(),
  functions: z.record(z.string(), z.object({ kind: z.enum(kinds), name: z.string().optional(), body: z.string().optional() })).default({}),
  scopes: table, bindings: table, receivers: table,
  wrappers: texts, argumentLists: texts, applications: texts, decorators: texts, constructors: texts, comments: texts, strings: texts,
  interpolations: texts, numbers: texts, docstrings: texts, keywords: texts, reserved: texts, skip: texts, atoms: texts, blocks: texts,
  properties: texts, calls: texts, definitions: texts, binders: texts, unbinders: texts, tests: texts, notNames: texts,
  opening: z.string().default(''),
  conditionals: z.boolean().default(false),
  gaps: z.array(z.object({ pattern: z.string(), as: z.string() })).default([]),
  snippets: z.array(z.object({ prefix: z.string(), suffix: z.string() })).default([]),
});

const host = z.object({
  id: z.string(),
  title: z.string(),
  host: z.object({
    format: z.enum(['markup', 'notebook']),
    code: z.string(),
    names: table,
    fence: z.string().optional(),
  }),
});

const decompress = promisify(brotliDecompress);
const bundled = join(import.meta.dirname, '../../grammars');

/** Grammars of a folder (default: those in the package), each read when first asked for and kept. */
export async function openGrammars(root: string = bundled): Promise<Grammars> {
  const entries = await readdir(root, { withFileTypes: true });
  const languages = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name).toSorted();
  const keep = <T>(read: (root: string, language: string) => Promise<T>): ((language: string) => Promise<T>) => {
    const kept = new Map<string, Promise<T>>();
    return (language) => {
      if (!languages.includes(language)) {
        throw new SimcodeError('missing-grammar', `No grammar for the language "${language}"`, { hint: `Known: ${languages.join(', ')}` });
      }
      const found = kept.get(language) ?? read(root, language);
      kept.set(language, found);
      return found;
    };
  };
  return { languages, load: keep(read), host: keep(readHost) };
}

async function read(root: string, language: string): Promise<GrammarSource> {
  if (await readHost(root, language) !== undefined) {
    throw new SimcodeError('missing-grammar', `"${language}" is no language of its own: it holds code of others`, { hint: 'Name the language of the code.' });
  }
  const spec = await readSpec(root, language);
  const path = join(root, language, 'grammar.wasm.br');
  try {
    return { spec, wasm: await decompress(await readFile(path)) };
  } catch (cause) {
    throw new SimcodeError('missing-grammar', `Cannot read the grammar ${path}`, { hint: 'Install simcode again; in its repository: npm run grammars.', cause });
  }
}

async function readHost(root: string, language: string): Promise<HostSpec | undefined> {
  const path = join(root, language, 'language.json');
  const json = await readJson(path);
  if (typeof json !== 'object' || json === null || !('host' in json)) return undefined;
  const { id, title, host: { fence, ...rest } } = checked(host.safeParse(json), path);
  return { id, title, ...rest, ...(fence !== undefined && { fence }) };
}

async function readSpec(root: string, language: string): Promise<LanguageSpec> {
  const path = join(root, language, 'language.json');
  const { extends: parent, ...own } = checked(folder.safeParse(await readJson(path)), path);
  return parent === undefined ? (own as LanguageSpec) : merge(await readSpec(root, parent), own as LanguageSpec);
}

function checked<T>(parsed: z.ZodSafeParseResult<T>, path: string): T {
  if (!parsed.success) throw new SimcodeError('missing-grammar', `${path} is not a language: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw new SimcodeError('missing-grammar', `Cannot read ${path}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/** Lists are joined, tables overlaid, plain values replaced. */
function merge(parent: LanguageSpec, own: LanguageSpec): LanguageSpec {
  const merged = Object.entries(parent).map(([key, value]: [string, unknown]) => {
    const mine = own[key as keyof LanguageSpec] as unknown;
    if (Array.isArray(value) && Array.isArray(mine)) return [key, [...(value as unknown[]), ...(mine as unknown[])]];
    return [key, typeof value === 'object' && value !== null ? { ...value, ...(mine as object) } : mine];
  });
  return Object.fromEntries(merged) as LanguageSpec;
}
