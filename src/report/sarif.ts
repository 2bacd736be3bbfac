import type { Chunk, ScanResult } from '../types.ts';
import { titleOf } from '../util/finding.ts';
import { escapeJson, escapeText } from './escape.ts';
import { findingKeys, linesOf } from './fingerprints.ts';
import { findingsOf, type LocatedFinding } from './findings.ts';
import type { ReportOptions } from './options.ts';

/**
 * GitHub shows 5,000 results and 100 locations of each, and takes 10 MB gzipped ("SARIF support for code scanning",
 * GitHub Docs); a result here is at most about 20 kB of text that compresses well.
 */
const MAX_RESULTS = 5000;
const MAX_RELATED = 20;
const MAX_MESSAGE = 2000;

const rules = [
  {
    id: 'new-clone', name: 'NewClone', level: 'error', severity: 'warning',
    short: 'A new copy of existing code', full: 'This function does what another function of the repository already does.',
    help: 'Call the existing function, or move what both share into one. To keep both, accept the class: simcode baseline --accept <class> --reason "why", or put a comment "simcode-ignore: why" above the function.',
  },
  {
    id: 'drift', name: 'CloneDrift', level: 'warning', severity: 'warning',
    short: 'Only one of two copies was changed', full: 'Two functions were copies of each other; a change reached only one of them.',
    help: 'Make the same change in the other copy, or let one call the other. If they may part, put a comment "simcode-ignore: why" above one of them.',
  },
] as const;

/** SARIF 2.1.0 for code scanning: one result a finding, the existing twin linked from the message. */
export function sarif(result: ScanResult, _options: ReportOptions): string {
  const all = findingsOf(result);
  const shown = all.slice(0, MAX_RESULTS);
  const keys = findingKeys(shown);
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{
      tool: { driver: {
        name: 'simcode', version: result.tool.version, semanticVersion: result.tool.version,
        rules: rules.map(({ id, name, level, severity, short, full, help }) => ({
          id, name, shortDescription: { text: short }, fullDescription: { text: full }, help: { text: help },
          defaultConfiguration: { level },
          properties: { precision: 'high', 'problem.severity': severity, tags: ['maintainability', 'duplication'] },
        })),
      } },
      automationDetails: { id: 'simcode/' },
      columnKind: 'utf16CodeUnits',
      originalUriBaseIds: { SRCROOT: { description: { text: 'The root of the repository.' } } },
      invocations: [{
        executionSuccessful: true,
        toolExecutionNotifications: result.warnings.slice(0, 1000).map(({ code, path, message }) => ({
          level: 'warning', descriptor: { id: code }, message: { text: escapeText(message) },
          ...(path === undefined ? {} : { locations: [{ physicalLocation: { artifactLocation: artifact(path) } }] }),
        })),
      }],
      results: shown.map((finding, at) => resultOf(finding, keys[at] ?? '')),
      properties: { findings: all.length, shown: shown.length },
    }],
  };
  return `${escapeJson(JSON.stringify(log, null, 2))}\n`;
}

function resultOf(finding: LocatedFinding, key: string): object {
  const { rule, level, message, advice, twinChunk, others, similarity, type } = finding;
  const related = [twinChunk, ...others].slice(0, MAX_RELATED);
  const also = related.slice(1).map((chunk, i) => ` Also [${linkText(titleOf(chunk))}](${i + 2}).`).join('');
  return {
    ruleId: rule, ruleIndex: rules.findIndex(({ id }) => id === rule), level,
    message: { text: `${plainText(message)} Twin: [${linkText(titleOf(twinChunk))}](1).${also} ${plainText(advice)}`.slice(0, MAX_MESSAGE + also.length) },
    locations: [location(finding.memberChunk, linesOf(finding))],
    relatedLocations: related.map((chunk, i) => ({
      id: i + 1, message: { text: escapeText(titleOf(chunk)) }, ...location(chunk, { startLine: chunk.range.startLine, endLine: chunk.range.endLine }),
    })),
    partialFingerprints: { 'simcodeClone/v1': key },
    properties: { similarity: Number(similarity.toFixed(6)), cloneType: type, class: finding.class },
  };
}

function location(chunk: Chunk, { startLine, endLine }: { readonly startLine: number; readonly endLine: number }): object {
  return {
    physicalLocation: { artifactLocation: artifact(chunk.path), region: { startLine, endLine } },
    logicalLocations: [{ fullyQualifiedName: escapeText(chunk.qualifiedName || chunk.name || chunk.kind), kind: 'function' }],
  };
}

/** A URI reference relative to the root; each segment is percent-encoded (RFC 3986). */
function artifact(path: string): object {
  const uri = path.replace(/\p{Cs}/gu, '\ufffd').split('/').map(encodeURIComponent).join('/');
  return { uri, uriBaseId: 'SRCROOT' };
}

/** In SARIF messages `[` begins a link, and `\` escapes it (SARIF 2.1.0, 3.11.6). */
function plainText(text: string): string {
  return escapeText(text).replace(/[\\[\]]/g, '\\$&');
}

function linkText(text: string): string {
  return plainText(text.length > 200 ? `${text.slice(0, 199)}…` : text);
}
