import { describe, expect, it } from 'vitest';
import type { Scanner } from '../../src/cli/wiring.ts';
import { judge } from '../../src/gate/judge.ts';
import type { PastResult } from '../../src/past.ts';
import type { ScanResult, Verdict } from '../../src/types.ts';
import { createRandom } from '../bench/random.ts';
import { names, sample, single, twentyClasses } from './cli.ts';
import { lightEdit } from './edits.ts';
import { type Files, source, withScanner } from './memory.ts';

function verdictOf(result: ScanResult, base: PastResult): Verdict {
  return judge({ result, base: { result: base, renames: new Map() }, against: { kind: 'commit', name: 'HEAD' } });
}

const said = ({ findings = [], drift = [] }: Verdict): readonly (readonly string[])[] =>
  [findings, drift].map((all) => all.map(({ member, twin, type }) => `${member} ${twin} ${type}`).toSorted());

/** Judges files against older ones as `check --against` does: only what differs is read of the older ones. */
async function check(scanner: Scanner, before: Files, after: Files): Promise<Verdict> {
  const head = await scanner.scanKeeping(source(after));
  const changed = new Set([...Object.keys(before), ...Object.keys(after)].filter((path) => before[path] !== after[path]));
  return verdictOf(head.result, await scanner.scanPast(head, { files: source(before), changed }));
}

/** A change as people make it: a few files edited, one moved, one gone, some copies pasted. */
function changedTree(files: Files, random: () => number): Files {
  const after: Record<string, string> = { ...files };
  const any = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  for (let i = 0; i < 3; i++) {
    const path = any(Object.keys(files));
    after[path] = lightEdit(files[path] ?? '', path.endsWith('.py'), random);
  }
  const [moved, gone] = [any(Object.keys(after)), any(Object.keys(after))];
  after[`moved/${moved}`] = after[moved] ?? '';
  delete after[moved];
  delete after[gone];
  if (random() < 0.5) {
    const name = any([...names, ...single]);
    after[`zz/${name}`] = sample('type2', name);
  }
  return after;
}

describe('scanPast', () => {
  it('leads to the verdict that a scan of the whole older tree leads to', async () => {
    const random = createRandom(20_261_125);
    const files = twentyClasses();
    await withScanner(async (scan, scanner) => {
      const before = await scan(files);
      let findings = 0;
      for (let i = 0; i < 25; i++) {
        const after = changedTree(files, random);
        const short = await check(scanner, files, after);
        expect(said(short)).toEqual(said(verdictOf(await scan(after), before)));
        findings += (short.findings?.length ?? 0) + (short.drift?.length ?? 0);
      }
      expect(findings).toBeGreaterThan(10);
    });
  });

  it('reads no file that did not change', async () => {
    const files = twentyClasses();
    await withScanner(async (_, scanner) => {
      const head = await scanner.scanKeeping(source({ ...files, 'app/heading.ts': sample('type2', 'slugify.ts') }));
      const read: string[] = [];
      const { list } = source(files);
      const past = await scanner.scanPast(head, { files: { list, read: async (path) => { read.push(path); return { bytes: Buffer.from(files[path] ?? '') }; } }, changed: new Set(['app/heading.ts', 'lib/retry.ts']) });
      expect(new Set(read)).toEqual(new Set(['lib/retry.ts']));
      expect(verdictOf(head.result, past).findings?.map(({ member }) => member.split('@')[0])).toEqual(['app/heading.ts#motor']);
    });
  });
});

describe('what is no new clone', () => {
  const long = sample('base', 'slugify.ts');
  it('is a function that only lost code', async () => {
    const other = long.replace(/function (\w+)/, 'function headingOf').replace('{\n', `{\n${'  log("a heading is made", new Date().toISOString(), process.argv.length);\n  queue.push({ at: Date.now(), what: "heading", by: owner.name });\n'.repeat(4)}`);
    const before = { 'lib/slugify.ts': long, 'app/heading.ts': other };
    await withScanner(async (_, scanner) => {
      expect((await check(scanner, before, { ...before, 'app/heading.ts': long.replace(/function (\w+)/, 'function headingOf') })).findings).toEqual([]);
      // the same text where there was none is one
      expect((await check(scanner, { 'lib/slugify.ts': long }, { 'lib/slugify.ts': long, 'app/heading.ts': long })).findings).toHaveLength(1);
    });
  });

  it('is a function that grew above the size floor', async () => {
    const of = (name: string, typed: boolean): string => (typed
      ? `def ${name}(\n    extension: str, options: Options | None = None, level: str = "system"\n) -> bool:\n    """Doc."""\n    handler = Handler(options)\n    return handler.${name}(extension, True, level=level)\n`
      : `def ${name}(extension, options=None, level="system"):\n    handler = Handler(options)\n    return handler.${name}(extension, True, level=level)\n`);
    const tree = (typed: boolean): Files => ({ 'a.py': `${of('lock', typed)}\n\n${of('unlock', typed)}` });
    await withScanner(async (scan, scanner) => {
      expect((await scan(tree(true))).classes).toHaveLength(1);
      expect((await check(scanner, tree(false), tree(true))).findings).toEqual([]);
    });
  });
});
