/**
 * Vendors each language's grammar: packs the pinned npm package, checks its integrity, and writes
 * `<language>/grammar.wasm.br`, `<language>/LICENSE`, `manifest.json` and `src/util/language-table.ts`.
 * Run by `npm run grammars`; nothing else needs the network. `--root` and `--table` name another folder of languages and
 * where its table goes; languages named as arguments are fetched alone.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { brotliCompressSync, constants } from 'node:zlib';

import { manifestOf, tableOf } from './manifest.ts';

interface Package { readonly package: string; readonly version: string; readonly integrity: string }
interface Source extends Package {
  readonly file: string;
  readonly licenceFile: string;
  /** Where the licence lies when the package only compiles somebody else's grammar. */
  readonly licenceFrom?: Package;
}

const { values: { root, table }, positionals: only } = parseArgs({
  allowPositionals: true,
  options: {
    root: { type: 'string', default: import.meta.dirname },
    table: { type: 'string', default: join(import.meta.dirname, '../src/util/language-table.ts') },
  },
});
const here = resolve(root);
const work = mkdtempSync(join(tmpdir(), 'simcode-grammars-'));

/** Folder of an unpacked package: of the registry, or of a folder beside `language.json` (`./…`). */
function unpack(source: Package, beside: string): string {
  const isLocal = source.package.startsWith('./');
  const folder = join(work, (isLocal ? beside + source.package : source.package).replace(/\W+/g, '-') + source.version);
  if (existsSync(folder)) return folder;
  const spec = isLocal ? join(beside, source.package) : `${source.package}@${source.version}`;
  const name = execFileSync('npm', ['pack', '--silent', spec], { cwd: work, encoding: 'utf8' }).trim().split('\n').at(-1) ?? '';
  const bytes = readFileSync(join(work, name));
  const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
  if (integrity !== source.integrity) throw new Error(`${spec}: integrity ${integrity}, pinned ${source.integrity}`);
  mkdirSync(folder);
  execFileSync('tar', ['xzf', join(work, name), '-C', folder, '--strip-components=1']);
  return folder;
}

function compress(bytes: Buffer): Buffer {
  const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_LGWIN, BROTLI_PARAM_SIZE_HINT } = constants;
  return brotliCompressSync(bytes, {
    params: { [BROTLI_PARAM_QUALITY]: 11, [BROTLI_PARAM_LGWIN]: 22, [BROTLI_PARAM_SIZE_HINT]: bytes.length },
  });
}

try {
  for (const entry of readdirSync(here, { withFileTypes: true })) {
    if (!entry.isDirectory() || (only.length > 0 && !only.includes(entry.name))) continue;
    const folder = join(here, entry.name);
    const { grammar } = JSON.parse(readFileSync(join(folder, 'language.json'), 'utf8')) as { grammar?: Source };
    if (grammar === undefined) continue;
    const from = unpack(grammar, folder);
    writeFileSync(join(folder, 'grammar.wasm.br'), compress(readFileSync(join(from, grammar.file))));
    writeFileSync(join(folder, 'LICENSE'), readFileSync(join(unpack(grammar.licenceFrom ?? grammar, folder), grammar.licenceFile)));
    process.stderr.write(`${entry.name} ${grammar.package}@${grammar.version}\n`);
  }
  writeFileSync(join(here, 'manifest.json'), manifestOf(here));
  writeFileSync(resolve(table), tableOf(here));
} finally {
  rmSync(work, { recursive: true, force: true });
}
