import { createScanner } from 'jsonc-parser';

/** Where a string of a JSON text stands, quotes included. */
export interface JsonString {
  /** Keys from the root to it, `*` for a place in an array, joined by `.`. */
  readonly path: string;
  readonly start: number;
  readonly end: number;
}

interface Frame { key: string; isKeyNext: boolean; readonly isObject: boolean }

/** As `SyntaxKind` of jsonc-parser, whose enum has no value at run time. */
const Kind = { openBrace: 1, closeBrace: 2, openBracket: 3, closeBracket: 4, comma: 5, string: 10, unknown: 16, end: 17 } as const;

/** Levels beyond which a text is taken for damaged, and beyond which nothing is visited. */
const MAX_DEPTH = 1_000;
const MAX_VISITED = 8;

/**
 * Visits the strings of a JSON text that are values, and the end of every object (then `end` is after its brace and
 * `start` is -1), in order, down to eight levels and without building the document. Returns what is wrong with the text, if anything.
 */
export function visitStrings(text: string, visit: (found: JsonString) => void): string | undefined {
  const scanner = createScanner(text, true);
  const frames: Frame[] = [];
  const tell = (start: number, end: number): void => {
    if (frames.length <= MAX_VISITED) visit({ path: frames.map(({ key }) => key).join('.'), start, end });
  };
  for (let token: number = scanner.scan(); token !== Kind.end; token = scanner.scan()) {
    const frame = frames.at(-1);
    const start = scanner.getTokenOffset();
    const end = start + scanner.getTokenLength();
    const isError = token === Kind.unknown || Number(scanner.getTokenError()) !== 0;
    const isClose = token === Kind.closeBrace || token === Kind.closeBracket;
    if (isError || (isClose && frame?.isObject !== (token === Kind.closeBrace))) return `no JSON at character ${start}`;
    if (isClose) {
      frames.pop();
      if (token === Kind.closeBrace) tell(-1, end);
    } else if (token === Kind.openBrace || token === Kind.openBracket) {
      const isObject = token === Kind.openBrace;
      if (frames.push({ key: isObject ? '' : '*', isKeyNext: isObject, isObject }) > MAX_DEPTH) return 'nested too deeply';
    } else if (token === Kind.comma && frame !== undefined) frame.isKeyNext = frame.isObject;
    else if (token === Kind.string && frame?.isKeyNext === true) {
      frame.key = scanner.getTokenValue();
      frame.isKeyNext = false;
    } else if (token === Kind.string) tell(start, end);
  }
  return frames.length > 0 ? 'cut off' : undefined;
}
