import { defineConfig } from 'vitest/config';

const config = defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: 'forks',
    globalSetup: process.env['VITEST_NO_BUILD'] ? [] : ['test/helpers/build-once.ts'],
    reporters: ['default', './test/helpers/closing-line.ts'],
  },
});
// vitest reads the default export only
export { config as default };
