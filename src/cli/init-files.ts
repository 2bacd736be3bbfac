/** Names that `--ci` takes. */
export const ciNames = ['github', 'gitlab', 'none'] as const;
export type CiName = (typeof ciNames)[number];

/** A file that init would write. */
export interface InitFile {
  readonly path: string;
  readonly text: string;
}

/** Configuration and CI set-up for a repository; the baseline is written apart. */
export function initFiles(ci: CiName): readonly InitFile[] {
  return [
    { path: 'simcode.json', text: `${JSON.stringify({ exclude: [], tests: 'exclude', minLines: 5, minTokens: 30 }, null, 2)}\n` },
    ...(ci === 'github' ? [{ path: '.github/workflows/simcode.yml', text: githubWorkflow }] : []),
    ...(ci === 'gitlab' ? [{ path: '.gitlab/simcode.yml', text: gitlabJob }] : []),
  ];
}

const githubWorkflow = `name: simcode
on:
  pull_request:
  push:
    branches: [main]
permissions: {}
jobs:
  clones:
    runs-on: ubuntu-latest
    permissions:
      contents: read
      security-events: write
    steps:
      - uses: actions/checkout@v5
        with:
          fetch-depth: 0 # the merge base must be there
          persist-credentials: false
      - uses: actions/setup-node@v5
        with:
          node-version: 24
      - uses: actions/cache@v4
        with:
          path: ~/.cache/simcode
          key: simcode-\${{ github.sha }}
          restore-keys: simcode-
      - name: Check
        env:
          BASE: \${{ github.base_ref }}
        run: npx --yes simcode@0 check \${BASE:+--against "origin/$BASE"} -f github -f sarif=simcode.sarif
      - uses: github/codeql-action/upload-sarif@v4
        if: always() && hashFiles('simcode.sarif') != ''
        with:
          sarif_file: simcode.sarif
          category: simcode
`;

const gitlabJob = `# include it from .gitlab-ci.yml:
#   include: { local: .gitlab/simcode.yml }
simcode:
  image: node:24
  variables:
    GIT_DEPTH: "0" # the merge base must be there
    SIMCODE_CACHE_DIR: $CI_PROJECT_DIR/.simcode-cache
  cache:
    key: simcode
    paths: [.simcode-cache]
  script:
    - npx --yes simcode@0 check \${CI_MERGE_REQUEST_DIFF_BASE_SHA:+--against "$CI_MERGE_REQUEST_DIFF_BASE_SHA"} -f gate -f gitlab=gl-code-quality-report.json -f junit=simcode.xml
  artifacts:
    when: always
    reports:
      codequality: gl-code-quality-report.json
      junit: simcode.xml
`;
