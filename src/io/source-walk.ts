import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { relative, resolve, sep } from 'node:path';

import { fdir } from 'fdir';

import { SimcodeError } from '../errors.ts';
import type { SourceFile } from '../types.ts';
import { languageOf } from '../util/languages.ts';

const SKIPPED = new Set(['node_modules', '.git', 'vendor', 'third_party', 'dist', 'build', 'target', '.venv', 'venv', '__pycache__']);

/** Source files under the paths, sorted, one at a time; vendored folders, binary and larger files are left out. */
export async function* walkSources(paths: readonly string[], maxBytes: number): AsyncGenerator<SourceFile> {
  for (const path of paths) {
    const info = await stat(path).catch((cause: unknown) => {
      throw new SimcodeError('bad-input', `No such file or folder: ${path}`, { cause });
    });
    const files = info.isDirectory() ? await list(path) : [path];
    const root = info.isDirectory() ? path : '.';
    for (const file of files) {
      const source = await read(root, file, maxBytes);
      if (source !== undefined) yield source;
    }
  }
}

async function list(root: string): Promise<readonly string[]> {
  const files = await new fdir().withFullPaths().exclude((name) => SKIPPED.has(name)).crawl(resolve(root)).withPromise();
  return files.toSorted();
}

async function read(root: string, file: string, maxBytes: number): Promise<SourceFile | undefined> {
  const path = relative(root, file).split(sep).join('/');
  if (languageOf(path) === undefined && /\.[^/]*$/.test(path)) return undefined;
  const bytes = await readFile(file).catch(() => undefined);
  if (bytes === undefined || bytes.length === 0 || bytes.length > maxBytes || bytes.includes(0)) return undefined;
  const text = new TextDecoder().decode(bytes);
  const language = languageOf(path, text.slice(0, 200).split('\n', 1)[0]);
  return language === undefined ? undefined : { path, language, text, sha256: createHash('sha256').update(bytes).digest('hex') };
}
