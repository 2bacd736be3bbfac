import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { report } from '../../src/report/index.ts';
import { displayWidth } from '../../src/report/width.ts';
import type { ScanResult } from '../../src/types.ts';
import { chunk, sampleResult, scanResult } from './sample.ts';

const lines = (text: string): string[] => text.split('\n');

describe('table', () => {
  it('shows classes with most lines to save first, and closes with what was looked at', async () => {
    expect(await report('table', withIds(sampleResult()), { width: 80 })).toMatchInlineSnapshot(`
      "#1 same behaviour (type 4), 93% similar, 3 members, saves 43 lines, python + typescript id-1
      ┌────────────────────────────────┬──────────────┬──────────┐
      │ » src/orders/total.ts:12-33    │ Cart.total   │ 22 lines │
      │   src/billing/invoice.ts:40-64 │ invoiceTotal │ 25 lines │
      │   tools/report.py:3-20         │ grand_total  │ 18 lines │
      └────────────────────────────────┴──────────────┴──────────┘

      #2 identical copy (type 1), 100% similar, 2 members, saves 6 lines id-0
      ┌────────────────────────────────┬──────────────┬──────────┐
      │ » src/a.ts:1-6                 │ first        │  6 lines │
      │   src/b.ts:10-15               │ second       │  6 lines │
      └────────────────────────────────┴──────────────┴──────────┘

      #3 edited copy (type 3), 96% similar, 2 members, saves 6 lines id-2
      ┌────────────────────────────────┬──────────────┬──────────┐
      │ » src/c.ts:5-10                │ third        │  6 lines │
      │   src/d.ts:9-14                │ fourth       │  6 lines │
      └────────────────────────────────┴──────────────┴──────────┘

      3 clone classes with 7 members: 55 lines could go. Looked at 1,234 functions in 12 files.
      Model mini on cpu, threshold 0.9, exact index, 34 embedded and 1,200 from the cache, 2.3 s, 3 pairs left out by rule (2 delegation, 1 accessor), 1 warning, 3 files left out (2 vendored, 1 minified).
      "
    `);
  });

  it('shows the first classes only, and says how many more there are', async () => {
    const shown = await report('table', sampleResult(), { top: 1 });
    expect(shown).toContain('Cart.total');
    expect(shown).not.toContain('fourth');
    expect(shown).toContain('\n2 more classes: --top 0\n');
    const all = await report('table', sampleResult(), { top: 0 });
    expect(all).toContain('fourth');
    expect(all).not.toContain('more class');
  });

  it('shows twenty classes by default', async () => {
    const groups = Array.from({ length: 23 }, (_, i) => ({ members: [chunk(`a${i}.ts`, 'x', 1, 5), chunk(`b${i}.ts`, 'y', 1, 5)], type: 3 as const, similarity: 0.95 }));
    const shown = await report('table', scanResult(groups));
    expect(lines(shown).filter((line) => /^#\d+ /.test(line))).toHaveLength(20);
    expect(shown).toContain('3 more classes: --top 0');
  });

  it('shows ten members of a large class, the most central one among them, and all when verbose', async () => {
    const members = Array.from({ length: 30 }, (_, i) => chunk(`src/file${String(i).padStart(2, '0')}.ts`, `f${i}`, 1, 8));
    const result = scanResult([{ members, type: 2, similarity: 0.99 }]);
    const central = { ...result, classes: result.classes.map((entry) => ({ ...entry, representative: entry.members[25] ?? '' })) };
    const short = await report('table', central);
    expect(lines(short).filter((line) => line.includes('src/file'))).toHaveLength(10);
    expect(short).toContain('» src/file25.ts:1-8');
    expect(short).toContain('20 more members: --verbose');
    const long = await report('table', central, { verbose: true });
    expect(lines(long).filter((line) => line.includes('src/file'))).toHaveLength(30);
    expect(long).not.toContain('more members');
  });

  it('is friendly when nothing is found', async () => {
    expect(await report('table', scanResult([]))).toMatch(/^No clones found among 1,234 functions in 12 files\.\nModel mini on cpu/);
  });

  it('says what the gate concluded', async () => {
    const shown = await report('table', sampleResult({ verdict: { new: ['a'], known: ['b', 'c'], gone: [], exitCode: 1 } }));
    expect(shown).toContain('Gate: 1 new class, 2 known, 0 gone.');
  });

  it('reads 99% for anything less than identical', async () => {
    const result = scanResult([{ members: [chunk('a.ts', 'a', 1, 5), chunk('b.ts', 'b', 1, 5)], type: 3, similarity: 0.9999 }]);
    expect(await report('table', result)).toContain('99% similar');
  });

  it('paints with the painter it is given and only with it', async () => {
    const painted = await report('table', sampleResult(), { paint: (style, text) => `<${style}>${text}</${style}>` });
    expect(painted).toContain('<yellow>saves 43 lines</yellow>');
    expect(await report('table', sampleResult())).not.toContain('\u001b');
  });

  it('keeps file name and lines of a path too long for the terminal', async () => {
    const path = `src/${'deeply/nested/'.repeat(12)}checkout-service.ts`;
    const shown = await report('table', scanResult([{ members: [chunk(path, 'place', 120, 40), chunk('b.ts', 'y', 1, 30)], type: 3, similarity: 0.95 }]), { width: 80 });
    expect(shown).toMatch(/» src\/deeply.*….*checkout-service\.ts:120-159 │/);
  });

  it('fits the width and escapes controls, whatever a repository names its files', async () => {
    const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 60 });
    const wide = fc.string({ unit: fc.constantFrom('漢', '字', 'é', 'a', '/', '👩‍👩‍👧', '\u001b[31m', '\u202e', '\u009b2J', '\r', '\n'), minLength: 1, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(text, wide), { minLength: 4, maxLength: 4 }), fc.integer({ min: 50, max: 200 }), async (names, width) => {
        const [p = '', q = '', m = '', n = ''] = names;
        const result = scanResult([{ members: [chunk(p, m, 1, 9), chunk(`${q}2`, n, 1, 9)], type: 3, similarity: 0.95 }], { skips: [], warnings: [] });
        const shown = await report('table', result, { width });
        expect(shown).not.toMatch(/[^\n\P{Cc}]|[\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u);
        const grid = lines(shown).filter((line) => /^[│┌└├]/.test(line));
        expect(grid).toHaveLength(4);
        for (const line of grid) expect(displayWidth(line)).toBeLessThanOrEqual(width);
        expect(new Set(grid.map(displayWidth)).size).toBe(1);
      }),
    );
  });
});

/** Ids replaced by stable words, for snapshots. */
function withIds(result: ScanResult): ScanResult {
  return { ...result, classes: result.classes.map((entry, at) => ({ ...entry, id: `id-${at}` })) };
}
