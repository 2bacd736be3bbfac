import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { version } from '../version.ts';

const SOURCES = join(import.meta.dirname, '..');
const GRAMMARS = join(SOURCES, '../grammars');

/** Hash of all that chunks depend on besides the file: this version, the chunker's code and the grammars. */
export function chunkerIdentity(): string {
  const hash = createHash('sha256').update(version).update(codeOf(['chunk', 'util']));
  hash.update(readFileSync(join(GRAMMARS, 'manifest.json')));
  for (const language of readdirSync(GRAMMARS, { withFileTypes: true })) {
    if (language.isDirectory()) hash.update(readFileSync(join(GRAMMARS, language.name, 'language.json')));
  }
  return hash.digest('hex');
}

/** Hash of the code that decides which files are read, and as what. */
export function discoverIdentity(): string {
  return createHash('sha256').update(version).update(codeOf(['discover', 'util'])).digest('hex');
}

/** Hash of the code that finds classes among chunks. */
export function analysisIdentity(): string {
  return createHash('sha256').update(codeOf(['neighbors', 'score', 'cluster', 'embed', 'run'])).update(readFileSync(join(SOURCES, `pipeline${import.meta.filename.endsWith('.ts') ? '.ts' : '.js'}`))).digest('hex');
}

function codeOf(folders: readonly string[]): string {
  const hash = createHash('sha256');
  for (const folder of folders) {
    const directory = join(SOURCES, folder);
    for (const name of readdirSync(directory).filter((file) => /\.[jt]s$/.test(file) && !file.endsWith('.d.ts')).toSorted()) {
      hash.update(name).update(readFileSync(join(directory, name)));
    }
  }
  return hash.digest('hex');
}
