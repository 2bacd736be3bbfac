import { splitWords } from '../util/words.ts';

/** Control-flow classes, told from keywords of every language (and the `?` operator). */
export const CONTROL_CLASSES = {
  branch: ['if', 'elif', 'elsif', 'unless', 'switch', 'case', 'match', 'when', 'select', '?'],
  loop: ['for', 'foreach', 'while', 'until', 'do', 'loop'],
  return: ['return'],
  raise: ['throw', 'raise', 'panic', 'fallthrough'],
  guard: ['try', 'catch', 'except', 'rescue', 'finally', 'ensure', 'defer'],
  async: ['await', 'async', 'go'],
  yield: ['yield'],
  jump: ['break', 'continue', 'goto', 'next'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** Words that say opposite things: one for the other is another behaviour under the same shape. */
export const OPPOSITES: readonly (readonly [string, string])[] = [
  ['min', 'max'], ['minimum', 'maximum'], ['lowest', 'highest'], ['smallest', 'largest'], ['least', 'most'],
  ['first', 'last'], ['head', 'tail'], ['prev', 'next'], ['previous', 'next'], ['before', 'after'],
  ['start', 'end'], ['begin', 'end'], ['left', 'right'], ['top', 'bottom'], ['up', 'down'], ['floor', 'ceil'],
  ['push', 'pop'], ['push', 'unshift'], ['shift', 'unshift'], ['pop', 'shift'], ['append', 'prepend'],
  ['add', 'remove'], ['add', 'delete'], ['add', 'subtract'], ['insert', 'remove'], ['insert', 'delete'],
  ['set', 'unset'], ['enable', 'disable'], ['show', 'hide'], ['open', 'close'], ['lock', 'unlock'],
  ['some', 'every'], ['any', 'all'], ['filter', 'reject'], ['union', 'intersection'], ['include', 'exclude'],
  ['lower', 'upper'], ['lowercase', 'uppercase'], ['encode', 'decode'], ['encrypt', 'decrypt'],
  ['serialize', 'deserialize'], ['pack', 'unpack'], ['compress', 'decompress'], ['escape', 'unescape'],
  ['parse', 'format'], ['read', 'write'], ['load', 'save'], ['import', 'export'], ['send', 'receive'],
  ['request', 'response'], ['get', 'set'], ['get', 'delete'], ['create', 'delete'], ['increment', 'decrement'],
  ['increase', 'decrease'], ['ascending', 'descending'], ['asc', 'desc'], ['debit', 'credit'],
  ['deposit', 'withdraw'], ['debounce', 'throttle'], ['subscribe', 'unsubscribe'], ['mount', 'unmount'],
  ['attach', 'detach'], ['connect', 'disconnect'], ['sin', 'cos'], ['row', 'column'], ['width', 'height'],
  ['key', 'value'], ['parent', 'child'], ['source', 'target'], ['input', 'output'], ['keys', 'values'],
  ['grow', 'shrink'], ['expand', 'collapse'], ['allocate', 'deallocate'], ['activate', 'deactivate'], ['register', 'unregister'],
  ['register', 'deregister'], ['acquire', 'release'], ['assign', 'unassign'], ['bind', 'unbind'], ['wrap', 'unwrap'], ['link', 'unlink'],
  ['install', 'uninstall'], ['follow', 'unfollow'], ['archive', 'unarchive'], ['grant', 'revoke'], ['login', 'logout'], ['accept', 'reject'],
  ['approve', 'reject'], ['upgrade', 'downgrade'], ['promote', 'demote'], ['pause', 'resume'], ['forward', 'backward'], ['upload', 'download'],
  ['startswith', 'endswith'], ['starts', 'ends'], ['true', 'false'], ['sum', 'product'], ['sum', 'average'],
];

const singular = (word: string): string => word.replace(/(?<=..)s$/, '');
const OPPOSITE_NAMES: ReadonlySet<string> = new Set(OPPOSITES.map((pair) => pair.map(singular)).flatMap(([a, b]) => [`${a} ${b}`, `${b} ${a}`]));

/** Whether two names say opposite things: `pushItem` and `popItems`, `up` and `down`; what else they say is the same. */
export function areOpposite(one: string, other: string): boolean {
  const [words, others] = [splitWords(one).map(singular), splitWords(other).map(singular)];
  const [x, ...more] = words.filter((word) => !others.includes(word));
  const [y, ...rest] = others.filter((word) => !words.includes(word));
  return more.length + rest.length === 0 && OPPOSITE_NAMES.has(`${x} ${y}`);
}

/** Words that every program is full of; they say nothing about what a function is for. */
export const COMMON_WORDS: ReadonlySet<string> = new Set([
  'if', 'else', 'elif', 'for', 'while', 'do', 'return', 'const', 'let', 'var', 'function', 'def', 'class', 'new',
  'this', 'self', 'in', 'of', 'is', 'not', 'and', 'or', 'none', 'null', 'undefined', 'true', 'false', 'switch',
  'case', 'default', 'break', 'continue', 'try', 'catch', 'except', 'finally', 'throw', 'raise', 'async', 'await',
  'yield', 'import', 'from', 'as', 'with', 'lambda', 'pass', 'export', 'public', 'private', 'protected', 'static',
  'readonly', 'number', 'string', 'boolean', 'void', 'any', 'unknown', 'int', 'str', 'float', 'bool', 'instanceof',
  'typeof', 'extends', 'super', 'cls', 'get', 'set', 'the', 'to',
]);

const JVM = ['equals', 'hashCode', 'toString', 'compareTo', 'clone', 'canEqual'];
/** Methods that a language asks every class for, in much the same words: to compare, hash, order, copy, print or open it. */
const OBJECT_METHODS: Readonly<Record<string, readonly string[]>> = {
  java: JVM, kotlin: JVM, scala: JVM, csharp: ['Equals', 'GetHashCode', 'ToString', 'CompareTo', 'Clone'],
  python: ['__eq__', '__ne__', '__lt__', '__le__', '__gt__', '__ge__', '__hash__', '__repr__', '__str__', '__copy__', '__deepcopy__',
    '__enter__', '__exit__', '__aenter__', '__aexit__', '__iter__', '__len__', '__bool__'],
  rust: ['eq', 'ne', 'cmp', 'partial_cmp', 'hash', 'fmt', 'clone', 'default', 'deref', 'deref_mut', 'as_ref', 'as_mut', 'borrow', 'serialize', 'deserialize'], go: ['String', 'Error', 'Len', 'Less', 'Swap'],
  ruby: ['==', 'eql?', 'hash', 'to_s', 'inspect', '<=>'], swift: ['==', 'hash', 'description', 'debugDescription'],
  objc: ['isEqual', 'hash', 'description', 'copyWithZone'], ecmascript: ['toString'], php: ['__toString', '__clone'],
};

/** Whether methods of this name are what a language asks every class for (`equals`, `__repr__`, `fmt` …). */
export function isObjectMethod(family: string, name: string): boolean {
  return OBJECT_METHODS[family]?.includes(name) ?? false;
}

/** Languages whose code is compared token by token, as one family. */
const FAMILIES: Readonly<Record<string, string>> = {
  typescript: 'ecmascript', tsx: 'ecmascript', javascript: 'ecmascript', jsx: 'ecmascript', c: 'c', cpp: 'c',
};

/** Family of a language: TypeScript, TSX, JavaScript and JSX are one. */
export function languageFamily(language: string): string {
  return FAMILIES[language] ?? language;
}
