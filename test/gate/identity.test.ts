import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SimcodeError } from '../../src/errors.ts';
import type { Baseline } from '../../src/gate/baseline.ts';
import { formatBaseline, parseBaseline } from '../../src/gate/baseline.ts';
import type { Identity } from '../../src/gate/identity.ts';
import { identify } from '../../src/gate/identity.ts';
import { matchIdentities } from '../../src/gate/match.ts';
import { lexemeSketch, sketchSimilarity } from '../../src/gate/sketch.ts';
import { toyChunk } from '../helpers/toy-chunk.ts';

const header = { schemaVersion: 1, tool: 'simcode 0', model: 'm', revision: 'r', threshold: 0.9 };
const code = 'function total(items) {\n  let sum = 0;\n  for (const item of items) sum += item.price * 1.2;\n  return sum;\n}';

describe('lexemeSketch', () => {
  it('estimates how many words two functions share', () => {
    fc.assert(fc.property(fc.array(fc.string({ minLength: 1, maxLength: 8 }), { minLength: 40, maxLength: 120 }), fc.integer({ min: 0, max: 20 }), (words, drop) => {
      const kept = words.slice(drop);
      const share = kept.length / words.length;
      const estimate = sketchSimilarity(lexemeSketch({ lexemes: words }), lexemeSketch({ lexemes: kept }));
      expect(Math.abs(estimate - share)).toBeLessThan(0.5);
      expect(estimate).toBeLessThanOrEqual(1);
    }), { seed: 7, numRuns: 200 });
  });

  it('is 32 characters, equal for equal words in any order', () => {
    expect(lexemeSketch({ lexemes: ['a', 'b', 'a'] })).toBe(lexemeSketch({ lexemes: ['b', 'a', 'a'] }));
    expect(lexemeSketch({ lexemes: [] })).toMatch(/^[\w-]{32}$/);
  });
});

describe('identify', () => {
  it('does not depend on layout, semicolons or the name of the function', () => {
    const [plain, other] = [identify(toyChunk(code)), identify(toyChunk(code.replaceAll(';', '').replaceAll('total', 'amount'), { path: 'b.ts', at: 9 }))];
    expect(other.hash).toBe(plain.hash);
    expect(identify(toyChunk(code.replace('1.2', '1.3'))).hash).not.toBe(plain.hash);
  });
});

describe('matchIdentities', () => {
  const one = (path: string, name: string, hash: string, sketch = 'A'.repeat(32)): Identity => ({ path, name, hash: hash.padEnd(16, '0'), sketch });

  it('gives every old function to one current function only', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 12 }), fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 12 }), (now, old) => {
      const of = (names: readonly string[]): Identity[] => names.map((name, i) => one(`${name}${i % 3}.ts`, name, name));
      const found = matchIdentities(of(now), of(old)).flatMap((match) => match?.old ?? []);
      expect(new Set(found).size).toBe(found.length);
    }));
  });

  it('prefers the original to its copy', () => {
    const old = [one('a.ts', 'f', 'aa')];
    expect(matchIdentities([one('0.ts', 'f', 'aa'), one('a.ts', 'f', 'aa')], old).map((match) => match?.old)).toEqual([undefined, 0]);
    // the original edited, the copy not
    expect(matchIdentities([one('0.ts', 'f', 'aa'), one('a.ts', 'f', 'bb')], old).map((match) => match?.old)).toEqual([undefined, 0]);
  });
});

describe('the baseline file', () => {
  const text = fc.string({ minLength: 1, maxLength: 20 });
  const path = text.filter((value) => !value.includes('\\') && !value.startsWith('./'));
  const member = fc.tuple(path, text, fc.stringMatching(/^[0-9a-f]{16}$/), fc.stringMatching(/^[\w-]{32}$/))
    .map(([where, name, hash, sketch]): Identity => ({ path: where, name, hash, sketch }));
  const entry = fc.record({ id: fc.stringMatching(/^[0-9a-f]{12}$/), type: fc.integer({ min: 1, max: 4 }), members: fc.array(member, { minLength: 2, maxLength: 4 }) });
  const baselines = fc.record({
    header: fc.constant(header), known: fc.array(entry, { maxLength: 6 }),
    accepted: fc.array(fc.tuple(entry, fc.stringMatching(/^\w[\w ]{0,20}\w$/)).map(([one, reason]) => ({ ...one, reason })), { maxLength: 3 }),
  });

  it('reads what it writes, and writes the same bytes whatever the order', () => {
    fc.assert(fc.property(baselines, (baseline: Baseline) => {
      const written = formatBaseline(baseline);
      const read = parseBaseline(written, 'b');
      expect(formatBaseline(read)).toBe(written);
      expect(formatBaseline({ ...read, known: read.known.toReversed() })).toBe(written);
      expect(read.known.length).toBe(new Set(baseline.known.map((one) => JSON.stringify(one.members))).size);
    }), { numRuns: 50 });
  });

  it('reads the lines of both sides of a merge, and never fails but with an error of ours', () => {
    const write = (names: readonly string[]): string => formatBaseline({
      header, accepted: [], known: names.map((name) => ({ id: name, members: [0, 1].map((i): Identity => ({ path: `${name}${i}.ts`, name, hash: '0'.repeat(16), sketch: 'A'.repeat(32) })) })),
    });
    const [ours, theirs] = [write(['a', 'b']), write(['a', 'c'])].map((file) => file.split('\n').filter((line) => line.startsWith('{"members"')));
    const both = write([]).replace('"known": []', `"known": [\n${[...(ours ?? []), ...(theirs ?? [])].join('\n')}\n]`);
    expect(parseBaseline(both, 'b').known.map(({ id }) => id).toSorted()).toEqual(['a', 'b', 'c']);
    fc.assert(fc.property(fc.string(), fc.nat(), (noise, at) => {
      const broken = both.slice(0, at % both.length) + noise + both.slice(at % both.length);
      try {
        parseBaseline(broken, 'b');
      } catch (error) {
        expect(error).toBeInstanceOf(SimcodeError);
      }
    }), { numRuns: 200 });
  });

  it.each([
    ['a conflict', '{\n<<<<<<< HEAD\n}', /b:2: an unresolved merge conflict/],
    ['no JSON', '{\n"baseline": oops\n}', /b:2: not valid JSON/],
    ['a newer form', '{"baseline": {"schemaVersion": 99}}', /b is of form 99/],
    ['an accepted entry without a reason', `{"baseline": ${JSON.stringify(header)}, "accepted": [{"members": ["a.ts#f", "b.ts#g"]}], "known": []}`, /accepted\.0\.reason/],
  ])('says what is wrong: %s', (_, content, message) => {
    expect(() => parseBaseline(content, 'b')).toThrow(message);
  });

  it('takes entries written by hand, also with the paths of Windows', () => {
    const content = `{"baseline": ${JSON.stringify(header)}, "accepted": [{"members": ["src\\\\a.ts#f", "./b.ts#C.g"], "reason": "why"}], "known": [],}`;
    expect(parseBaseline(content, 'b').accepted[0]?.members.map(({ path, name }) => [path, name])).toEqual([['src/a.ts', 'f'], ['b.ts', 'C.g']]);
  });
});
