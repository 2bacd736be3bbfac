import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { demo, simcode, temporaryFolder } from './run.ts';

const folder = temporaryFolder();
const options = { cwd: folder, env: { SIMCODE_CACHE_DIR: join(folder, 'cache'), COLUMNS: '120' } };
const totals = readFileSync(join(demo, 'web/orders/totals.ts'), 'utf8');
const inventory = readFileSync(join(demo, 'service/inventory.py'), 'utf8');
const above = ['<template>', '  <p>{{ total }}</p>', '</template>', '<script setup lang="ts">', ''].join('\r\n');

interface Report { readonly clusters: readonly { readonly type: number; readonly members: readonly { readonly path: string; readonly startLine: number; readonly name: string }[] }[] }

/** Lines of a file that hold a text, from 1. */
const linesWith = (path: string, text: string): readonly number[] => readFileSync(join(folder, path), 'utf8').split('\n').flatMap((line, i) => (line.includes(text) ? [i + 1] : []));

beforeAll(() => {
  writeFileSync(join(folder, 'totals.ts'), totals);
  writeFileSync(join(folder, 'Cart.vue'), `${above}${totals.replaceAll('\n', '\r\n')}</script>\r\n`);
  writeFileSync(join(folder, 'inventory.py'), inventory);
  const source = inventory.split(/(?<=\n)/);
  const cells = [{ cell_type: 'markdown', metadata: {}, source }, { cell_type: 'code', metadata: {}, outputs: [], execution_count: 1, source: ['%matplotlib inline\n', ...source] }];
  writeFileSync(join(folder, 'stock.ipynb'), JSON.stringify({ cells, metadata: { language_info: { name: 'python' } }, nbformat: 4, nbformat_minor: 5 }, null, 1));
});

describe('code inside other files', () => {
  it('is found as clones of plain code, at the lines of its file', async () => {
    const { stdout, code } = await simcode(['scan', '--json'], options);
    expect(code).toBe(0);
    const members = (JSON.parse(stdout) as Report).clusters.filter(({ type }) => type === 1).map((cluster) => cluster.members.map(({ path, startLine, name }) => `${path}:${startLine} ${name}`));
    const [vueLine] = linesWith('Cart.vue', 'export function orderTotal');
    expect(members).toContainEqual([`Cart.vue:${vueLine} orderTotal`, `totals.ts:${linesWith('totals.ts', 'export function orderTotal')[0]} orderTotal`]);
    // the first is that of the text cell
    const [, notebookLine] = linesWith('stock.ipynb', 'def is_gift_card');
    expect(members).toContainEqual([`inventory.py:${linesWith('inventory.py', 'def is_gift_card')[0]} is_gift_card`, `stock.ipynb:${notebookLine} is_gift_card`]);
  });

  it('is chosen by the language of the file', async () => {
    const { stdout } = await simcode(['scan', '--json', '--lang', 'jupyter,vue'], options);
    expect((JSON.parse(stdout) as { summary: { files: number } }).summary.files).toBe(2);
  });

  it('is explained with its own text and the lines of its file', async () => {
    const [, line] = linesWith('stock.ipynb', 'def is_gift_card');
    const [plain] = linesWith('inventory.py', 'def is_gift_card');
    const { stdout, stderr, code } = await simcode(['explain', `stock.ipynb:${line}`, `inventory.py:${plain}`], options);
    expect([code, stderr]).toEqual([0, expect.any(String)]);
    expect(stdout).toMatch(new RegExp(`^\\s*${line} .*def is_gift_card.* ${plain} .*def is_gift_card`, 'm'));
    expect(stdout).not.toContain('\\n"');
    const [vue] = linesWith('Cart.vue', 'export function orderTotal');
    const across = await simcode(['explain', `Cart.vue:${vue}`, `stock.ipynb:${line}`], options);
    expect([across.code, across.stdout]).toEqual([0, expect.stringMatching(/orderTotal[\s\S]*is_gift_card/)]);
  });
});
