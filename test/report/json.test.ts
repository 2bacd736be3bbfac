import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { report } from '../../src/report/index.ts';
import { jsonReportSchema } from '../../src/report/schema.ts';
import { chunk, sampleResult, scanResult } from './sample.ts';

describe('json', () => {
  it('lists classes with their members, most lines to save first', async () => {
    const parsed = jsonReportSchema.parse(JSON.parse(await report('json', sampleResult())));
    expect(parsed.clusters.map((cluster) => cluster.members.map((member) => `${member.path}:${member.startLine}-${member.endLine} ${member.name}`))).toEqual([
      ['src/orders/total.ts:12-33 Cart.total', 'src/billing/invoice.ts:40-64 invoiceTotal', 'tools/report.py:3-20 grand_total'],
      ['src/a.ts:1-6 first', 'src/b.ts:10-15 second'],
      ['src/c.ts:5-10 third', 'src/d.ts:9-14 fourth'],
    ]);
    expect(parsed.clusters[0]).toMatchObject({ type: 4, similarity: 0.937, duplicatedLines: 43, representative: 0 });
    expect(parsed.clusters[0]?.pairs[2]).toEqual({ a: 1, b: 2, similarity: 0.937, cosine: 0.887, lexical: 0.6, structural: 0.812346, type: 4 });
  });

  it('sums up what was done and counts what was left out', async () => {
    const parsed = jsonReportSchema.parse(JSON.parse(await report('json', sampleResult())));
    expect(parsed.summary).toMatchObject({
      files: 12, chunks: 1234, embedded: 34, cached: 1200, pairs: 5, classes: 3, duplicatedLines: 55, index: 'exact',
      skipped: { minified: 1, vendored: 2 }, seconds: { discover: 0.012, embed: 1.5, total: 2.25 },
    });
    expect(parsed.skips).toBeUndefined();
    expect(parsed.warnings).toEqual([{ code: 'syntax-error', path: 'src/broken.ts', message: 'line 3: unexpected }' }]);
  });

  it('lists the files left out when verbose', async () => {
    const parsed = jsonReportSchema.parse(JSON.parse(await report('json', sampleResult(), { verbose: true })));
    expect(parsed.skips).toEqual([{ path: 'vendor/a.js', reason: 'vendored' }, { path: 'vendor/b.js', reason: 'vendored' }, { path: 'x.min.js', reason: 'minified' }]);
  });

  it('is the same bytes for the same classes in another order, and for reordered options', async () => {
    const result = sampleResult();
    const shuffled = {
      ...result,
      classes: result.classes.toReversed(),
      chunks: result.chunks.toReversed(),
      config: Object.fromEntries(Object.entries(result.config).toReversed()),
    };
    expect(await report('json', shuffled)).toBe(await report('json', result));
  });

  it('says nothing of the machine it ran on', async () => {
    expect(await report('json', sampleResult({ root: '/home/somebody/project' }))).not.toContain('somebody');
  });

  it('prints no control characters, and parses back to the very names', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), async (path, name) => {
        const text = await report('json', scanResult([{ members: [chunk(path, name, 1, 5), chunk(`${path}2`, 'b', 1, 5)], type: 3, similarity: 0.95 }]));
        expect(text).not.toMatch(/[^\n\P{Cc}]|[\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u);
        expect(jsonReportSchema.parse(JSON.parse(text)).clusters[0]?.members[0]).toMatchObject({ path, name });
      }),
    );
  });

  it('refuses a format it does not have', async () => {
    await expect(report('yaml', sampleResult())).rejects.toMatchObject({ code: 'bad-option', hint: expect.stringContaining('json') as string });
    await expect(report('constructor', sampleResult())).rejects.toMatchObject({ code: 'bad-option' });
  });
});
