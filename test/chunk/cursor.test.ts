import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Tree } from 'web-tree-sitter';
import { expect, test } from 'vitest';
import { openCursor, startRuntime } from '../../src/chunk/cursor.ts';
import { compileGrammar } from '../../src/chunk/grammar.ts';
import { openGrammars } from '../../src/io/grammars.ts';

const FOLDER = 'fixtures/chunk/languages';

/** What the library's own cursor says of each node, in pre-order. */
function told(tree: Tree): readonly string[] {
  const cursor = tree.walk();
  const nodes: string[] = [];
  for (;;) {
    nodes.push([cursor.currentDepth, cursor.nodeTypeId, cursor.currentFieldId, cursor.startIndex, cursor.endIndex].join(' '));
    if (cursor.gotoFirstChild()) continue;
    while (!cursor.gotoNextSibling()) if (!cursor.gotoParent()) return nodes;
  }
}

function walked(tree: Tree): readonly string[] {
  const cursor = openCursor(tree);
  const nodes: string[] = [];
  let depth = 0;
  try {
    for (;;) {
      nodes.push([depth, cursor.typeId(), cursor.fieldId(), cursor.start(), cursor.end()].join(' '));
      if (cursor.toFirstChild()) {
        depth++;
        continue;
      }
      while (!cursor.toNextSibling()) {
        if (!cursor.toParent()) return nodes;
        depth--;
      }
    }
  } finally {
    cursor.close();
  }
}

test('the runtime is called directly, and says what its cursor says', async () => {
  expect(await startRuntime(), 'names of the functions in NAMES').toBe(true);
  const grammars = await openGrammars();
  for (const [language, file] of [['python', 'sample.py'], ['rust', 'sample.rs'], ['typescript', 'sample.ts']] as const) {
    expect(readdirSync(FOLDER)).toContain(file);
    const { parser } = await compileGrammar(await grammars.load(language));
    const tree = parser.parse(`${readFileSync(join(FOLDER, file), 'utf8')}\n// \u{1f600} ) broken (`);
    if (tree === null) throw new Error(`${file} was not parsed`);
    expect(walked(tree)).toEqual(told(tree));
    expect(walked(tree).length).toBeGreaterThan(100);
    tree.delete();
  }
});
