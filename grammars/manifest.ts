/** The two files that `npm run grammars` derives from the language folders. */
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';

interface Folder {
  readonly id: string; readonly title: string;
  readonly extensions: readonly string[]; readonly filenames?: readonly string[]; readonly shebangs?: readonly string[];
  /** Absent for a host, whose code is in other languages. */
  readonly grammar?: { readonly package: string; readonly version: string; readonly file: string; readonly licence: string };
}

function folders(root: string): readonly Folder[] {
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => JSON.parse(readFileSync(join(root, entry.name, 'language.json'), 'utf8')) as Folder)
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

/** `manifest.json`: package, version, file, licence, and size and SHA-256 of the grammar as vendored and as loaded. */
export function manifestOf(root: string): string {
  const languages = folders(root).flatMap(({ id, grammar }) => {
    if (grammar === undefined) return [];
    const packed = readFileSync(join(root, id, 'grammar.wasm.br'));
    const wasm = brotliDecompressSync(packed);
    return {
      language: id, package: grammar.package, version: grammar.version, file: grammar.file, licence: grammar.licence,
      sha256: createHash('sha256').update(wasm).digest('hex'), bytes: wasm.length, packedBytes: packed.length,
    };
  });
  return `${JSON.stringify({ languages }, null, 2)}\n`;
}

/** `src/util/language-table.ts`: how a file's language is told. */
export function tableOf(root: string): string {
  const rows = folders(root).map(({ id, title, extensions, filenames = [], shebangs = [] }) =>
    `  ${JSON.stringify({ id, title, extensions, filenames, shebangs })},`);
  return `// Written by \`npm run grammars\` from grammars/*/language.json.\nimport type { LanguageInfo } from './languages.ts';\n\nexport const LANGUAGES: readonly LanguageInfo[] = [\n${rows.join('\n')}\n];\n`;
}
