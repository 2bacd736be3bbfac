import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { demo, temporaryFolder } from '../cli/run.ts';
import { ablationTable, benchAblation } from './ablation.ts';
import { benchMarked } from './marked.ts';
import { benchReading } from './reading.ts';

vi.setConfig({ testTimeout: 300_000 });
vi.stubEnv('SIMCODE_CACHE_DIR', temporaryFolder());

test('ablation: structure alone finds copies, the model what was written anew', async () => {
  const found = await benchAblation(demo);
  const [bare, , , both] = found.rows;
  expect(bare?.types[0]).toBe(1);
  expect(bare?.types[3]).toBe(0);
  expect(both?.types[3]).toBeGreaterThan(0);
  expect(found.onlyWithModel.gains.map(({ type }) => type)).toContain(4);
  expect(ablationTable(found)).toContain('Only with the model');
});

test('reading: each class once, with the code of both sides and a row for the verdict', async () => {
  const text = await benchReading(demo, { top: 2, random: 2, seed: 7, lines: 20, label: 'demo@1' });
  const ids = [...text.matchAll(/^## (?:top|random) \d+ · (\w+) /gm)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(4);
  for (const id of ids) expect(text).toMatch(new RegExp(`^\\| demo@1 \\| (top|random) \\| \\d+ \\| ${id} \\| \\d \\| \\S+:\\d+ \\w+ \\| {2}\\| {2}\\|$`, 'm'));
  expect(text).toContain('def is_gift_card');
  expect(text).toContain('function isCardNumber');
});

test('marked: copies with their source in one class, others told apart', async () => {
  const folder = join(temporaryFolder(), 'pkg');
  mkdirSync(folder, { recursive: true });
  const body = (name: string, item: string): string => `def ${name}(${item}s):\n    total = 0\n    for ${item} in ${item}s:\n        if ${item}.active:\n            total += ${item}.price * ${item}.count\n    return round(total, 2)\n`;
  writeFileSync(join(folder, 'a.py'), body('cart_total', 'row'));
  writeFileSync(join(folder, 'b.py'), `# Copied from pkg.a.cart_total\n${body('order_total', 'line')}\n\n# Copied from other.place.thing\n${body('third', 'x').replace('round', 'abs')}\n\n# Copied from pkg.a.short\ndef short(a):\n    return a\n`);
  const { rows, small, sourceless } = await benchMarked(join(folder, '..'), '# Copied from', '# Ignore copy');
  expect(rows.map(({ together }) => together)).toEqual([true]);
  expect(small).toBe(1);
  expect(sourceless).toEqual(['pkg/b.py:10 other.place.thing']);
});
