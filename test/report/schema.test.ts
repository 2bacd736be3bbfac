import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { report } from '../../src/report/index.ts';
import { reportJsonSchema } from '../../src/report/schema.ts';
import { sampleResult, scanResult } from './sample.ts';

const published = '../../src/report/report.schema.json';

describe('report.schema.json', () => {
  it('is what the code says (npx vitest run test/report/schema -u makes it anew)', async () => {
    await expect(`${JSON.stringify(reportJsonSchema(), null, 2)}\n`).toMatchFileSnapshot(published);
  });

  it.each([
    ['classes', sampleResult()],
    ['nothing found', scanResult([])],
    ['a verdict', sampleResult({ verdict: { new: ['a'], known: [], gone: [], exitCode: 1 } })],
  ])('accepts a report with %s', async (_, result) => {
    for (const verbose of [false, true]) {
      const validate = compile();
      expect([validate(JSON.parse(await report('json', result, { verbose }))), validate.errors]).toEqual([true, null]);
    }
  });

  it('refuses unknown keys and values out of range', async () => {
    const document = JSON.parse(await report('json', sampleResult())) as Record<string, unknown>;
    const validate = compile();
    expect(validate({ ...document, extra: 1 })).toBe(false);
    expect(validate({ ...document, schemaVersion: 2 })).toBe(false);
    expect(validate({ ...document, clusters: [{}] })).toBe(false);
  });
});

function compile() {
  const schema = JSON.parse(readFileSync(new URL(published, import.meta.url), 'utf8')) as object;
  return new Ajv2020({ allErrors: true }).compile(schema);
}
