import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { demo, simcode, temporaryFolder } from './run.ts';

const folder = temporaryFolder();

describe('simcode cache', () => {
  it('holds the vectors of a scan, then is emptied of them and nothing else', async () => {
    const dir = join(folder, 'cache');
    const env = { SIMCODE_CACHE_DIR: dir };
    await simcode(['scan', join(demo, 'service'), '-q'], { env });
    const { stdout } = await simcode(['cache', 'info'], { env });
    expect(stdout).toMatch(/cache: 1\d vectors, 0\.0 MB\n {2}mini \S+: 1\d vectors of \d+ numbers, .*last used \d{4}-\d\d-\d\d\n {2}chunks of 1 tree, 0\.0 MB/);
    const info = JSON.parse((await simcode(['cache', 'info', '--json'], { env })).stdout) as { stores: { vectors: number }[] };
    expect(existsSync(join(dir, 'chunks-1'))).toBe(true);
    expect(info.stores[0]?.vectors).toBeGreaterThan(9);

    mkdirSync(join(dir, 'other'));
    writeFileSync(join(dir, 'other/file'), 'not ours');
    expect((await simcode(['cache', 'clean'], { env })).stdout).toMatch(/^Removed \d+ files?, 0\.\d MB, from /);
    expect((await simcode(['cache', 'info'], { env })).stdout).toBe(`${dir}: 0 vectors, 0.0 MB\n`);
    expect(existsSync(join(dir, 'chunks-1'))).toBe(false);
    expect(existsSync(join(dir, 'other/file'))).toBe(true);
  });
});
