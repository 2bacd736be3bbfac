import { describe, expect, it } from 'vitest';
import { grammarOf } from '../../src/chunk/grammar.ts';
import type { MaskScope } from '../../src/chunk/mask.ts';
import { maskNames } from '../../src/chunk/mask.ts';
import { openGrammars } from '../../src/io/grammars.ts';

const grammars = await openGrammars();
const mask = async (language: string, code: string, scope: MaskScope) => maskNames(code, await grammarOf(grammars, language), scope);

describe('maskNames', () => {
  it('renames definitions and their calls, and nothing else', async () => {
    const code = 'function visit(node) {\n  // visit all\n  for (const child of node.children) visit(child);\n  return node.visit;\n}';
    expect(await mask('typescript', code, 'definitions')).toBe(
      'function fn0(node) {\n  // visit all\n  for (const child of node.children) fn0(child);\n  return node.visit;\n}');
  });

  it('renames parameters and locals too, consistently', async () => {
    const code = 'def total(rows, rate=0.2):\n    net = 0\n    for row in rows:\n        net += row["price"]\n    return round(net * rate)\n';
    expect(await mask('python', code, 'all')).toBe(
      'def fn0(v0, v1=0.2):\n    v2 = 0\n    for v3 in v0:\n        v2 += v3["price"]\n    return round(v2 * v1)\n');
  });

  it('keeps names that an interface imposes', async () => {
    expect(await mask('java', 'public String toString() { return helper(name); }', 'definitions')).toContain('toString()');
  });

  it('masks a bare method without its class', async () => {
    expect(await mask('java', 'public int add(int left, int right) { return left + right; }', 'all')).toBe('public int fn0(int v0, int v1) { return v0 + v1; }');
  });
});
