import { headerComments } from './header.ts';
import { isBuildOutput } from './vendored.ts';

const names = [
  /\.pb\.(?:go|cc|h|ts|js|swift|dart)$/, /_pb2?(?:_grpc)?\.(?:py|pyi|js|ts|rb)$/, /_grpc\.pb\.go$/, /\.pb-c\.[ch]$/, /\.pbobjc\.[hm]$/,
  /[._-]generated\.\w+$/, /\.gen\.(?:[cm]?[jt]sx?|go|dart|rs|cs|java|kt)$/, /\.g\.(?:dart|cs)$/, /\.designer\.cs$/i, /\.freezed\.dart$/, /(?:^|\/)zz_generated\.\w+\.go$/,
];

/** In a comment at the head of the file; the words of protoc, Go, Thrift, ANTLR, Django, OpenAPI, GraphQL and their like. */
const statements = [
  /(?<![\w`'"-])@generated\b(?![`'"])/,
  /\bthis\s+(?:\w+\s+)?(?:file|code|module|class|source|document|script|client|package)\s+(?:is|was|has been)\s+(?:auto[- ]?|automatically\s+|machine[- ]|programmatically\s+)?generated\b/i,
  /^\W*(?:auto[- ]?generated|automatically generated|machine[- ]generated)\b/im,
  /^\W*(?:code )?generated (?:by|from|with|using)\b.{0,120}\b(?:compiler|generator|protoc\S*|codegen|open-?api\S*|swagger\S*|graphql\S*|thrift|antlr\S*|bison|flex|mockgen|stringer|django \d\S*|sqlc|buf|tree-sitter|parsers?|do not edit)\b/im,
  /\bgenerated\b.{0,200}\b(?:do not|don't)\s+(?:edit|modify|change|touch)\b/is, /\b(?:do not|don't)\s+(?:edit|modify|change|touch)\b.{0,100}\bgenerated\b/is,
];

/** Marks that generators leave all over what they write, or on its outermost class, for files whose head says nothing. */
const marks = /\/\/ *@@protoc_insertion_point\(|^\(function webpackUniversalModuleDefinition\(|^@(?:(?:javax|jakarta)\.annotation\.(?:processing\.)?)?Generated\(/m;

/** Traces of bundlers and compilers, looked for only in folders that build tools write to. */
const built = [
  /^\W*function __webpack_require__\(/m, /^Object\.defineProperty\(exports, ["']__esModule["']/m,
  /^var __(?:commonJS|esModule|defProp|create|toESM|extends|awaiter) = /m, /^\W*function \(\w+, \w+\) \{\s*typeof exports === ["']object["']/m,
];
/** The last line of what a compiler wrote with a source map. */
const mapped = /\n\/\/[#@] sourceMappingURL=\S+\s*$/;
const edge = 16_384;

/** Whether a file was written by a program, by its name, its head comment, a generator's marks, or (in folders such as dist) a bundler's traces. */
export function isGenerated(path: string, text: string): boolean {
  if (names.some((pattern) => pattern.test(path)) || mapped.test(text.slice(-edge)) || marks.test(text.slice(0, 4 * edge))) return true;
  const head = headerComments(text);
  if (statements.some((pattern) => pattern.test(head))) return true;
  if (!isBuildOutput(path)) return false;
  const ends = text.length <= 2 * edge ? text : `${text.slice(0, edge)}\n${text.slice(-edge)}`;
  return built.some((pattern) => pattern.test(ends));
}
