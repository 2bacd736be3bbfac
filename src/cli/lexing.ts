import { z } from 'zod';

import { detailFile } from '../chunk/chunk.ts';
import { grammarOf } from '../chunk/grammar.ts';
import { snippetLexemes } from '../chunk/snippet.ts';
import { discoverFiles } from '../discover/discover.ts';
import { SimcodeError } from '../errors.ts';
import { openGrammars } from '../io/grammars.ts';
import { openSink, readLines, type LineSink } from '../io/lines.ts';
import { createFileSource, resolveScope } from '../io/files.ts';
import type { Grammars, SizeFloor, Warning } from '../types.ts';
import { escapeText } from '../report/escape.ts';

const datasetRow = z.object({ id: z.union([z.string(), z.number()]), lang: z.string(), code: z.string() });

/** Names of languages in datasets that differ from ours. */
const ALIASES: Readonly<Record<string, string>> = {
  py: 'python', js: 'javascript', jsx: 'javascript', ts: 'typescript', 'c++': 'cpp', 'c#': 'csharp', cs: 'csharp', golang: 'go',
  rb: 'ruby', rs: 'rust', kt: 'kotlin', sh: 'bash', shell: 'bash',
};

/** What lexemes are written of, and where to. */
export type LexemeSource = { readonly paths: readonly string[] } | { readonly dataset: string };

/** Writes one JSON line a function, and says on stderr what was left out. @throws SimcodeError `nothing-analysed` */
export async function writeLexemes(source: LexemeSource, floor: SizeFloor, output: string | undefined): Promise<void> {
  const grammars = await openGrammars();
  const sink = openSink(output);
  const count = 'paths' in source ? await writeFunctions(source.paths, floor, grammars, sink) : await writeRows(source.dataset, grammars, sink);
  await sink.close();
  process.stderr.write(`${count.done} written, ${count.failed} left out\n`);
  if (count.done === 0) throw new SimcodeError('nothing-analysed', 'Nothing to write', { hint: 'No function above the size floor, or no row in a known language.' });
}

async function writeFunctions(paths: readonly string[], floor: SizeFloor, grammars: Grammars, sink: LineSink): Promise<{ done: number; failed: number }> {
  let done = 0;
  const { root, paths: absolute } = await resolveScope(process.cwd(), paths);
  const files = discoverFiles(createFileSource(root, absolute));
  const noticed: Warning[] = [];
  for await (const file of files) {
    const { chunks, warnings } = await detailFile(file, grammars, floor);
    noticed.push(...warnings);
    for (const { chunk, doc, names } of chunks) {
      const { path, language: lang, kind, qualifiedName: name, range: { startLine, endLine }, text, lexemes } = chunk;
      await sink.write(JSON.stringify({ path, lang, kind, name, startLine, endLine, doc, text, lexemes, names }));
      done++;
    }
  }
  tell([...files.warnings, ...noticed]);
  return { done, failed: files.skips.filter(({ reason }) => reason !== 'language').length + noticed.filter(({ code }) => code === 'parse-limit').length };
}

/** How many files each warning is about, and the first of them. */
function tell(warnings: readonly Warning[]): void {
  for (const code of new Set(warnings.map((warning) => warning.code))) {
    const same = warnings.filter((warning) => warning.code === code);
    process.stderr.write(`${code}: ${same.length}, first ${escapeText(`${same[0]?.path ?? ''}: ${same[0]?.message ?? ''}`)}\n`);
  }
}

async function writeRows(dataset: string, grammars: Grammars, sink: LineSink): Promise<{ done: number; failed: number }> {
  let done = 0;
  let failed = 0;
  let number = 0;
  for await (const line of readLines(dataset)) {
    number++;
    if (line.trim() === '') continue;
    const { id, lang: given, code } = parseRow(line, `${dataset}:${number}`);
    const lang = ALIASES[given.toLowerCase()] ?? given.toLowerCase();
    const isKnown = grammars.languages.includes(lang) && await grammars.host(lang) === undefined;
    const found = isKnown ? snippetLexemes(code, await grammarOf(grammars, lang)) : undefined;
    if (found === undefined) {
      failed++;
      process.stderr.write(`${dataset}:${number}: left out: ${isKnown ? 'too long to parse' : `no grammar for "${given.slice(0, 40)}"`}\n`);
      continue;
    }
    await sink.write(JSON.stringify({ id, lang: given, lexemes: found.lexemes, names: found.names }));
    done++;
  }
  return { done, failed };
}

function parseRow(line: string, where: string): z.infer<typeof datasetRow> {
  try {
    return datasetRow.parse(JSON.parse(line));
  } catch (cause) {
    throw new SimcodeError('bad-input', `${where} is not a row {id, lang, code}`, { cause });
  }
}
