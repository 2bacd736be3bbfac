/** Lines of the newer side, 1-based and inclusive. */
export interface LineRange {
  readonly startLine: number;
  readonly endLine: number;
  /** Nothing was added: lines were taken out between these two. */
  readonly deletion?: true;
}

const escapes: Readonly<Record<string, number>> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13, '"': 34, '\\': 92 };

/**
 * Reads a unified diff made with `--unified=0 --dst-prefix=b/`. The body lines of a hunk are counted and skipped, never
 * looked at, so that source text which looks like a header is not taken for one.
 */
export function parsePatch(text: string): ReadonlyMap<string, readonly LineRange[]> {
  const changes = new Map<string, LineRange[]>();
  const lines = text.split('\n');
  let path: string | undefined;
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    const hunk = /^@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(line);
    if (hunk === null) {
      if (line.startsWith('diff --git ')) path = undefined;
      else if (line.startsWith('+++ ')) path = newPath(line.slice(4));
      continue;
    }
    const added = Number(hunk[3] ?? 1);
    at = skipBody(lines, at, Number(hunk[1] ?? 1) + added);
    if (path === undefined) continue;
    const ranges = changes.get(path) ?? [];
    ranges.push(range(Number(hunk[2]), added));
    changes.set(path, ranges);
  }
  return changes;
}

/** Whether a change reaches a span of lines: it adds or alters a line of it, or takes lines out from inside it. */
export function touches(ranges: readonly LineRange[], startLine: number, endLine: number): boolean {
  return ranges.some((range) => range.deletion === true
    ? range.startLine >= startLine && range.endLine <= endLine
    : range.startLine <= endLine && range.endLine >= startLine);
}

/** Index of the last of `count` body lines after the hunk header; `\\ No newline at end of file` is none of them. */
function skipBody(lines: readonly string[], header: number, count: number): number {
  let at = header;
  for (let left = count; left > 0 && at + 1 < lines.length;) {
    at++;
    if (lines[at]?.startsWith('\\') !== true) left--;
  }
  return at;
}

function range(start: number, count: number): LineRange {
  return count === 0 ? { startLine: start, endLine: start + 1, deletion: true } : { startLine: start, endLine: start + count - 1 };
}

function newPath(field: string): string | undefined {
  // git ends a name that holds a blank with a tab
  const name = field.startsWith('"') ? unquote(field) : field.replace(/[\t\r]+$/, '');
  return name.startsWith('b/') ? name.slice(2) : undefined;
}

/** Undoes git's C-style quoting of a path; octal escapes are bytes of UTF-8. */
function unquote(field: string): string {
  const body = field.slice(1, field.lastIndexOf('"'));
  const bytes: Buffer[] = [];
  for (const [, octal, letter, plain] of body.matchAll(/\\([0-7]{3})|\\(.)|([^\\]+)/gsu)) {
    if (octal !== undefined) bytes.push(Buffer.from([Number.parseInt(octal, 8)]));
    else if (letter !== undefined) bytes.push(Buffer.from([escapes[letter] ?? letter.charCodeAt(0)]));
    else bytes.push(Buffer.from(plain ?? '', 'utf8'));
  }
  return Buffer.concat(bytes).toString('utf8');
}
