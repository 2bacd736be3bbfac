import { lstatSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { notices } from '../../src/cli/notices.ts';
import { writeReportFile } from '../../src/cli/output.ts';
import { reportTargets } from '../../src/cli/reports.ts';
import { plain } from '../../src/report/options.ts';
import { temporaryFolder } from './run.ts';

const folder = temporaryFolder();

describe('reportTargets', () => {
  it.each([
    [{ format: [] }, [{ format: 'table' }]],
    [{ format: ['json'] }, [{ format: 'json' }]],
    [{ format: ['json'], output: 'x' }, [{ format: 'json', file: 'x' }]],
    [{ format: ['table', 'json=a=b.json'] }, [{ format: 'table' }, { format: 'json', file: 'a=b.json' }]],
    [{ format: ['table', 'json=b'], output: 'a' }, [{ format: 'table', file: 'a' }, { format: 'json', file: 'b' }]],
  ])('%j', (output, targets) => {
    expect(reportTargets(output)).toEqual(targets);
  });
});

describe('writeReportFile', () => {
  it('replaces a file, follows a link, and leaves nothing beside it', async () => {
    writeFileSync(join(folder, 'real.txt'), 'old and longer');
    symlinkSync('real.txt', join(folder, 'link.txt'));
    await writeReportFile(join(folder, 'link.txt'), 'new');
    expect(readFileSync(join(folder, 'real.txt'), 'utf8')).toBe('new');
    expect(lstatSync(join(folder, 'link.txt')).isSymbolicLink()).toBe(true);
    expect(readdirSync(folder).toSorted()).toEqual(['link.txt', 'real.txt']);
  });

  it('writes to a device without replacing it', async () => {
    await writeReportFile('/dev/null', 'gone');
    expect(lstatSync('/dev/null').isCharacterDevice()).toBe(true);
  });

  it('refuses a folder', async () => {
    await expect(writeReportFile(folder, 'x')).rejects.toMatchObject({ code: 'io', hint: expect.any(String) as string });
  });
});

describe('notices', () => {
  const warnings = Array.from({ length: 5 }, (_, i) => ({ code: 'syntax-error', path: `a${i}.ts`, message: 'line 1' }));
  const skips = [{ path: 'v\u001b.js', reason: 'vendored' as const }];

  it('shows three warnings of a kind, and how many more', () => {
    expect(notices({ warnings: [...warnings, { code: 'cache-corrupt', message: 'made anew' }], skips }, false, plain)).toBe(
      'warning: a0.ts: line 1 [syntax-error]\nwarning: a1.ts: line 1 [syntax-error]\nwarning: a2.ts: line 1 [syntax-error]\n' +
      'warning: made anew [cache-corrupt]\nwarning: 2 more syntax-error warnings: --verbose\n',
    );
  });

  it('shows everything when verbose', () => {
    const shown = notices({ warnings, skips }, true, plain);
    expect(shown.match(/\[syntax-error\]/g)).toHaveLength(5);
    expect(shown).toContain('left out: v\\x1b.js (vendored)\n');
  });
});
