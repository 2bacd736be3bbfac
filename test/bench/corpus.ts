import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { edit, rename } from './mutate.ts';
import { type BenchLanguage, printFunction, type Style } from './print.ts';
import { createDraw, type Draw, drawFunction, drawName, type Fn, onTopic } from './program.ts';
import { createRandom } from './random.ts';

const PER_FILE = 20;
const CLONE_SHARE = 0.15;
const PYTHON_SHARE = 0.25;
const PLAIN: Style = { indent: '  ', comments: false, counted: false };
const OTHER: Style = { indent: '    ', comments: true, counted: false };

/** A function of the corpus and where it is said to be a clone of an earlier one. */
export interface CorpusEntry {
  readonly path: string;
  /** As written in its language. */
  readonly name: string;
  readonly clone?: { readonly of: number; readonly type: 1 | 2 | 3 | 4 };
}

interface Planned extends CorpusEntry { readonly fn: Fn; readonly language: BenchLanguage; readonly text: string }

/**
 * Writes `count` functions in TypeScript and Python under `dir`, twenty a file, fifteen in a hundred a clone of one
 * in an earlier file: type 1 (layout, comments), 2 (names, numbers), 3 (a statement more or less), 4 (the other language, loops
 * by index, other names). The same count and seed give the same bytes.
 */
export function writeCorpus(dir: string, count: number, seed: number): readonly CorpusEntry[] {
  const draw = createDraw(createRandom(seed));
  const planned: Planned[] = [];
  for (let i = 0; i < count; i++) planned.push(plan(draw, planned, i));
  const files = new Map<string, string[]>();
  for (const { path, text } of planned) files.set(path, [...(files.get(path) ?? []), text]);
  for (const [path, texts] of files) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), `${texts.join('\n\n')}\n`);
  }
  return planned.map(({ path, name, clone }) => ({ path, name, ...(clone !== undefined && { clone }) }));
}

function plan(anyTopic: Draw, earlier: readonly Planned[], at: number): Planned {
  const draw = onTopic(anyTopic);
  const elsewhere = at - (at % PER_FILE);
  const isClone = elsewhere > 0 && draw.below(1000) < CLONE_SHARE * 1000;
  const name = `${drawName(draw, 'verb')}${at}`;
  if (!isClone) {
    const language = draw.below(1000) < PYTHON_SHARE * 1000 ? 'python' : 'typescript';
    return place(drawFunction(draw, name), language, PLAIN, at);
  }
  const of = draw.below(elsewhere);
  const original = earlier[of] as Planned;
  const type = (1 + draw.below(4)) as 1 | 2 | 3 | 4;
  const other = original.language === 'python' ? 'typescript' : 'python';
  const copies = {
    1: () => place(original.fn, original.language, OTHER, at),
    2: () => place(rename(original.fn, draw, name), original.language, PLAIN, at),
    3: () => place(edit(original.fn, draw, name), original.language, PLAIN, at),
    4: () => place(rename(original.fn, draw, name), other, { ...PLAIN, counted: true }, at),
  };
  return { ...copies[type](), clone: { of, type } };
}

function place(fn: Fn, language: BenchLanguage, style: Style, at: number): Planned {
  const text = printFunction(fn, language, style);
  const file = Math.floor(at / PER_FILE);
  const path = `area${file % 17}/part${file}.${language === 'python' ? 'py' : 'ts'}`;
  const name = /(?:function|def) (\w+)/.exec(text)?.[1] ?? fn.name;
  return { path, name, fn, language, text };
}
