import { createRequire } from 'node:module';
import { z } from 'zod';

const load = createRequire(import.meta.url);

/** simcode's own version, from package.json. */
export const version: string = z.object({ version: z.string() }).parse(load('../package.json')).version;

/** Versions of everything that decides results: simcode, the model in the package, and each grammar. */
export function versionLines(): string {
  const model = z.object({ id: z.string(), revision: z.string() }).parse(load('../models/mini/config.json'));
  const { languages } = z
    .object({ languages: z.array(z.object({ language: z.string(), package: z.string(), version: z.string() })) })
    .parse(load('../grammars/manifest.json'));
  const width = Math.max(...languages.map(({ language }) => language.length));
  const lines = languages.map((grammar) => `grammar ${grammar.language.padEnd(width)}  ${grammar.package} ${grammar.version}`);
  return [`simcode ${version}`, `model ${model.id} ${model.revision}`, ...lines, ''].join('\n');
}
