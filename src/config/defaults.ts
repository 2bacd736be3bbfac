import type { Settings } from './fields.ts';

/** Settings that always have a value. */
export type Defaulted =
  | 'include' | 'exclude' | 'languages' | 'maxFileSize' | 'tests' | 'includeVendored' | 'includeGenerated' | 'git' | 'minLines' | 'minTokens'
  | 'crossLanguage' | 'isolate' | 'rules' | 'model' | 'device' | 'index' | 'cache' | 'embedUrls' | 'offline' | 'format' | 'top';

export const defaults: Readonly<Pick<Settings, Defaulted>> = {
  include: [],
  exclude: [],
  languages: [],
  maxFileSize: 1024 ** 2,
  tests: 'exclude',
  includeVendored: false,
  includeGenerated: false,
  git: true,
  minLines: 5,
  minTokens: 30,
  crossLanguage: 'on',
  isolate: [],
  rules: { accessor: true, delegation: true, initializer: true, declarative: true, parallel: true, short: true, caller: true, inverse: true, migration: true },
  model: 'mini',
  device: 'auto',
  index: 'auto',
  cache: true,
  embedUrls: [],
  offline: false,
  format: ['table'],
  top: 20,
};
