/**
 * `npx tsx test/bench/embed.bench.ts [model folder] [texts]`: functions per second at 110 lexemes, on one thread and on
 * every core, against the bare onnxruntime session, and the time from nothing to the first vector.
 */
import { availableParallelism } from 'node:os';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { bundledModelDir, loadModelSpec } from '../../src/io/model.ts';
import { createOnnxEmbedder } from '../../src/io/onnx/embedder.ts';
import { NAME_MARK, loadTokenizer } from '../../src/io/tokenizer.ts';

const dir = process.argv[2] ?? bundledModelDir();
const count = Number(process.argv[3] ?? 800);
const WORDS = `def total price items tax = 0 : for item in subtotal += item [ " price ] * qty return round const map key value
  if === null else push length + 1 => filter await fetch url . json response new error message : string | self . items . get this . name`.split(/\s+/);

/** Lexeme texts of 80 to 140 lexemes, 110 on average, no two alike, with some 103 tokens to 100 lexemes as real code has, and a name of three words. */
function makeTexts(): string[] {
  return Array.from({ length: count }, (_, text) => `parse item ${text}\n` + Array.from({ length: 80 + (text * 37) % 61 },
    (_, at) => WORDS[(at * 7 + text * 13 + (at * text) % 11) % WORDS.length] ?? '').join(' '));
}

async function timed(name: string, work: () => Promise<void>): Promise<void> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  await work();
  const wall = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const perCpu = count / ((user + system) / 1e6);
  process.stdout.write(`${name.padEnd(34)} ${(count / wall).toFixed(0).padStart(6)} texts/s  ${perCpu.toFixed(0).padStart(6)} texts/CPU-s\n`);
}

async function benchEmbedder(threads: number, texts: readonly string[]): Promise<void> {
  const embedder = await createOnnxEmbedder(dir, { threads });
  await embedder.embed(texts.slice(0, threads * 32));
  await timed(`embedder, ${threads} thread(s)`, async () => { await embedder.embed(texts); });
  await embedder.close();
}

/** Inputs of the shipped graph. */
function feedsOf(ids: readonly number[]): Record<string, Tensor> {
  const mark = ids.indexOf(NAME_MARK);
  const tensor = (some: readonly number[]) => new Tensor('int64', BigInt64Array.from(some, BigInt), [1, some.length]);
  return mark < 0 ? { input_ids: tensor(ids) } : { input_ids: tensor(ids.slice(0, mark)), name_ids: tensor(ids.slice(mark + 1)) };
}

async function benchBare(texts: readonly string[], threads: number): Promise<void> {
  const spec = await loadModelSpec(dir);
  const tokenizer = loadTokenizer(spec.tokenizerPath, spec);
  const inputs = texts.map((text) => feedsOf(tokenizer.encode(text, spec.maxTokens)));
  const session = await InferenceSession.create(spec.modelPath, {
    intraOpNumThreads: threads, enableMemPattern: false, extra: { session: { intra_op: { allow_spinning: '0' } } } });
  await timed(`bare session, ${threads} intra-op thread(s)`, async () => {
    for (const one of inputs) await session.run(one);
  });
  await session.release();
}

async function benchStart(): Promise<void> {
  const start = performance.now();
  const embedder = await createOnnxEmbedder(dir);
  const opened = performance.now();
  await embedder.embed(['return a + b']);
  const first = performance.now();
  await embedder.close();
  process.stdout.write(`start: model folder read ${(opened - start).toFixed(0)} ms, first vector after ${(first - start).toFixed(0)} ms\n`);
}

const texts = makeTexts();
await benchStart();
await benchBare(texts, 1);
await benchBare(texts, availableParallelism());
await benchEmbedder(1, texts);
await benchEmbedder(availableParallelism(), texts);
