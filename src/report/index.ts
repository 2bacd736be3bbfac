import { SimcodeError } from '../errors.ts';
import type { ScanResult } from '../types.ts';
import type { Reporter, ReportOptions } from './options.ts';

/** Reporters by name, loaded when asked for. */
const reporters: Readonly<Record<string, () => Promise<Reporter>>> = {
  table: async () => (await import('./table.ts')).table,
  json: async () => (await import('./json.ts')).json,
  gate: async () => (await import('./gate.ts')).gate,
  sarif: async () => (await import('./sarif.ts')).sarif,
  github: async () => (await import('./github.ts')).github,
  gitlab: async () => (await import('./gitlab.ts')).gitlab,
  junit: async () => (await import('./junit.ts')).junit,
  checkstyle: async () => (await import('./checkstyle.ts')).checkstyle,
  rdjson: async () => (await import('./rdjson.ts')).rdjson,
  markdown: async () => (await import('./markdown.ts')).markdown,
};

/** Names that `--format` takes. */
export const reportFormats: readonly string[] = Object.keys(reporters);

/**
 * Renders a result.
 * @param format one of `reportFormats`
 * @returns text that ends in a newline
 * @throws SimcodeError `bad-option` for an unknown format
 */
export async function report(format: string, result: ScanResult, options: ReportOptions = {}): Promise<string> {
  const load = Object.hasOwn(reporters, format) ? reporters[format] : undefined;
  if (load === undefined) {
    throw new SimcodeError('bad-option', `Unknown report format ${JSON.stringify(format)}.`, {
      hint: `Formats: ${reportFormats.join(', ')}.`,
    });
  }
  const render = await load();
  return render(result, options);
}
