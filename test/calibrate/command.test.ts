import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseCalibration } from '../../src/score/calibration.ts';
import { simcode, temporaryFolder } from '../cli/run.ts';
import { failureOf, useEnvironment } from '../explain/run.ts';

const folder = temporaryFolder();
const env = { SIMCODE_CACHE_DIR: join(folder, 'cache') };
useEnvironment(env);

const bodies = [
  (v: string) => `let ${v} = 0;\n  for (const item of items) ${v} += item.price * item.count;\n  return ${v};`,
  (v: string) => `const ${v} = new Map();\n  for (const item of items) ${v}.set(item.id, item);\n  return [...${v}.values()];`,
  (v: string) => `const ${v} = items.filter((item) => item.open);\n  if (${v}.length === 0) throw new Error('none');\n  return ${v}[0];`,
  (v: string) => `while (items.length > 9) items.pop();\n  const ${v} = JSON.stringify(items);\n  return send(${v}, { retry: 3 });`,
];
const write = (body: number, name: number): string => `function f${name}(items) {\n  ${bodies[body]?.(`v${name}`) ?? ''}\n}`;

/** Renamed copies, and functions of different jobs. */
const rows = Array.from({ length: 60 }, (_, i) => {
  const [first, second] = [i % 4, (i + 1 + (i % 3)) % 4];
  return i % 2 === 0
    ? { lang: 'javascript', a: write(first, i), b: write(first, i + 100), label: 1 }
    : { lang: 'javascript', a: write(first, i), b: write(second, i + 100), label: 0 };
});

describe('simcode calibrate', () => {
  it('writes a calibration that tells the labelled pairs apart', async () => {
    writeFileSync(join(folder, 'pairs.jsonl'), rows.map((row) => JSON.stringify(row)).join('\n'));
    const { code, stdout, stderr } = await simcode(['calibrate', 'pairs.jsonl', '-o', 'calibration.json'], { cwd: folder, env });
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^Wrote calibration\.json: 60 pairs, 30 clones; on pairs held out Brier score 0\.0\d\d, precision 1\.000 and recall 1\.000 at threshold 0\.\d+\.\n$/);
    expect(parseCalibration(readFileSync(join(folder, 'calibration.json'), 'utf8'), 'x').provenance).toMatch(/^Fitted by simcode calibrate on pairs\.jsonl: 60 pairs, 30 of them clones\./);
  });

  it('overwrites nothing unasked and says what is wrong with its input', async () => {
    writeFileSync(join(folder, 'there.json'), '{}');
    writeFileSync(join(folder, 'tasks.jsonl'), JSON.stringify({ id: '1', task: 't', lang: 'python', code: 'x = 1' }));
    const pairs = join(folder, 'pairs.jsonl');
    expect(await failureOf(['calibrate', pairs])).toMatch(/^The calibration of the model in the package is not replaced\. \| Say where/);
    expect(await failureOf(['calibrate', pairs, '-o', join(folder, 'there.json')])).toMatch(/there\.json exists already\. \| Replace it with --force/);
    expect(await failureOf(['calibrate', join(folder, 'gone.jsonl'), '-o', join(folder, 'new.json')])).toMatch(/^Cannot read the pairs/);
    expect(await failureOf(['calibrate', join(folder, 'tasks.jsonl'), '-o', join(folder, 'new.json')])).toMatch(/holds no labelled pairs/);
  });
});
