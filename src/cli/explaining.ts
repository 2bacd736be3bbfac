import { relative } from 'node:path';
import { chunkFile } from '../chunk/chunk.ts';
import { readPieces, type Pieces } from '../chunk/pieces.ts';
import type { EffectiveConfig } from '../config/schema.ts';
import { decode } from '../discover/decode.ts';
import { embedChunks } from '../embed/embed.ts';
import { SimcodeError } from '../errors.ts';
import { chooseClass } from '../explain/choose.ts';
import { readCode } from '../explain/code.ts';
import type { PairContext, Side } from '../explain/pair.ts';
import { explainPair, placeOf, unitOf } from '../explain/pair.ts';
import type { TypedPlace } from '../explain/place.ts';
import { functionAt } from '../explain/place.ts';
import type { Explanation } from '../explain/schema.ts';
import { createFileSource, resolveScope } from '../io/files.ts';
import { openGrammars } from '../io/grammars.ts';
import { createDescriber } from '../score/describe.ts';
import type { Units } from '../score/units.ts';
import { gatherUnits } from '../score/units.ts';
import { createJudge } from '../score/verifier.ts';
import type { Chunk, Embedder, FileSource, Grammars, Matrix, OnEvent, SourceFile } from '../types.ts';
import { overlaps } from '../util/order.ts';
import { languageOf } from '../util/languages.ts';
import { openCache, openCalibration, openEmbedder, openScanner, isolation } from './wiring.ts';

const MAX_FILE_SIZE = 64 * 1024 ** 2;

/**
 * Scans again (warm, from the cache) and explains a class: each member against the representative, least alike first.
 * @param most pairs explained; 0 for all
 * @throws SimcodeError `bad-input` when there is no such class
 */
export async function explainClass(typed: string, paths: readonly string[], most: number, config: EffectiveConfig, onEvent: OnEvent): Promise<Explanation> {
  const scanner = await openScanner({ ...config, paths }, { onEvent, text: false });
  let result;
  try {
    result = await scanner.scan(scanner.files);
  } finally {
    await scanner.close();
  }
  const clones = chooseClass(result.classes, typed);
  const byId = new Map(result.chunks.map((chunk) => [chunk.id, chunk] as const));
  const members = clones.members.flatMap((id) => byId.get(id) ?? []);
  const representative = members.findIndex(({ id }) => id === clones.representative);
  const centre = members[representative];
  if (centre === undefined) throw new RangeError(`class ${clones.id} has no representative`);
  const units = gatherUnits(result.chunks);
  return withContext(units, members, config, onEvent, async (context, embedder) => {
    const similarity = similarityTo(centre, context);
    const others = members.filter((member) => member !== centre).map((chunk) => ({ chunk, similarity: similarity(chunk) }))
      .toSorted((x, y) => x.similarity - y.similarity).slice(0, most === 0 ? undefined : most);
    const read = codeReader(scanner.files, context.grammars);
    const pairs = [];
    for (const { chunk } of others) pairs.push(explainPair(await read(centre), await read(chunk), context));
    const { id, fingerprint, type, cohesion, duplicatedLines } = clones;
    return {
      schemaVersion: 1, model: modelOf(embedder), threshold: context.threshold, pairs,
      class: {
        id, fingerprint, type, similarity: cohesion, duplicatedLines, representative,
        members: members.map((chunk) => ({ ...placeOf(chunk), similarity: similarity(chunk) })),
      },
    };
  });
}

/** Explains the pair of functions at two places, whether or not a scan reports it. */
export async function explainPlaces(typed: readonly [TypedPlace, TypedPlace], config: EffectiveConfig, onEvent: OnEvent): Promise<Explanation> {
  const { root, paths } = await resolveScope(process.cwd(), typed.map(({ path }) => path));
  const files = createFileSource(root, paths, { git: false });
  const grammars = await openGrammars();
  const chunks: Chunk[] = [];
  for (const [i, place] of typed.entries()) {
    const path = relative(root, paths[i] ?? '').replaceAll('\\', '/');
    chunks.push(functionAt(await allFunctions(files, path, grammars), { path, line: place.line }, config));
  }
  const [a, b] = chunks;
  if (a === undefined || b === undefined) throw new RangeError('two places');
  if (a.id === b.id) throw new SimcodeError('bad-input', `Both places lie in ${a.qualifiedName || a.kind} (${a.path}:${a.range.startLine}-${a.range.endLine}).`, { hint: 'Name a line of another function.' });
  if (overlaps(a, b)) throw new SimcodeError('bad-input', `${a.qualifiedName} and ${b.qualifiedName} lie one inside the other: they share their text.`, { hint: 'Name two functions apart from each other.' });
  return withContext(gatherUnits([a, b]), [a, b], config, onEvent, async (context, embedder) => {
    const read = codeReader(files, grammars);
    return { schemaVersion: 1, model: modelOf(embedder), threshold: context.threshold, pairs: [explainPair(await read(a), await read(b), context)] };
  });
}

type Context = PairContext & { readonly grammars: Grammars };

async function withContext(
  units: Units, chunks: readonly Chunk[], config: EffectiveConfig, onEvent: OnEvent, work: (context: Context, embedder: Embedder) => Promise<Explanation>,
): Promise<Explanation> {
  const [calibration, grammars, embedder] = [await openCalibration(config.model, config.embedUrls), await openGrammars(), await openEmbedder(config)];
  try {
    const matrix = await vectorsOf(units, chunks, config, embedder, onEvent);
    return await work({
      units, matrix, calibration, grammars, threshold: config.threshold ?? calibration.threshold,
      rules: { switches: { ...config.rules, test: config.tests === 'exclude' }, isolate: isolation(config.isolate) },
      crossLanguage: config.crossLanguage, minLines: config.minLines, minTokens: config.minTokens,
    }, embedder);
  } finally {
    await embedder.close();
  }
}

/** Vectors of the first chunk of each unit concerned: what the describer asks for. */
async function vectorsOf(units: Units, chunks: readonly Chunk[], config: EffectiveConfig, embedder: Embedder, onEvent: OnEvent): Promise<Matrix> {
  const firsts = new Map<string, Chunk>();
  for (const chunk of chunks) {
    const first = units.chunks[units.members[unitOf(units, chunk)]?.[0] ?? -1];
    if (first !== undefined) firsts.set(first.id, first);
  }
  const cache = await openCache(config.cache, embedder);
  const { matrix } = await embedChunks([...firsts.values()], embedder, cache, onEvent);
  await cache.save();
  return matrix;
}

function similarityTo(centre: Chunk, { units, matrix, calibration }: PairContext): (chunk: Chunk) => number {
  const describer = createDescriber(units, matrix);
  const judge = createJudge(calibration);
  const own = unitOf(units, centre);
  return (chunk) => {
    const unit = unitOf(units, chunk);
    if (unit === own) return 1;
    const { features, type } = describer.describe(own, unit);
    return judge(features, type);
  };
}

/** Reads the code of chunks, each file once. */
function codeReader(files: FileSource, grammars: Grammars): (chunk: Chunk) => Promise<Side> {
  const read = new Map<string, Promise<Pieces>>();
  return async (chunk) => {
    const pieces = read.get(chunk.path) ?? fileAt(files, chunk.path, grammars).then((file) => readPieces(file, grammars));
    read.set(chunk.path, pieces);
    return { chunk, code: readCode(await pieces, chunk) };
  };
}

async function textOf(files: FileSource, path: string): Promise<string> {
  const read = await files.read(path, MAX_FILE_SIZE);
  if ('skip' in read) throw new SimcodeError('bad-input', `${path} cannot be read: ${read.message}`, { hint: 'Name a source file by its real path.' });
  const text = decode(read.bytes)?.text;
  if (text === undefined) throw new SimcodeError('bad-input', `${path} is not a text file.`, { hint: 'Name a source file.' });
  return text;
}

async function fileAt(files: FileSource, path: string, grammars: Grammars): Promise<SourceFile> {
  const text = await textOf(files, path);
  const language = languageOf(path, text.slice(0, 256).split(/\r?\n/, 1)[0]);
  if (language === undefined) throw new SimcodeError('bad-input', `${path} is in no known language.`, { hint: `Known: ${grammars.languages.join(', ')}` });
  return { path, language, text, sha256: '' };
}

async function allFunctions(files: FileSource, path: string, grammars: Grammars): Promise<readonly Chunk[]> {
  const { chunks } = await chunkFile(await fileAt(files, path, grammars), grammars, { minLines: 1, minTokens: 1 });
  return chunks;
}

function modelOf({ id, revision }: Embedder): Explanation['model'] {
  return { id, revision };
}
