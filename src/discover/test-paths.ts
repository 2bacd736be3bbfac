const folders = new Set([
  'test', 'tests', 'Test', 'Tests', '__tests__', '__mocks__', 'spec', 'specs', 'testing', 'testdata', 'e2e', 'cypress', 'fixtures', '__fixtures__',
  'testFixtures', 'unittests', 'benches', 'example', 'examples', 'stories', '__stories__', '.storybook',
]);
const foldersLike = [
  /^(?:unit|integration|functional|acceptance|smoke|system|regression|e2e)[-_]?tests?$/i, /^tests?[-_](?:data|utils?|support|helpers?|fixtures?|resources)$/i,
  // projects of .NET and packages of Swift
  /\.(?:\w*Tests?|Specs)$/, /^[A-Z]\w*Tests$/,
];
/** Source sets of Gradle beside `main`: `src/commonTest`, `src/integrationTest`. */
const sourceSet = /(?:^|\/)src\/[a-z]\w*Test\//;
const names = [
  /[._-](?:test|tests|spec|specs|e2e|cy|bench|stories)\.\w+$/i, /^(?:test_.*|conftest|tests)\.py$/, /^tests\.rs$/, /^(?:test|spec|rails)_helper\.rb$/,
  /_(?:test|spec)\.\w+$/, /(?:Test|Tests|TestCase|Spec|IT)\.(?:java|kt|scala|cs|php|swift|groovy)$/,
];

/** Whether a POSIX path relative to the root is a test's or belongs to tests, by the naming habits of common runners. */
export function isTestPath(path: string): boolean {
  const parts = path.split('/');
  const name = parts.pop() ?? '';
  return parts.some((part) => folders.has(part) || foldersLike.some((pattern) => pattern.test(part))) || sourceSet.test(path) || names.some((pattern) => pattern.test(name));
}
