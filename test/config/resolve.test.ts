import { expect, test } from 'vitest';

import { defaults } from '../../src/config/defaults.ts';
import { envSettings } from '../../src/config/env.ts';
import type { LoadedConfig } from '../../src/config/load.ts';
import { describeConfig, resolveConfig } from '../../src/config/resolve.ts';

function fileWith(values: LoadedConfig['values']): LoadedConfig {
  return { file: '/repo/simcode.json', directory: '/repo', values, shadowed: [] };
}

test('flags win over variables, variables over the file, the file over defaults', () => {
  const loaded = fileWith({ top: 1, minLines: 2, minTokens: 3, rules: { accessor: false } });
  const env = { SIMCODE_TOP: '10', SIMCODE_MIN_LINES: '20', SIMCODE_RULES: '{"parallel":false}', HOME: '/x', SIMCODE_CACHE_DIR: '/c' };
  const { config, sources, file } = resolveConfig({ flags: { top: 100, model: undefined }, env, loaded });
  expect(config).toEqual({ ...defaults, top: 100, minLines: 20, minTokens: 3, rules: { ...defaults.rules, accessor: false, parallel: false } });
  expect(sources).toMatchObject({
    top: 'flag', minLines: 'env SIMCODE_MIN_LINES', minTokens: 'file', model: 'default', 'rules.accessor': 'file', 'rules.parallel': 'env SIMCODE_RULES', 'rules.delegation': 'default',
  });
  expect(file).toBe('/repo/simcode.json');
  expect(config.threshold).toBeUndefined();
});

test('nothing given: the defaults, each with its source', () => {
  const resolved = resolveConfig({});
  expect(resolved.config).toEqual(defaults);
  expect(new Set(Object.values(resolved.sources))).toEqual(new Set(['default']));
  expect(describeConfig(resolved)).toEqual({ file: null, settings: defaults, sources: resolved.sources });
});

test('variables: switches, numbers, lists, objects, empty ones', () => {
  expect(envSettings({
    SIMCODE_OFFLINE: '1', SIMCODE_CACHE: 'false', SIMCODE_THRESHOLD: '0.9', SIMCODE_LANGUAGES: 'python, go,', SIMCODE_ISOLATE: '[["a","b"]]', SIMCODE_MODEL: '', SIMCODE_DEVICE: 'cpu',
  })).toEqual({ offline: true, cache: false, threshold: 0.9, languages: ['python', 'go'], isolate: [['a', 'b']], device: 'cpu' });
});

test('bad variables and flags are named', () => {
  expect(() => envSettings({ SIMCODE_TRESHOLD: '1' })).toThrow(expect.objectContaining({ code: 'bad-option', hint: 'Did you mean "SIMCODE_THRESHOLD"?' }));
  expect(() => envSettings({ SIMCODE_TOP: 'many' })).toThrow(/^SIMCODE_TOP: /);
  expect(() => envSettings({ SIMCODE_TOP: ' ' })).toThrow(/^SIMCODE_TOP: /);
  expect(() => envSettings({ SIMCODE_OFFLINE: 'maybe' })).toThrow(/^SIMCODE_OFFLINE: /);
  expect(() => envSettings({ SIMCODE_RULES: '{' })).toThrow(/^SIMCODE_RULES: /);
  expect(() => resolveConfig({ flags: { minLines: 0 } })).toThrow(/^--min-lines: /);
});

test('a file may not send a report out of its folder, a flag may', () => {
  for (const target of ['/etc/x', '../x', 'a/../../x', 'C:\\x', '\\\\host\\x', '..\\x']) {
    expect(() => resolveConfig({ loaded: fileWith({ output: target }) })).toThrow(expect.objectContaining({ code: 'bad-config' }));
    expect(() => resolveConfig({ loaded: fileWith({ format: ['table', `json=${target}`] }) })).toThrow(expect.objectContaining({ code: 'bad-config' }));
    expect(resolveConfig({ flags: { output: target } }).config.output).toBe(target);
  }
  expect(resolveConfig({ loaded: fileWith({ output: 'out/report.json', format: ['json=clones.json'] }) }).config.output).toBe('out/report.json');
});
