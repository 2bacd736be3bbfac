import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { gzipSync } from 'node:zlib';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { describe, expect, it } from 'vitest';
import { report } from '../../src/report/index.ts';
import type { GateFinding, ScanResult } from '../../src/types.ts';
import { describeFinding } from '../../src/util/finding.ts';
import { chunk, sampleResult, scanResult } from './sample.ts';

const formats = ['gate', 'sarif', 'github', 'gitlab', 'junit', 'checkstyle', 'rdjson', 'markdown'] as const;
const require = createRequire(import.meta.url);
// the schema that Microsoft's SARIF SDK ships
const published = JSON.parse(readFileSync(require.resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json'), 'utf8')) as Record<string, unknown>;
// draft 4 and the drafts that ajv knows agree on every keyword it uses
const { $schema: _draft, id: _id, ...sarifSchema } = published;
const ajv = new Ajv.default({ strict: false, allErrors: true, unicodeRegExp: false });
addFormats.default(ajv);
const validSarif = ajv.compile(sarifSchema);

interface SarifLog {
  readonly runs: readonly [{ readonly results: readonly {
    readonly ruleId: string; readonly level: string; readonly message: { readonly text: string };
    readonly locations: readonly [{ readonly physicalLocation: { readonly artifactLocation: { readonly uri: string }; readonly region: object } }];
    readonly relatedLocations: readonly { readonly id: number }[]; readonly partialFingerprints: Readonly<Record<string, string>>;
  }[]; }];
}

/** A result with `n` new members in as many classes, and a verdict. */
function gated(n: number, name: (i: number) => string = (i) => `src/file${i}.ts`, level: GateFinding['level'] = 'error'): ScanResult {
  const result = scanResult(Array.from({ length: n }, (_, i) => ({
    members: [chunk(name(i), `copy${i}`, 10, 8), chunk(`lib/old${i}.ts`, `original${i}`, 3, 8)], type: 2 as const, similarity: 0.95,
  })));
  const findings = result.classes.map((clones, i) => {
    // `scanResult` keeps the order of the groups
    const [member, twin] = result.chunks.slice(2 * i, 2 * i + 2);
    if (member === undefined || twin === undefined) throw new Error('no such chunk');
    return describeFinding({ rule: 'new-clone', level, class: clones.id, member, twin, similarity: 0.95, type: 2, lines: { startLine: 12, endLine: 14 } });
  });
  return { ...result, verdict: { new: result.classes.map(({ id }) => id), known: [], gone: [], exitCode: 1, findings, against: { kind: 'commit', name: 'main' } } };
}

function parseXml(text: string): readonly { readonly name: string; readonly attributes: Readonly<Record<string, string>> }[] {
  const parser = new SaxesParser();
  const tags: { name: string; attributes: Record<string, string> }[] = [];
  parser.on('error', (error) => { throw error; });
  parser.on('opentag', ({ name, attributes }) => tags.push({ name, attributes: { ...attributes } }));
  parser.write(text).close();
  return tags;
}

describe('sarif', () => {
  it.each([['a verdict', gated(3)], ['no verdict', sampleResult()], ['nothing found', scanResult([])]])('is valid by its schema: %s', async (_, result) => {
    expect([validSarif(JSON.parse(await report('sarif', result))), validSarif.errors]).toEqual([true, null]);
  });

  it('points at changed lines, links the twin from the message and has keys of its own', async () => {
    const { runs: [{ results }] } = JSON.parse(await report('sarif', gated(2))) as SarifLog;
    expect(results.length).toBe(2);
    for (const one of results) {
      expect(one.locations[0].physicalLocation.region).toEqual({ startLine: 12, endLine: 14 });
      for (const { id } of one.relatedLocations) expect(one.message.text).toMatch(new RegExp(`\\[[^\\]]+\\]\\(${id}\\)`));
      expect(Object.keys(one.partialFingerprints)).toEqual(['simcodeClone/v1']);
    }
    expect(new Set(results.map((one) => one.partialFingerprints['simcodeClone/v1'])).size).toBe(2);
  });

  it('stays within the limits of GitHub: 5,000 results, 10 MB gzipped', async () => {
    const text = await report('sarif', gated(5200));
    expect((JSON.parse(text) as SarifLog).runs[0].results.length).toBe(5000);
    expect(gzipSync(text).length).toBeLessThan(10_000_000);
  });

  it('writes relative URIs whatever files are called', async () => {
    const { runs: [{ results }] } = JSON.parse(await report('sarif', gated(1, () => 'a b/ü#%?.ts'))) as SarifLog;
    expect(results[0]?.locations[0].physicalLocation.artifactLocation.uri).toBe('a%20b/%C3%BC%23%25%3F.ts');
  });
});

describe('github', () => {
  it('annotates the ten worst errors and warnings and counts the rest', async () => {
    const lines = (await report('github', gated(15))).trimEnd().split('\n');
    expect(lines.filter((line) => line.startsWith('::error ')).length).toBe(10);
    expect(lines.at(-1)).toContain('5 more findings');
    expect(lines[0]).toMatch(/^::error file=src\/file\d+\.ts,line=12,endLine=14,title=New clone::copy\d+ is a renamed copy of original\d+ in lib\/old\d+\.ts:3 \(95%25 alike/);
  });

  it('lets no file name end a command or begin another', async () => {
    const text = await report('github', gated(1, () => 'a,line=1::\n::set-output name=x::y%0A.ts'));
    expect(text.trimEnd().split('\n').length).toBe(1);
    expect(text).toContain('file=a%2Cline=1%3A%3A\\n%3A%3Aset-output name=x%3A%3Ay%250A.ts,');
  });
});

describe('gitlab', () => {
  it('has the fields of Code Quality, unique fingerprints and no line numbers in them', async () => {
    const issues = JSON.parse(await report('gitlab', gated(4))) as readonly Record<string, unknown>[];
    for (const issue of issues) {
      expect(issue).toEqual({
        description: expect.any(String) as string, check_name: 'simcode/new-clone', fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
        severity: 'major', location: { path: expect.stringMatching(/^src\//) as string, lines: { begin: 12, end: 14 } },
      });
    }
    expect(new Set(issues.map(({ fingerprint }) => fingerprint)).size).toBe(4);
  });
});

describe('junit and checkstyle', () => {
  it('are well-formed, with a failure a class and an error a finding', async () => {
    const junit = parseXml(await report('junit', gated(3)));
    expect(junit.find(({ name }) => name === 'testsuite')?.attributes).toMatchObject({ tests: '3', failures: '3', errors: '0' });
    expect(junit.filter(({ name }) => name === 'failure').length).toBe(3);
    const checkstyle = parseXml(await report('checkstyle', gated(3)));
    expect(checkstyle.filter(({ name }) => name === 'error').map(({ attributes }) => attributes)).toMatchObject(
      Array.from({ length: 3 }, () => ({ line: '12', column: '1', severity: 'error', source: 'simcode.new-clone' })));
  });

  it('pass when all is known', async () => {
    const result = sampleResult();
    const verdict = { new: [], known: result.classes.map(({ id }) => id), gone: [], exitCode: 0 as const, findings: [] };
    const tags = parseXml(await report('junit', { ...result, verdict }));
    expect(tags.filter(({ name }) => name === 'testcase').length).toBe(3);
    expect(tags.filter(({ name }) => name === 'failure').length).toBe(0);
  });
});

describe('rdjson', () => {
  it("has reviewdog's fields", async () => {
    const document = JSON.parse(await report('rdjson', gated(1))) as { readonly diagnostics: readonly object[] };
    expect(document).toMatchObject({ source: { name: 'simcode' }, severity: 'WARNING' });
    expect(document.diagnostics[0]).toMatchObject({
      message: expect.any(String) as string, severity: 'ERROR', code: { value: 'new-clone' },
      location: { path: 'src/file0.ts', range: { start: { line: 12 }, end: { line: 14 } } }, relatedLocations: [{ location: { path: 'lib/old0.ts' } }],
    });
  });
});

describe('markdown', () => {
  it('fits a comment, folds what is more, and says how much is left out', async () => {
    const text = await report('markdown', gated(3000));
    expect(text.length).toBeLessThanOrEqual(65_536);
    expect(text).toMatch(/<details>[\s\S]*<\/details>\n\n[\d,]+ findings left out/);
    expect(await report('markdown', gated(3))).not.toContain('<details>');
  });
});

describe('every format', () => {
  it('ends in a newline and passes nothing on that a terminal, a browser or a parser acts on', async () => {
    await fc.assert(fc.asyncProperty(fc.string({ unit: 'binary', minLength: 1, maxLength: 24 }), async (path) => {
      const result = gated(1, () => path);
      for (const format of formats) {
        const text = await report(format, result);
        expect(text.endsWith('\n')).toBe(true);
        // oxlint-disable-next-line no-control-regex
        expect([format, /[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/.test(text)]).toEqual([format, false]);
        if (format === 'junit' || format === 'checkstyle') parseXml(text);
        if (format === 'sarif') expect([validSarif(JSON.parse(text)), path]).toEqual([true, path]);
        // code spans and escaped characters are text
        if (format === 'markdown') expect(text.replace(/(`+) [\s\S]*? \1(?!`)/g, '')).not.toMatch(/(?<!\\)<(?!\/?(details|summary|sub)>)[a-z!?/]/i);
      }
    }), { numRuns: 100 });
  });
});
