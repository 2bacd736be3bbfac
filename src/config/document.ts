import { parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser';

import { SimcodeError } from '../errors.ts';

/** A JSON text that knows where each of its values stands. */
export interface JsonDocument {
  /** Plain data; every key is an own property, `__proto__` too. */
  readonly value: unknown;
  /** `line:column`, 1-based, of a value, or of a key when the last step names a key and `ofKey` is set. */
  readonly at: (path: readonly PropertyKey[], ofKey?: boolean) => string;
}

/**
 * Parses JSON, with comments and trailing commas where `comments` is set. Throws SimcodeError `bad-config`, naming
 * `file`, line and column, for a syntax error, a key set twice, or nesting too deep to read.
 */
export function parseDocument(file: string, text: string, comments: boolean): JsonDocument {
  const errors: ParseError[] = [];
  const root = parseBounded(file, text, errors, comments);
  const [first] = errors;
  if (first !== undefined || root === undefined) {
    const what = first === undefined ? 'is empty' : words(printParseErrorCode(first.error));
    throw new SimcodeError('bad-config', `${file}:${position(text, first?.offset ?? 0)}: ${what}`, { hint: comments ? 'Write a JSON object, e.g. { "minLines": 8 }' : 'Plain JSON: no comments, no trailing commas' });
  }
  const at = (path: readonly PropertyKey[], ofKey = false): string => position(text, nodeAt(root, path, ofKey).offset);
  const twice = (key: string, node: Node): never => {
    throw new SimcodeError('bad-config', `${file}:${position(text, node.offset)}: "${key}" is set twice`, { hint: 'Remove one of them' });
  };
  return { value: toValue(root, twice), at };
}

function parseBounded(file: string, text: string, errors: ParseError[], comments: boolean): Node | undefined {
  try {
    return parseTree(text, errors, { disallowComments: !comments, allowTrailingComma: comments });
  } catch (cause) {
    // the parser recurses
    if (cause instanceof RangeError) throw new SimcodeError('bad-config', `${file}: nested too deep`, { cause });
    throw cause;
  }
}

function toValue(node: Node, twice: (key: string, node: Node) => never): unknown {
  if (node.type === 'array') return (node.children ?? []).map((child) => toValue(child, twice));
  if (node.type !== 'object') return node.value;
  const entries = new Map<string, unknown>();
  for (const { children: [key, value] = [] } of node.children ?? []) {
    if (key === undefined || value === undefined) continue;
    const name = String(key.value);
    if (entries.has(name)) twice(name, key);
    entries.set(name, toValue(value, twice));
  }
  return Object.fromEntries(entries);
}

/** The node at a path, or the nearest one above that exists. */
function nodeAt(root: Node, path: readonly PropertyKey[], ofKey: boolean): Node {
  let node = root;
  for (const [depth, step] of path.entries()) {
    const property = node.type === 'object' ? node.children?.find(({ children }) => children?.[0]?.value === step) : undefined;
    const [key, value] = property?.children ?? [undefined, node.type === 'array' ? node.children?.[Number(step)] : undefined];
    if (value === undefined) return key ?? node;
    node = ofKey && depth === path.length - 1 && key !== undefined ? key : value;
  }
  return node;
}

function position(text: string, offset: number): string {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return `${line}:${offset - before.lastIndexOf('\n')}`;
}

function words(code: string): string {
  return `JSON syntax: ${code.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase()}`;
}
