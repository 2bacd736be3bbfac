import { relative } from 'node:path';
import { chunkFile } from '../chunk/chunk.ts';
import { snippetChunk } from '../chunk/snippet.ts';
import type { EffectiveConfig } from '../config/schema.ts';
import { decode } from '../discover/decode.ts';
import { embedChunks } from '../embed/embed.ts';
import { SimcodeError } from '../errors.ts';
import { functionAt, parsePlace } from '../explain/place.ts';
import { createFileSource, resolveScope } from '../io/files.ts';
import { openGrammars } from '../io/grammars.ts';
import { readStdin } from '../io/stdin.ts';
import { queryStore } from '../store/query.ts';
import type { VectorStore } from '../store/port.ts';
import type { QueryResult } from '../store/schema.ts';
import type { Chunk, Grammars, OnEvent } from '../types.ts';
import { languageOf } from '../util/languages.ts';
import { openCache, openCalibration, openEmbedder } from './wiring.ts';

const MAX_FILE_SIZE = 64 * 1024 ** 2;
/** Functions of one query; more is a comparison. */
const MAX_FUNCTIONS = 2000;

export interface QueryRequest {
  /** `path:line`, `path`, or `-` for stdin. */
  readonly what: readonly string[];
  readonly repositories: readonly string[];
  readonly top: number;
}

/**
 * Reads functions from files or stdin, embeds them and asks the store for what is like them.
 * @throws SimcodeError `bad-input` where there is no function, `bad-option` for code of no known language, `store`
 */
export async function runQuery(store: VectorStore, { what, repositories, top }: QueryRequest, config: EffectiveConfig, onEvent: OnEvent): Promise<QueryResult> {
  const grammars = await openGrammars();
  const chunks: Chunk[] = [];
  for (const one of what) chunks.push(...one === '-' ? await functionsOfStdin(config, grammars) : await functionsOfFile(one, config, grammars));
  if (chunks.length > MAX_FUNCTIONS) {
    throw new SimcodeError('bad-input', `${chunks.length} functions are too many for one query`, { hint: 'For whole trees: simcode compare <folder> --store <where>' });
  }
  const [calibration, embedder] = [await openCalibration(config.model, config.embedUrls), await openEmbedder(config)];
  try {
    const cache = await openCache(config.cache, embedder);
    const { matrix } = await embedChunks(chunks, embedder, cache, onEvent);
    const warnings = await cache.save();
    const result = await queryStore(store, chunks, matrix, { repositories, embedder, calibration, top, ...(config.threshold !== undefined && { threshold: config.threshold }) });
    return { ...result, warnings: [...result.warnings, ...warnings.map((warning) => ({ ...warning }))] };
  } finally {
    await embedder.close();
  }
}

async function functionsOfFile(typed: string, config: EffectiveConfig, grammars: Grammars): Promise<readonly Chunk[]> {
  const place = parsePlace(typed);
  const { root, paths: [path = ''] } = await resolveScope(process.cwd(), [place?.path ?? typed]);
  const own = relative(root, path).replaceAll('\\', '/');
  const read = await createFileSource(root, [path], { git: false }).read(own, MAX_FILE_SIZE);
  const text = 'skip' in read ? undefined : decode(read.bytes)?.text;
  if (text === undefined) throw new SimcodeError('bad-input', `${own} cannot be read${'skip' in read ? `: ${read.message}` : ' as text'}`, { hint: 'Name a source file, path:line for one of its functions, or - for stdin.' });
  const language = languageOf(own, text.slice(0, 256).split(/\r?\n/, 1)[0]);
  if (language === undefined) throw new SimcodeError('bad-input', `${own} is in no known language`, { hint: `Known: ${grammars.languages.join(', ')}` });
  const file = { path: own, language, text, sha256: '' };
  if (place !== undefined) return [functionAt((await chunkFile(file, grammars, { minLines: 1, minTokens: 1 })).chunks, { path: own, line: place.line }, config)];
  const { chunks } = await chunkFile(file, grammars, config);
  if (chunks.length > 0) return chunks;
  throw new SimcodeError('bad-input', `${own} has no function of ${config.minLines} lines and ${config.minTokens} tokens or more`, { hint: `Name one by its line (${own}:1), or lower --min-lines and --min-tokens.` });
}

/** Functions of the code on stdin, small ones where there are no others, or all of it as one. */
async function functionsOfStdin({ languages, minLines, minTokens }: EffectiveConfig, grammars: Grammars): Promise<readonly Chunk[]> {
  const [language, ...others] = languages;
  if (language === undefined || others.length > 0) throw new SimcodeError('bad-option', 'Code from stdin is in one language, and which must be said', { hint: 'For example: simcode index query - --lang typescript --store <where>' });
  const text = decode(await readStdin(MAX_FILE_SIZE))?.text;
  if (text === undefined || text.trim() === '') throw new SimcodeError('bad-input', 'There is no code on stdin', { hint: 'For example: simcode index query - --lang python --store <where> < function.py' });
  for (const floors of [{ minLines, minTokens }, { minLines: 1, minTokens: 1 }]) {
    const { chunks } = await chunkFile({ path: 'stdin', language, text, sha256: '' }, grammars, floors);
    if (chunks.length > 0) return chunks;
  }
  const whole = await snippetChunk('stdin', language, text, grammars);
  if (whole === undefined) throw new SimcodeError('bad-input', `The code on stdin cannot be read as ${language}`, { hint: 'Check --lang.' });
  return [whole];
}
