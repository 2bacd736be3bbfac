import { execFile } from 'node:child_process';
import { access, constants, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { compileGrammar } from '../chunk/grammar.ts';
import { SimcodeError } from '../errors.ts';
import { cacheInfo } from '../io/cache-admin.ts';
import { openGrammars } from '../io/grammars.ts';
import { createHnsw } from '../io/hnsw.ts';
import { bundledModelDir } from '../io/model.ts';
import { deviceHint, listDevices, onnxruntimeInfo, probeDevice } from '../io/onnx/devices.ts';
import { createOnnxEmbedder } from '../io/onnx/embedder.ts';
import { cacheDir } from '../io/paths.ts';
import { count } from '../messages.ts';
import { megabytes } from './commands/cache.ts';

/** One thing that works, works less well, or does not, and how to mend it. */
export interface Check {
  readonly name: string;
  readonly status: 'ok' | 'warn' | 'fail';
  readonly message: string;
  readonly hint?: string;
}

/** Everything a scan may need, tried out for real; each check is independent of the others. */
export async function runChecks(): Promise<readonly Check[]> {
  return [
    checkNode(process.version),
    await attempt('onnxruntime', 'fail', onnxruntime),
    await attempt('devices', 'warn', devices),
    await attempt('model mini', 'fail', () => goldenModel(bundledModelDir())),
    await attempt('grammars', 'fail', () => grammars()),
    await attempt('cache', 'warn', cache),
    await attempt('hnswlib', 'warn', hnswlib),
    await attempt('git', 'warn', git),
  ];
}

/** The versions that simcode runs on (package.json `engines`). */
export function checkNode(version: string): Check {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  const fits = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22;
  return fits
    ? { name: 'node', status: 'ok', message: version }
    : { name: 'node', status: 'fail', message: `${version} is not supported`, hint: 'Install Node 20.19, 22.12 or newer.' };
}

/** What a check says, or what it threw with its hint; `status` says how much simcode needs it. */
export async function attempt(name: string, status: 'warn' | 'fail', check: () => Promise<string>): Promise<Check> {
  try {
    return { name, status: 'ok', message: await check() };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const hint = error instanceof SimcodeError ? error.hint : undefined;
    return { name, status, message, ...(hint === undefined ? {} : { hint }) };
  }
}

async function onnxruntime(): Promise<string> {
  const { version, devices } = await onnxruntimeInfo();
  const names = devices.map((device) => (device.bundled ? device.name : `${device.name} (its libraries are not included)`));
  return `${version}, devices: ${names.join(', ')}`;
}

/** Every device this onnxruntime knows, tried out; only the CPU has to work. */
async function devices(): Promise<string> {
  const words: string[] = [];
  for (const { name } of await listDevices()) {
    const probe = await probeDevice(name);
    words.push(probe.ok ? `${name} works${probe.f16 && name !== 'cpu' ? ' (half precision too)' : ''}` : `${name} does not start: ${deviceHint(name)}`);
  }
  return words.join('; ');
}

const golden = z.array(z.object({ name: z.string(), lexemes: z.array(z.string()), vector: z.array(z.number()) })).min(1);

/** Vectors of golden texts may differ by rounding between processors, not by more than this cosine. */
const goldenCosine = 0.99;

/** Runs a model folder on its first golden text and compares the vector with the recorded one. */
export async function goldenModel(dir: string): Promise<string> {
  const text = await readFile(join(dir, 'golden.json'), 'utf8').catch((cause: unknown) => {
    throw new SimcodeError('missing-model', `${dir} has no golden.json`, { hint: 'Reinstall simcode.', cause });
  });
  const [first] = golden.parse(JSON.parse(text));
  const embedder = await createOnnxEmbedder(dir, { threads: 1 });
  try {
    const vector = await embedder.embed([`${first?.name ?? ''}\n${first?.lexemes.join(' ') ?? ''}`]);
    const cosine = vector.reduce((sum, value, at) => sum + value * (first?.vector[at] ?? 0), 0);
    if (cosine < goldenCosine) {
      throw new SimcodeError('bad-model', `${embedder.id} gives wrong vectors (cosine ${cosine.toFixed(3)} with the recorded one)`, { hint: 'Reinstall simcode.' });
    }
    return `${embedder.id} ${embedder.revision}, ${embedder.dims} dimensions, runs on ${embedder.device}`;
  } finally {
    await embedder.close();
  }
}

/** Loads every grammar of a folder (default: the package's). */
export async function grammars(root?: string): Promise<string> {
  const known = await openGrammars(root);
  const broken: string[] = [];
  for (const language of known.languages) {
    const load = async (): Promise<unknown> => (await known.host(language) === undefined ? compileGrammar(await known.load(language)) : undefined);
    await load().catch((error: unknown) => broken.push(`${language} (${String(error)})`));
  }
  if (broken.length > 0) throw new SimcodeError('missing-grammar', `Cannot load ${broken.join(', ')}`, { hint: 'Reinstall simcode.' });
  return `${count(known.languages.length, 'language')}: ${known.languages.join(', ')}`;
}

async function cache(): Promise<string> {
  const dir = cacheDir();
  try {
    await mkdir(dir, { recursive: true });
    await access(dir, constants.W_OK);
  } catch (cause) {
    throw new SimcodeError('io', `${dir} cannot be written: vectors are computed anew in every run`, {
      hint: 'Set SIMCODE_CACHE_DIR to a folder that you may write to.', cause,
    });
  }
  const { bytes, stores } = await cacheInfo(dir);
  return `${dir}, ${count(stores.reduce((sum, store) => sum + store.vectors, 0), 'vector')}, ${megabytes(bytes)}`;
}

async function hnswlib(): Promise<string> {
  const index = await createHnsw(2, 1);
  index.add(0, Float32Array.of(1, 0));
  const { rows } = index.search(Float32Array.of(1, 0), 1);
  if (rows[0] !== 0) throw new SimcodeError('missing-dependency', 'hnswlib-node does not find what it was given', { hint: 'Reinstall it, or use --index exact.' });
  return 'installed';
}

async function git(): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)('git', ['--version']);
    return stdout.trim().replace(/^git version /, '');
  } catch (cause) {
    throw new SimcodeError('git', 'not found', { hint: 'Install git, or scan with --no-git, which reads the .gitignore files by itself.', cause });
  }
}
