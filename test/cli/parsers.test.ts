import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byteSize, collectNames, collectSwitches, integerIn, numberIn } from '../../src/cli/parsers.ts';

describe('byteSize', () => {
  it.each([['1', 1], ['500kb', 512_000], ['1mb', 1_048_576], ['1.5 MB', 1_572_864], ['64m', 67_108_864], ['10B', 10]])('%s is %d bytes', (typed, bytes) => {
    expect(byteSize(typed)).toBe(bytes);
  });

  it.each(['', '0', '-1', '1gb', 'mb', '1 2', '1e3', '65mb', '0.1b', 'NaN'])('refuses %j', (typed) => {
    expect(() => byteSize(typed)).toThrow(/such as 500kb/);
  });
});

describe('numbers', () => {
  it('read back whatever is in range', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 1000 }), (value) => {
      expect(integerIn(1, 1000)(String(value))).toBe(value);
      expect(numberIn(0, 1)(String(value / 1000))).toBe(value / 1000);
    }));
  });

  it('give a number in range or refuse, whatever is typed', () => {
    fc.assert(fc.property(fc.string(), (typed) => {
      for (const parse of [numberIn(0, 1), integerIn(0, 1)]) {
        try {
          const value = parse(typed);
          expect(value >= 0 && value <= 1).toBe(true);
        } catch (error) {
          expect(error).toMatchObject({ code: 'commander.invalidArgument' });
        }
      }
    }));
  });
});

describe('collectNames', () => {
  it('joins repeated lists', () => {
    expect(collectNames('Go, rust', ['python'])).toEqual(['python', 'go', 'rust']);
  });
});

describe('collectSwitches', () => {
  const parse = collectSwitches(['accessor', 'parallel']);

  it('adds up', () => {
    expect(parse('parallel=on', parse('accessor=off,parallel=off', undefined))).toEqual({ accessor: false, parallel: true });
  });

  it.each([['accesor=off', /Did you mean "accessor"/], ['accessor', /accessor=off/], ['accessor=', /accessor=off/], ['accessor=no', /on, off/], ['accessor=on=off', /accessor=off/]])('refuses %s', (typed, message) => {
    expect(() => parse(typed, undefined)).toThrow(message);
  });
});
