import { execFileSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { findConfig, parseConfig, readConfig } from '../../src/config/load.ts';
import { SimcodeError } from '../../src/errors.ts';
import { readConfigText } from '../../src/io/config-text.ts';
import { tempFolder } from '../helpers/temp.ts';

const fixtures = join(import.meta.dirname, '../../fixtures/config');

function fault(text: string, file = 'simcode.json'): Pick<SimcodeError, 'code' | 'message' | 'hint'> {
  try {
    parseConfig(file, text);
  } catch (error) {
    if (error instanceof SimcodeError) return error;
    throw error;
  }
  throw new Error('accepted');
}

describe('finding', () => {
  test('each kind of file, in order of precedence, says which others it hides', async () => {
    const loaded = await findConfig(readConfigText, join(fixtures, 'several'));
    expect(loaded).toEqual({
      file: join(fixtures, 'several', 'simcode.jsonc'), directory: join(fixtures, 'several'), values: { minLines: 8, exclude: ['legacy/**'] },
      shadowed: [join(fixtures, 'several', '.simcoderc.json'), join(fixtures, 'several', 'package.json')],
    });
    expect((await findConfig(readConfigText, join(fixtures, 'package')))?.values).toEqual({ top: 7, rules: { accessor: false } });
    expect(await findConfig(readConfigText, join(fixtures, 'package', 'inner'))).toBeUndefined();
  });

  test('goes up to the top it is given, past a package.json without our key', async () => {
    const top = tempFolder({ 'simcode.json': '{"top":1}', 'a/package.json': '{"name":"a"}', 'a/b/x.ts': '' });
    expect((await findConfig(readConfigText, join(top, 'a/b'), top))?.directory).toBe(top);
    expect(await findConfig(readConfigText, join(top, 'a/b'), join(top, 'a'))).toBeUndefined();
    expect(await findConfig(readConfigText, join(top, 'a/b'))).toBeUndefined();
  });

  test('a named file must be there and have settings', async () => {
    const root = tempFolder({ 'my.json': '{"top":3}', 'package.json': '{}' });
    expect((await readConfig(readConfigText, join(root, 'my.json'))).values).toEqual({ top: 3 });
    await expect(readConfig(readConfigText, join(root, 'none.json'))).rejects.toMatchObject({ code: 'bad-config', message: expect.stringContaining('does not exist') });
    await expect(readConfig(readConfigText, join(root, 'package.json'))).rejects.toMatchObject({ code: 'bad-config' });
  });

  test('links, pipes and huge files are refused, and do not hang', async () => {
    const root = tempFolder({ 'target.json': '{}', 'big/simcode.json': `{"model":"${'x'.repeat(1024 ** 2)}"}`, 'pipe/x': '', 'link/x': '' });
    symlinkSync(join(root, 'target.json'), join(root, 'link/simcode.json'));
    execFileSync('mkfifo', [join(root, 'pipe/simcode.json')]);
    for (const folder of ['big', 'pipe', 'link']) await expect(findConfig(readConfigText, join(root, folder))).rejects.toMatchObject({ code: 'bad-config' });
  });
});

describe('faults', () => {
  test('name file, line, column, key and the nearest valid name', () => {
    expect(fault('{\n  "minlines": 5\n}')).toMatchObject({ code: 'bad-config', message: 'simcode.json:2:3: "minlines": no such setting', hint: 'Did you mean "minLines"?' });
    expect(fault('{ "rules": { "accesor": true } }').message).toBe('simcode.json:1:14: "rules.accesor": no such setting');
    expect(fault('{ "rules": { "accesor": true } }').hint).toBe('Did you mean "accessor"?');
    expect(fault('{ "qwertyuiop": 1 }').hint).toContain('minLines');
    expect(fault('{\n  // a note\n  "threshold": 1.5,\n}').message).toMatch(/^simcode\.json:3:16: "threshold": .*1/);
    expect(fault('{ "exclude": ["a", 5] }').message).toMatch(/^simcode\.json:1:20: "exclude\.1": /);
    expect(fault('{ "device": "gpu" }').message).toMatch(/"device": .*cuda/);
    expect(fault('[]').message).toMatch(/^simcode\.json:1:1: /);
    expect(fault('{\n "name": "x",\n "simcode": { "topp": 1 } }', '/x/package.json').message).toBe('/x/package.json:3:15: "topp": no such setting');
  });

  test('syntax errors, keys set twice, comments where none may be', () => {
    expect(fault('{\n  "top": ,\n}').message).toMatch(/^simcode\.json:2:10: JSON syntax/);
    expect(fault('').message).toMatch(/^simcode\.json:1:1: /);
    expect(fault('{"top":1,\n"top":2}').message).toBe('simcode.json:2:1: "top" is set twice');
    expect(fault('{ "simcode": {} /* no */ }', 'package.json').message).toMatch(/^package\.json:1:17/);
    expect(fault('['.repeat(200_000)).code).toBe('bad-config');
    expect(parseConfig('simcode.json', '\uFEFF{ "$schema": "x", "top": 1, /* yes */ }')).toEqual({ top: 1 });
  });

  test('prototype keys pollute nothing', () => {
    for (const key of ['__proto__', 'constructor', 'prototype', 'toString']) {
      expect(fault(`{ "${key}": { "polluted": true } }`).message).toContain(key);
      expect(fault(`{ "rules": { "${key}": true } }`).message).toContain(key);
    }
    expect('polluted' in {}).toBe(false);
  });
});

test('no text makes the loader fail otherwise than with a SimcodeError', () => {
  const json = fc.json().chain((text) => fc.constantFrom(text, `{"simcode":${text}}`, `{"rules":${text},"include":${text}}`, text.slice(1), `${text},`));
  fc.assert(fc.property(fc.oneof(json, fc.string({ unit: 'binary' })), fc.constantFrom('simcode.json', 'package.json'), (text, file) => {
    try {
      const values = parseConfig(file, text);
      expect(values === undefined || typeof values === 'object').toBe(true);
    } catch (error) {
      expect(error).toBeInstanceOf(SimcodeError);
    }
  }), { numRuns: 500 });
});
