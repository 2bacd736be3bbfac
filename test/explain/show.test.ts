import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SimcodeError } from '../../src/errors.ts';
import { chooseClass } from '../../src/explain/choose.ts';
import { sideBySide } from '../../src/explain/columns.ts';
import { functionAt, parsePlace } from '../../src/explain/place.ts';
import type { DiffLine, DiffRow } from '../../src/explain/schema.ts';
import { plain } from '../../src/report/options.ts';
import { displayWidth } from '../../src/report/width.ts';
import type { CloneClass } from '../../src/types.ts';
import { fixture, functionsOf } from './load.ts';

const floors = { minLines: 5, minTokens: 30 };

function failure(work: () => unknown): SimcodeError {
  try {
    work();
  } catch (error) {
    if (error instanceof SimcodeError) return error;
  }
  throw new Error('did not fail');
}

describe('explain: places', () => {
  it('reads path:line, with a column or an end', () => {
    expect(parsePlace('src/a.ts:12')).toEqual({ path: 'src/a.ts', line: 12 });
    expect(parsePlace('C:\\a b\\c.ts:3:9')).toEqual({ path: 'C:\\a b\\c.ts', line: 3 });
    expect(parsePlace('a.ts:12-30')).toEqual({ path: 'a.ts', line: 12 });
    for (const typed of ['a.ts', 'a.ts:', ':3', 'a.ts:0', 'a.ts:x', '3f9a0c']) expect(parsePlace(typed)).toBeUndefined();
  });

  it('reads back any place that it can be given', () => {
    fc.assert(fc.property(fc.string({ minLength: 1 }), fc.integer({ min: 1, max: 999_999 }), (path, line) => {
      const place = parsePlace(`${path}:${line}`);
      // a path that ends like a line is read with that line
      if (!/:\d+$/.test(path)) expect(place).toEqual({ path, line });
      else expect(place).toBeDefined();
    }));
    fc.assert(fc.property(fc.string(), (typed) => void parsePlace(typed)));
  });

  it('finds the innermost function of some size, and names the nearest where none is', async () => {
    const chunks = [...(await functionsOf(fixture('billing.ts'), 'typescript')).values()].map(({ chunk }) => chunk);
    const at = (line: number): string => functionAt(chunks, { path: 'billing.ts', line }, floors).qualifiedName;
    expect(at(8)).toBe('invoiceTotal');
    expect(at(28)).toBe('small');
    // the arrow given to sort is no function of its own
    expect(at(44)).toBe('Report.summary');
    const missing = failure(() => at(1));
    expect(missing.message).toBe('There is no function at billing.ts:1; the nearest is invoiceTotal in lines 5 to 15.');
    expect(missing.hint).toBe('Try billing.ts:5');
    expect(failure(() => functionAt([], { path: 'x.ts', line: 1 }, floors)).message).toBe('There is no function in x.ts.');
  });
});

describe('explain: classes by id', () => {
  const clones = (fingerprint: string): CloneClass => ({
    id: fingerprint.slice(0, 12), fingerprint, members: [], representative: '', cohesion: 1, minSimilarity: 1, type: 1, duplicatedLines: 0, pairs: [],
  });
  const [first, second] = [clones('abcd1'.padEnd(64, '0')), clones('abcd2'.padEnd(64, '0'))];

  it('takes a prefix that fits one class, and says what is wrong with any other', () => {
    expect(chooseClass([first, second], 'ABCD1')).toBe(first);
    expect(chooseClass([first, second], second.fingerprint)).toBe(second);
    expect(failure(() => chooseClass([first, second], 'abcd')).message).toBe('2 classes begin with abcd: abcd10000000, abcd20000000.');
    expect(failure(() => chooseClass([first, second], 'fff')).message).toBe('There is no class fff among the 2 of this scan.');
    expect(failure(() => chooseClass([first, second], 'ab')).message).toMatch(/is neither a class id nor a place/);
    expect(failure(() => chooseClass([first, second], 'src/a.ts')).hint).toMatch(/simcode explain a\.ts:12/);
  });
});

describe('explain: side by side', () => {
  const text = fc.string({ unit: fc.constantFrom('a', ' ', '漢', '\u001b', '\u202e', 'é', '👩‍💻', '\u0007', '(', 'long_name'), maxLength: 60 });
  const line: fc.Arbitrary<DiffLine> = fc.tuple(fc.integer({ min: 1, max: 99_999 }), text).map(([at, shown]) => ({
    line: at, text: shown, spans: shown.length > 2 ? [[1, 2, 'changed']] : [],
  }));
  const row: fc.Arbitrary<DiffRow> = fc.oneof(
    fc.record({ kind: fc.constantFrom('same' as const, 'renamed' as const, 'changed' as const), a: line, b: line }),
    fc.record({ kind: fc.constant('removed' as const), a: line }), fc.record({ kind: fc.constant('added' as const), b: line }),
  );

  it('stays within the width and prints nothing a terminal would act on', () => {
    fc.assert(fc.property(fc.array(row, { minLength: 1, maxLength: 8 }), fc.integer({ min: 50, max: 160 }), (rows, width) => {
      const shown = sideBySide(rows, width, plain);
      expect(shown).not.toMatch(/[^\n\P{Cc}]|\u202e/u);
      for (const printed of shown.split('\n')) expect(displayWidth(printed)).toBeLessThanOrEqual(width);
    }));
  });

  it('loses nothing of a long line', () => {
    const long = Array.from({ length: 40 }, (_, i) => `word${i}`).join('.');
    const shown = sideBySide([{ kind: 'removed', a: { line: 7, text: long, spans: [] } }], 60, plain);
    expect(shown.split('\n').map((printed) => printed.slice(4, 28).trim()).join('')).toBe(long);
  });
});
