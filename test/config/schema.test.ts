import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { defaults } from '../../src/config/defaults.ts';
import { fields } from '../../src/config/fields.ts';
import { configJsonSchema, configSchema } from '../../src/config/schema.ts';

const published = join(import.meta.dirname, '../../src/config/config.schema.json');

test('the published JSON Schema is up to date (vitest -u writes it)', async () => {
  await expect(`${JSON.stringify(configJsonSchema(), null, 2)}\n`).toMatchFileSnapshot(published);
});

test('the published schema is valid and agrees with the loader', () => {
  const ajv = new Ajv2020({ strict: true });
  addFormats.default(ajv);
  const accepts = ajv.compile(JSON.parse(readFileSync(published, 'utf8')));
  const value = fc.oneof(fc.integer({ min: -2, max: 20 }), fc.double({ min: 0, max: 1, noNaN: true }), fc.boolean(), fc.constantFrom('auto', 'only', 'exclude', 'cpu', 'mini', 'fp32'), fc.array(fc.constantFrom('a', 'src/**', ''), { maxLength: 3 }));
  const key = fc.constantFrom(...Object.keys(fields).filter((name) => name !== 'embedUrls'), '$schema', 'unknown');
  fc.assert(fc.property(fc.dictionary(key, value, { maxKeys: 4 }), (config) => {
    expect(accepts(config)).toBe(configSchema.safeParse(config).success);
  }), { numRuns: 500 });
  expect(accepts(defaults)).toBe(true);
  expect(accepts({ embedUrls: ['http://localhost:8000/v1'] })).toBe(true);
  expect(accepts({ rules: { accesor: true } })).toBe(false);
});

test('every setting is described', () => {
  const { properties } = configJsonSchema();
  for (const [name, field] of Object.entries(properties as Record<string, { description?: string }>)) {
    if (name !== '$schema') expect([name, field.description]).toEqual([name, expect.stringMatching(/\w{3}/)]);
  }
});
