import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseCalibration } from '../../src/score/calibration.ts';
import { tempFolder } from '../helpers/temp.ts';

const rows = readFileSync('fixtures/eval/functions/pairs.jsonl', 'utf8').trim().split('\n');

describe('simcode calibrate', () => {
  it('fits a calibration that tells the clones of its pairs, and says how reliable it is', () => {
    const folder = tempFolder();
    const env = { ...process.env, SIMCODE_CACHE_DIR: folder };
    const many = join(folder, 'many.jsonl');
    const clones = rows.filter((row) => row.includes('"label": 1'));
    writeFileSync(many, [...rows, ...rows, ...rows, ...clones, ...clones, ...clones].map((row) => `${row}\n`).join(''));
    const out = join(folder, 'calibration.json');
    const { status, stderr } = spawnSync(process.execPath, ['bin/simcode.js', 'calibrate', many, '--floor', '0.05', '-o', out], { encoding: 'utf8', env });
    expect(stderr).toMatch(/Brier score 0\.\d+ on 1\d pairs not fitted on/);
    expect(status).toBe(0);
    const calibration = parseCalibration(readFileSync(out, 'utf8'), out);
    expect(calibration.provenance).toContain('many.jsonl');
    expect(calibration.floor).toBe(0.05);
    const scores = execFileSync(process.execPath, ['bin/simcode.js', 'eval', many, '--json'], { encoding: 'utf8', env });
    expect((JSON.parse(scores) as { results: { pairs: { positives: number } }[] }).results[0]?.pairs.positives).toBe(30);
  });

  it('refuses too few pairs', () => {
    const { status, stderr } = spawnSync(process.execPath, ['bin/simcode.js', 'calibrate', 'fixtures/eval/functions/pairs.jsonl'], { encoding: 'utf8' });
    expect(status).toBe(2);
    expect(stderr).toContain('too few to calibrate on');
  });
});
