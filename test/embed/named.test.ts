import { expect, test } from 'vitest';
import { snippetChunk } from '../../src/chunk/snippet.ts';
import { modelInput } from '../../src/embed/input.ts';
import { openGrammars } from '../../src/io/grammars.ts';
import { bundledModelDir } from '../../src/io/model.ts';
import { createOnnxEmbedder } from '../../src/io/onnx/embedder.ts';
import { toyChunk } from '../helpers/toy-chunk.ts';

test('a name is heard beside the lexemes, whatever the company, and nothing is heard of one that is not there', async () => {
  const embedder = await createOnnxEmbedder(bundledModelDir(), { threads: 1 });
  const body = 'function limit value low high return math . min math . max value low high';
  const texts = [`clamp number\n${body}`, `\n${body}`, body, `parse date\n${body}`, `clamp number\n${body}`, 'clamp\nfunction clamp x return x'];
  try {
    const rows = await embedder.embed(texts);
    const [named, nameless, bare, other, again, clamp] = texts.map((_, at) => rows.slice(at * embedder.dims, (at + 1) * embedder.dims));
    expect(bare).toEqual(nameless);
    expect(again).toEqual(named);
    expect(cosine(named, nameless)).toBeLessThan(0.999);
    expect(cosine(named, clamp)).toBeGreaterThan(cosine(nameless, clamp));
    expect(cosine(named, clamp)).toBeGreaterThan(cosine(other, clamp));
    expect(cosine(named, named)).toBeCloseTo(1, 6);
  } finally {
    await embedder.close();
  }
});

function cosine(a = new Float32Array(0), b = new Float32Array(0)): number {
  return a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);
}

test('the input has the words of the name on a line of their own, but for those that say nothing', () => {
  const chunk = { ...toyChunk('function clampNumber(x) { return x }'), name: 'clampNumber' };
  const lexemes = chunk.lexemes.join(' ');
  expect(modelInput(chunk, 'named-lexemes')).toBe(`clamp number\n${lexemes}`);
  expect(modelInput({ ...chunk, name: 'main' }, 'named-lexemes')).toBe(`\n${lexemes}`);
  expect(modelInput({ ...chunk, name: 'fn12' }, 'named-lexemes')).toBe(`\n${lexemes}`);
  expect(modelInput({ ...chunk, name: 'toInt64' }, 'named-lexemes')).toBe(`to int 64\n${lexemes}`);
  expect(modelInput({ ...chunk, name: '' }, 'named-lexemes')).toBe(`\n${lexemes}`);
  expect(modelInput({ ...chunk, lexemes: [] }, 'named-lexemes')).toBe('');
  expect(modelInput(chunk, 'lexemes')).toBe(lexemes);
});

test('a piece of code that is one function has its name, whatever is in and around it', async () => {
  const grammars = await openGrammars();
  const nameOf = async (language: string, text: string) => (await snippetChunk('s', language, text, grammars))?.name;
  expect(await nameOf('javascript', 'const clampNumber = (x) => [x].map((y) => y + 1);')).toBe('clampNumber');
  expect(await nameOf('java', 'class Solution {\n  int twoSum(int[] all) { return all[0]; }\n}')).toBe('twoSum');
  expect(await nameOf('python', 'def first(x):\n    return x\n\ndef second(x):\n    return first(x)\n')).toBe('');
  expect(await nameOf('python', 'x = 1\n')).toBe('');
});
