import { expect, test } from 'vitest';
import { isTestPath } from '../../src/discover/test-paths.ts';

test.each([
  'test/a.js', 'pkg/tests/helper.py', 'src/test/java/A.java', 'tests.py', 'app/conftest.py', 'a/b.spec.tsx', 'a/b_test.go', 'src/UserIT.java',
  'src/commonTest/kotlin/A.kt', 'app/src/androidTest/A.java', 'lib/src/testFixtures/java/A.java', 'integration-tests/run.ts', 'unit_tests/a.cpp', 'e2e-tests/a.ts',
  'Shop.Tests/Cart.cs', 'src/Shop.UnitTests/Cart.cs', 'Tests/ShopTests/Cart.swift', 'ShopTests/Cart.swift', 'test_helpers/make.rb', 'src/parser/tests.rs',
  'spec/spec_helper.rb', 'crates/x/benches/b.rs', 'src/Button.stories.tsx', 'examples/a.py',
])('%s is test code', (path) => expect(isTestPath(path)).toBe(true));

test.each([
  'contest.ts', 'latest/x.ts', 'src/commands/test.ts', 'packages/test-runner/src/run.ts', 'packages/playwright-test/src/run.ts', 'src/attestation/a.go', 'testament/a.py',
  'src/Protests.cs', 'inspect/a.py', 'src/test.go', 'src/contests/a.ts', 'pytest/src/a.py', 'src/main/java/Contest.java',
])('%s is not', (path) => expect(isTestPath(path)).toBe(false));
