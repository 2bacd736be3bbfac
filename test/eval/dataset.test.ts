import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SimcodeError } from '../../src/errors.ts';
import { parseDataset } from '../../src/eval/dataset.ts';

describe('parseDataset', () => {
  it('reads retrieval rows and pair rows', () => {
    const rows = parseDataset('r.jsonl', '{"id":"1","task":"t","lang":"go","code":"x"}\r\n\n');
    expect(rows).toMatchObject({ kind: 'retrieval', rows: [{ id: '1' }] });
    const pairs = parseDataset('p.jsonl', '{"a":"x","b":"y","label":true,"lang":"go"}\n{"a":"x","b":"y","label":0,"lang_a":"go","lang_b":"rust"}');
    expect(pairs).toMatchObject({ kind: 'pairs', rows: [{ label: 1, langA: 'go', langB: 'go' }, { label: 0, langB: 'rust' }] });
  });

  it('reads triples, and names what one lacks', () => {
    expect(parseDataset('t.jsonl', '{"anchor":"x","positive":"y","negative":"z","lang":"go"}')).toMatchObject({ kind: 'triples', rows: [{ positive: 'y' }] });
    expect(() => parseDataset('t.jsonl', '{"anchor":"x","positive":"y","lang":"go"}')).toThrow('line 1: negative');
  });

  it('names bad rows by line', () => {
    const text = '{"id":"1","task":"t","lang":"go","code":"x"}\nnonsense\n{"id":"1","task":"t","lang":"go","code":"x"}\n{"id":"2","lang":"go","code":"x"}';
    expect(() => parseDataset('r.jsonl', text)).toThrow(/line 2: .*\n.*line 3: id "1" is used twice\n.*line 4: task/s);
  });

  it('refuses an empty or mixed file', () => {
    expect(() => parseDataset('r.jsonl', '\n')).toThrow('has no rows');
    expect(() => parseDataset('r.jsonl', '{"id":"1","task":"t","lang":"go","code":"x"}\n{"a":"x","b":"y","label":1,"lang":"go"}')).toThrow('mixed');
  });

  it('never fails with anything but SimcodeError', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      try { parseDataset('x', text); } catch (error) { expect(error).toBeInstanceOf(SimcodeError); }
    }));
  });
});
