import type { Expr, Fn, Stmt } from './program.ts';

/** How a program is written down; differences here alone make clones of type 1 (or 4 with `counted`). */
export interface Style {
  readonly indent: string;
  readonly comments: boolean;
  /** Loops over lists by index instead of by item. */
  readonly counted: boolean;
}

export type BenchLanguage = 'typescript' | 'python';

/** Source text of a function. */
export function printFunction(fn: Fn, language: BenchLanguage, style: Style): string {
  const syntax = language === 'python' ? python : typescript;
  const note = style.comments ? [`${syntax.comment} ${fn.name}: ${fn.body.length} steps`] : [];
  return [...note, ...syntax.block(syntax.head(fn), fn.body.flatMap((statement, i) => {
    const lines = statementLines(statement, syntax, style);
    return style.comments && i % 3 === 1 ? [`${syntax.comment} step ${i}`, '', ...lines] : lines;
  }), style)].join('\n');
}

interface Syntax {
  readonly comment: string;
  readonly end: string;
  readonly name: (name: string) => string;
  readonly head: (fn: Fn) => string;
  readonly block: (head: string, body: readonly string[], style: Style) => readonly string[];
  readonly declare: (name: string, value: string) => string;
  readonly list: (name: string) => string;
  readonly push: (list: string, value: string) => string;
  readonly size: (of: string) => string;
  readonly fail: (message: string) => string;
  readonly control: (keyword: 'if' | 'while', test: string) => string;
  readonly otherwise: string;
  readonly each: (item: string, list: string) => string;
  readonly counted: (index: string, list: string) => string;
  readonly operator: (operator: string) => string;
}

const indented = (body: readonly string[], { indent }: Style): readonly string[] => body.map((line) => (line === '' ? '' : indent + line));
const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const typescript: Syntax = {
  comment: '//',
  end: ';',
  name: (name) => name,
  head: ({ name, params }) => `export function ${name}(${params.map((param) => `${param}: any`).join(', ')})`,
  block: (head, body, style) => [`${head} {`, ...indented(body, style), '}'],
  declare: (name, value) => `let ${name} = ${value};`,
  list: (name) => `const ${name}: any[] = [];`,
  push: (list, value) => `${list}.push(${value});`,
  size: (of) => `${of}.length`,
  fail: (message) => `throw new Error('${message}');`,
  control: (keyword, test) => `${keyword} (${test})`,
  otherwise: 'else',
  each: (item, list) => `for (const ${item} of ${list})`,
  counted: (index, list) => `for (let ${index} = 0; ${index} < ${list}.length; ${index}++)`,
  operator: (operator) => operator,
};

const python: Syntax = {
  comment: '#',
  end: '',
  name: snake,
  head: ({ name, params }) => `def ${snake(name)}(${params.map(snake).join(', ')})`,
  block: (head, body, style) => [`${head}:`, ...indented(body.length === 0 ? ['pass'] : body, style)],
  declare: (name, value) => `${name} = ${value}`,
  list: (name) => `${name} = []`,
  push: (list, value) => `${list}.append(${value})`,
  size: (of) => `len(${of})`,
  fail: (message) => `raise ValueError('${message}')`,
  control: (keyword, test) => `${keyword} ${test}`,
  otherwise: 'else',
  each: (item, list) => `for ${item} in ${list}`,
  counted: (index, list) => `for ${index} in range(len(${list}))`,
  operator: (operator) => ({ '===': '==', '!==': '!=' })[operator] ?? operator,
};

function statementLines(statement: Stmt, syntax: Syntax, style: Style): readonly string[] {
  const value = (expr: Expr): string => expression(expr, syntax);
  const body = (statements: readonly Stmt[]): readonly string[] => statements.flatMap((each) => statementLines(each, syntax, style));
  switch (statement.kind) {
    case 'let': return [syntax.declare(syntax.name(statement.name), value(statement.value))];
    case 'set': return [`${syntax.name(statement.name)} = ${value(statement.value)}${syntax.end}`];
    case 'add': return [`${syntax.name(statement.name)} += ${value(statement.value)}${syntax.end}`];
    case 'push': return [syntax.push(syntax.name(statement.list), value(statement.value))];
    case 'list': return [syntax.list(syntax.name(statement.name))];
    case 'throw': return [syntax.fail(statement.message)];
    case 'return': return [`return ${value(statement.value)}${syntax.end}`];
    case 'while': return syntax.block(syntax.control('while', value(statement.test)), body(statement.body), style);
    case 'if': return [
      ...syntax.block(syntax.control('if', value(statement.test)), body(statement.branch), style),
      ...(statement.otherwise.length === 0 ? [] : syntax.block(syntax.otherwise, body(statement.otherwise), style)),
    ];
    case 'each': return eachLines(statement, syntax, style, body(statement.body));
  }
}

function eachLines(statement: Stmt & { kind: 'each' }, syntax: Syntax, style: Style, body: readonly string[]): readonly string[] {
  const item = syntax.name(statement.item);
  const list = syntax.name(statement.list);
  if (!style.counted) return syntax.block(syntax.each(item, list), body, style);
  return syntax.block(syntax.counted('at', list), [syntax.declare(item, `${list}[at]`), ...body], style);
}

function expression(expr: Expr, syntax: Syntax): string {
  switch (expr.kind) {
    case 'name': return syntax.name(expr.name);
    case 'number': return String(expr.value);
    case 'text': return `'${expr.value}'`;
    case 'size': return syntax.size(syntax.name(expr.of));
    case 'call': return `${syntax.name(expr.callee)}(${expr.args.map((arg) => expression(arg, syntax)).join(', ')})`;
    case 'binary': return `(${expression(expr.left, syntax)} ${syntax.operator(expr.operator)} ${expression(expr.right, syntax)})`;
  }
}
