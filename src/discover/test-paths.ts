const folders = new Set(['test', 'tests', '__tests__', '__mocks__', 'spec', 'specs', 'testing', 'testdata', 'e2e', 'cypress', 'fixtures', '__fixtures__', 'androidTest', 'example', 'examples', 'stories', '__stories__']);
const names = [
  /[._-](?:test|tests|spec|specs|e2e|cy|bench|stories)\.\w+$/i, /^(?:test_.*|conftest|tests)\.py$/, /_(?:test|spec)\.\w+$/, /(?:Test|Tests|TestCase|Spec|IT)\.(?:java|kt|scala|cs|php|swift|groovy)$/,
];

/** Whether a POSIX path relative to the root is a test's or belongs to tests, by the naming habits of common runners. */
export function isTestPath(path: string): boolean {
  const parts = path.split('/');
  const name = parts.pop() ?? '';
  return parts.some((part) => folders.has(part)) || names.some((pattern) => pattern.test(name));
}
