import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { snippetChunk } from '../../src/chunk/snippet.ts';
import { modelInput } from '../../src/embed/input.ts';
import { openGrammars } from '../../src/io/grammars.ts';
import { bundledModelDir, loadModelSpec } from '../../src/io/model.ts';
import { createOnnxEmbedder } from '../../src/io/onnx/embedder.ts';
import { toyChunk } from '../helpers/toy-chunk.ts';
import { temporaryDir } from './temporary.ts';

/** A copy of the shipped model, with another config.json. */
function modelCopy(changes: Readonly<Record<string, unknown>>): string {
  const dir = join(temporaryDir(), 'model');
  cpSync(bundledModelDir(), dir, { recursive: true });
  const config: unknown = JSON.parse(readFileSync(join(dir, 'config.json'), 'utf8'));
  writeFileSync(join(dir, 'config.json'), JSON.stringify({ ...Object(config), ...changes }));
  return dir;
}

async function embed(dir: string, texts: readonly string[]): Promise<readonly Float32Array[]> {
  const embedder = await createOnnxEmbedder(dir, { threads: 1 });
  try {
    const rows = await embedder.embed(texts);
    return texts.map((_, at) => rows.slice(at * embedder.dims, (at + 1) * embedder.dims));
  } finally {
    await embedder.close();
  }
}

const BODY = 'function clamp value low high return math . min math . max value low high';

test('a named vector is that of the lexemes and a share of that of the name, at unit length', async () => {
  const plain = modelCopy({ input: 'lexemes', nameShare: undefined });
  const [body, name] = await embed(plain, [BODY, 'clamp number']);
  const sum = body?.map((value, at) => value + 0.5 * (name?.[at] ?? 0)) ?? new Float32Array(0);
  const length = Math.hypot(...sum);
  const named = modelCopy({ input: 'named-lexemes', nameShare: 0.5 });
  const [found, nameless, bare, again] = await embed(named, [`clamp number\n${BODY}`, `\n${BODY}`, BODY, `clamp number\n${BODY}`]);
  expect(found).toHaveLength(sum.length);
  for (const [at, value] of sum.entries()) expect(found?.[at]).toBeCloseTo(value / length, 6);
  expect(nameless).toEqual(body);
  expect(bare).toEqual(body);
  expect(again).toEqual(found);
});

test('the input has the words of the name on a line of their own, but for entry points', () => {
  const chunk = { ...toyChunk('function clampNumber(x) { return x }'), name: 'clampNumber' };
  const lexemes = chunk.lexemes.join(' ');
  expect(modelInput(chunk, 'named-lexemes')).toBe(`clamp number\n${lexemes}`);
  expect(modelInput({ ...chunk, name: 'main' }, 'named-lexemes')).toBe(`\n${lexemes}`);
  expect(modelInput({ ...chunk, name: '' }, 'named-lexemes')).toBe(`\n${lexemes}`);
  expect(modelInput({ ...chunk, lexemes: [] }, 'named-lexemes')).toBe('');
  expect(modelInput(chunk, 'lexemes')).toBe(lexemes);
});

test.each([{ input: 'named-lexemes', nameShare: undefined }, { input: 'lexemes', nameShare: 0.5 }, { input: 'named-lexemes', nameShare: 0 }])('a share belongs to named lexemes: %j', async (changes) => {
  await expect(loadModelSpec(modelCopy(changes))).rejects.toMatchObject({ code: 'bad-model', message: expect.stringContaining('nameShare') });
});

test('a piece of code that is one function has its name, whatever is in and around it', async () => {
  const grammars = await openGrammars();
  const nameOf = async (language: string, text: string) => (await snippetChunk('s', language, text, grammars))?.name;
  expect(await nameOf('javascript', 'const clampNumber = (x) => [x].map((y) => y + 1);')).toBe('clampNumber');
  expect(await nameOf('java', 'class Solution {\n  int twoSum(int[] all) { return all[0]; }\n}')).toBe('twoSum');
  expect(await nameOf('python', 'def first(x):\n    return x\n\ndef second(x):\n    return first(x)\n')).toBe('');
  expect(await nameOf('python', 'x = 1\n')).toBe('');
});
