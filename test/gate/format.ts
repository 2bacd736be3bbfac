import { format as formatPython } from '@wasm-fmt/ruff_fmt';
import { format as prettier, type Options } from 'prettier';

const styles = {
  narrow: { prettier: { printWidth: 40, tabWidth: 4, semi: false, singleQuote: true, trailingComma: 'all' }, ruff: { line_width: 40, quote_style: 'single' } },
  wide: { prettier: { printWidth: 200, useTabs: true, quoteProps: 'consistent', arrowParens: 'avoid', trailingComma: 'none' }, ruff: { line_width: 200, indent_style: 'tab' } },
} as const satisfies Record<string, { readonly prettier: Options; readonly ruff: Parameters<typeof formatPython>[2] }>;

export const styleNames = ['narrow', 'wide'] as const;

/** A file as prettier or, for Python, ruff (which writes what black does) would leave it. */
export async function formatted(path: string, text: string, style: (typeof styleNames)[number]): Promise<string> {
  return path.endsWith('.py') ? formatPython(text, path, styles[style].ruff) : prettier(text, { parser: 'typescript', ...styles[style].prettier });
}
