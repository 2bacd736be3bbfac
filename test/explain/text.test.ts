import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Code } from '../../src/explain/code.ts';
import { findCorrespondence } from '../../src/explain/correspondence.ts';
import { planMerge } from '../../src/explain/merge.ts';
import { compareTexts } from '../../src/explain/text.ts';
import { fixture, functionOf } from './load.ts';

const billing = fixture('billing.ts');

function compare(a: Code, b: Code) {
  const found = compareTexts(a, b);
  return { ...found, merge: planMerge({ type: 3, sameLanguage: true, renamed: 1, a, b, ...found }) };
}

const ts = async (text: string, name = 'f') => (await functionOf(text, 'typescript', name)).code;

describe('explain: the text of a pair', () => {
  it('keeps renames, replaced constants and operators apart, and counts what a helper has to be told', async () => {
    const found = compare(await ts(billing, 'invoiceTotal'), await ts(billing, 'feeTotal'));
    expect(found.renames.map(({ a, b, local }) => `${a} ${b} ${String(local)}`)).toEqual([
      'invoiceTotal feeTotal true', 'lines fees true', 'Line Fee false', 'discount rebate true', 'total sum true', 'line fee true',
      'price amount false', 'quantity units false', 'taxed vat false', 'round ceil false',
    ]);
    expect(found.differences).toEqual([
      { kind: 'constant', a: '0.2', b: '0.25', lineA: 10, lineB: 21, inCondition: true },
      { kind: 'operator', a: '>', b: '>=', lineA: 11, lineB: 22, inCondition: true },
    ]);
    expect(found.merge).toMatchObject({ verdict: 'parametrise', remaining: 0 });
    expect(found.merge.parameters.map(({ kind, a, b }) => `${kind} ${a} ${b}`)).toEqual([
      'value 0.2 0.25', 'operator > >=', 'name Line Fee', 'property price amount', 'property quantity units', 'property taxed vat', 'function round ceil',
    ]);
    // the comment of line 8 is no row; every other line has its counterpart
    expect(found.rows.map(({ kind, a, b }) => `${a?.line ?? '-'} ${b?.line ?? '-'} ${kind}`)).toEqual([
      '5 17 renamed', '6 18 renamed', '7 19 renamed', '9 20 renamed', '10 21 changed', '11 22 changed', '12 23 renamed', '13 24 same', '14 25 renamed', '15 26 same',
    ]);
    const changed = found.rows.find(({ a }) => a?.line === 10);
    expect(changed?.b?.spans.map(([from, to, kind]) => `${changed.b?.text.slice(from, to) ?? ''} ${kind}`)).toEqual(['fee renamed', 'vat renamed', '0.25 changed']);
  });

  it('does not take a deleted entry for a rename of its neighbour', async () => {
    const a = await ts("function f(u: string, body: string) { return send(u, { method: 'POST', body, headers: { accept: 'json' } }); }");
    const b = await ts("function f(u: string) { return send(u, { headers: { accept: 'json' } }); }");
    const found = compare(a, b);
    expect(found.renames).toEqual([]);
    expect(found.differences.every((difference) => difference.b === '')).toBe(true);
    expect(found.merge.verdict).toBe('extract');
  });

  it('says that one function does when only local names and layout differ', async () => {
    const a = await ts('function f(a: number, b: number) {\n  const c = a + b;\n  return go(c, [a, b]);\n}');
    const b = await ts('function g(x: number, y: number) {\n  // sum\n  const z = x + y;\n\n  return go(z, [x, y,],);\n}', 'g');
    const found = compare(a, b);
    expect([found.hunks, found.merge.verdict, found.merge.parameters]).toEqual([[], 'keep-one', []]);
  });

  it('tells calls, conditions and code that one side alone has', async () => {
    const a = await ts('function f(x: number) {\n  let y = 0;\n  if (x > 1 && x < 9) y = load(x);\n  log(y);\n  return y;\n}');
    const b = await ts('function f(x: number) {\n  let y = 0;\n  if (x > 1) y = fetch(x);\n  return y;\n}');
    expect(compare(a, b).differences.map(({ kind, a, b }) => [kind, a, b])).toEqual([
      ['condition', '&& x < 9', ''], ['call', 'log(y)', ''],
    ]);
    expect(compare(a, b).renames).toMatchObject([{ a: 'load', b: 'fetch', local: false, kind: 'function' }]);
  });

  it('reads strings over several lines, tabs and CRLF line by line', async () => {
    const code = await ts('function f() {\r\n\tconst text = `one\r\n\t\ttwo ${1}`;\r\n\r\n\t// no code\r\n\treturn text;\r\n}');
    expect(code.lines.map(({ line, text }) => `${line}|${text}`)).toEqual(['1|function f() {', '2|  const text = `one', '3|    two ${1}`;', '6|  return text;', '7|}']);
    for (const { line, text, start, end } of code.lines) {
      for (const token of code.tokens.slice(start, end)) expect([token.line, text.slice(token.from, token.to)]).toEqual([line, token.text]);
    }
  });

  it('says what corresponds across languages', async () => {
    const a = await functionOf(billing, 'typescript', 'invoiceTotal');
    const b = await functionOf(fixture('billing.py'), 'python', 'invoice_total');
    const found = findCorrespondence(a, b);
    expect(found.calls).toEqual({ shared: ['round'], onlyA: [], onlyB: [] });
    expect(found.literals.shared).toEqual(expect.arrayContaining(['0.2', '100']));
    expect(found.words).toEqual(expect.arrayContaining(['invoice', 'discount', 'quantity', 'taxed']));
    expect(found.control).toEqual(expect.arrayContaining([{ what: 'loop', a: 1, b: 1 }, { what: 'return', a: 1, b: 1 }]));
  });

  it('shows every code line once and in order, whatever is compared', async () => {
    const statement = fc.constantFrom('a += 1;', 'b = a * 2;', 'if (a > b) a = b;', 'call(a, b);', "log('x');", 'for (const c of d) call(c);', '// note', '');
    const body = fc.array(statement, { maxLength: 12 });
    await fc.assert(fc.asyncProperty(body, body, async (left, right) => {
      const [a, b] = [await ts(`function f() {\n${left.join('\n')}\n}`), await ts(`function f() {\n${right.join('\n')}\n}`)];
      const { rows, hunks } = compare(a, b);
      expect(rows.flatMap((row) => row.a?.line ?? [])).toEqual(a.lines.map(({ line }) => line));
      expect(rows.flatMap((row) => row.b?.line ?? [])).toEqual(b.lines.map(({ line }) => line));
      for (const { fromA, toA, fromB, toB } of hunks) expect(toA - fromA + toB - fromB).toBeGreaterThan(0);
      const self = compare(a, a);
      expect(self.hunks).toEqual([]);
      expect(self.rows.every(({ kind }) => kind === 'same')).toBe(true);
    }), { numRuns: 60 });
  });
});
