/** Lines of one `#if` … `#endif`: indices of its directives, the last of them the `#endif`. */
interface Group { readonly directives: number[]; readonly condition: string }

const DIRECTIVE = /^\s*#\s*(if|ifdef|ifndef|elif|elseif|else|endif)\b\s*(.*)/;
const NO_CODE = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g;
/** Groups nested deeper are left as they are. */
const MAX_DEPTH = 32;
/** Lines looked back over for what stands before a group. */
const MAX_BACK = 50;

/**
 * A text as one of its preprocessed forms where `#if` splits a statement or a block: of such a group the first branch is
 * kept (of `#if 0` the second), all else becomes blanks, unit for unit. Groups of whole statements stay as they are.
 */
export function withoutSplits(text: string): string {
  if (!/^\s*#\s*if/m.test(text)) return text;
  const lines = text.split('\n');
  const open: Group[] = [];
  for (const [i, line] of lines.entries()) {
    const [, word, condition = ''] = DIRECTIVE.exec(line) ?? [];
    if (word === undefined) continue;
    if (word.startsWith('if')) open.push({ directives: [i], condition: condition.trim() });
    else open.at(-1)?.directives.push(i);
    if (word !== 'endif') continue;
    const group = open.pop();
    if (group !== undefined && open.length < MAX_DEPTH && splits(lines, group)) keepOne(lines, group);
  }
  return lines.join('\n');
}

/** Whether a group begins inside a statement, or one of its branches is no row of whole statements. */
function splits(lines: readonly string[], { directives }: Group): boolean {
  const [first = 0] = directives;
  if (!/^$|[;{}:\]]$/.test(codeBefore(lines, first))) return true;
  return directives.slice(0, -1).some((from, branch) => {
    const code = codeOf(lines.slice(from + 1, directives[branch + 1]));
    return /^else\b/.test(code) || !/^$|[;}]$/.test(code) || !isBalanced(code);
  });
}

/** The last line of code before a line, `''` for a directive or nothing. */
function codeBefore(lines: readonly string[], index: number): string {
  for (let i = index - 1; i >= Math.max(0, index - MAX_BACK); i--) {
    const line = lines[i] ?? '';
    if (/^\s*#/.test(line)) return '';
    const code = /^\s*(?:\*|\/[*/])|\*\/\s*$/.test(line) ? '' : codeOf([line]);
    if (code !== '') return code;
  }
  return '';
}

/** Lines without directives, comments and strings' contents. */
function codeOf(lines: readonly string[]): string {
  const kept = lines.filter((line, i) => !/^\s*#/.test(line) && !(lines[i - 1]?.endsWith('\\') ?? false));
  return kept.join('\n').replace(NO_CODE, '').trim();
}

function isBalanced(code: string): boolean {
  let depth = 0;
  for (const unit of code) {
    if (unit === '{' || unit === '(') depth++;
    else if ((unit === '}' || unit === ')') && --depth < 0) return false;
  }
  return depth === 0;
}

function keepOne(lines: string[], { directives, condition }: Group): void {
  const kept = condition === '0' || condition === 'false' ? 1 : 0;
  const [first = 0, last = first] = [directives[0], directives.at(-1)];
  const from = directives[kept] ?? last;
  const to = directives[kept + 1] ?? last;
  for (let i = first; i <= last; i++) if (i <= from || i >= to) lines[i] = (lines[i] ?? '').replace(/[^\r]/g, ' ');
}
