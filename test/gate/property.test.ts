import { describe, expect, it } from 'vitest';
import { formatBaseline, parseBaseline } from '../../src/gate/baseline.ts';
import { judge } from '../../src/gate/judge.ts';
import { createBaseline } from '../../src/gate/write.ts';
import type { Verdict } from '../../src/types.ts';
import { createRandom } from '../bench/random.ts';
import { names, sample, single, twentyClasses } from './cli.ts';
import { lightEdit } from './edits.ts';
import { formatted, styleNames } from './format.ts';
import { type Files, withScanner } from './memory.ts';

const against = { kind: 'baseline', name: 'baseline' } as const;

function edited(files: Files, random: () => number): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [path, lightEdit(text, path.endsWith('.py'), random)]));
}

const fresh = (verdict: Verdict): readonly string[] => (verdict.findings ?? []).map(({ member }) => member.split('#')[0] ?? '');

describe('the gate', () => {
  it('knows its clones after 1,000 small edits, in at least 99 of 100', async () => {
    const random = createRandom(20_261_123);
    const files = twentyClasses();
    await withScanner(async (scan) => {
      const first = await scan(files);
      const baseline = parseBaseline(formatBaseline(createBaseline(first)), 'b');
      const base = { result: first, renames: new Map<string, string>() };
      let edits = 0;
      const alarms: string[] = [];
      const sinceCommit: string[] = [];
      while (edits < 1000) {
        const changed = edited(files, random);
        edits += Object.keys(files).length;
        const result = await scan(changed);
        alarms.push(...fresh(judge({ result, baseline, against })));
        sinceCommit.push(...fresh(judge({ result, base, against: { kind: 'commit', name: 'HEAD' } })));
      }
      expect(alarms.length, alarms.join(' ')).toBeLessThanOrEqual(edits / 100);
      expect(sinceCommit.length, sinceCommit.join(' ')).toBeLessThanOrEqual(edits / 100);
    });
  });

  it('knows its clones after moves, renames of files and functions, reordering and reformatting', async () => {
    const files = twentyClasses();
    await withScanner(async (scan) => {
      const baseline = createBaseline(await scan(files));
      const variants: Record<string, Files> = {
        moved: Object.fromEntries(Object.entries(files).map(([path, text]) => [`packages/core/${path}`, text])),
        'renamed files': Object.fromEntries(Object.entries(files).map(([path, text], i) => [path.replace(/[^/]+\.(\w+)$/, `unit${i}.$1`), text])),
        'renamed functions': Object.fromEntries(Object.entries(files).map(([path, text]) => [path, text.replace(/\b(function|def) (\w+)/g, '$1 renamed_$2')])),
        crlf: Object.fromEntries(Object.entries(files).map(([path, text]) => [path, text.replaceAll('\n', '\r\n')])),
        // as a formatter would: other indentation, no semicolons, trailing commas, other quotes
        reformatted: Object.fromEntries(Object.entries(files).map(([path, text]) => [path, path.endsWith('.py')
          ? text.replace(/^( +)/gm, (blanks) => blanks + blanks).replaceAll("'", '"')
          : text.replace(/^( +)/gm, (blanks) => '\t'.repeat(blanks.length / 2)).replace(/;$/gm, '').replaceAll("'", '"')])),
        'one file': { 'all.ts': join(files, '.ts'), 'all.py': join(files, '.py') },
      };
      for (const [name, changed] of Object.entries(variants)) {
        expect([name, fresh(judge({ result: await scan(changed), baseline, against }))]).toEqual([name, []]);
      }
    });
  });

  it('knows its clones after prettier and black went over them, and calls that no drift', async () => {
    const files = twentyClasses();
    await withScanner(async (scan) => {
      const first = await scan(files);
      const base = { result: first, renames: new Map<string, string>() };
      for (const style of styleNames) {
        const changed: Record<string, string> = {};
        for (const [path, text] of Object.entries(files)) changed[path] = await formatted(path, text, style);
        expect(Object.keys(files).filter((path) => changed[path] !== files[path]).length).toBeGreaterThan(30);
        const result = await scan(changed);
        expect([style, fresh(judge({ result, baseline: createBaseline(first), against }))]).toEqual([style, []]);
        const verdict = judge({ result, base, against: { kind: 'commit', name: 'HEAD' } });
        expect([style, fresh(verdict), (verdict.drift ?? []).map(({ member }) => member)]).toEqual([style, [], []]);
        // and one side alone reformatted is none either
        const half = await scan({ ...files, ...Object.fromEntries(Object.entries(changed).filter(([path]) => path.startsWith('lib/'))) });
        expect([style, (judge({ result: half, base, against: { kind: 'commit', name: 'HEAD' } }).drift ?? []).map(({ member }) => member)]).toEqual([style, []]);
      }
    });
  });

  it('never knows a pasted copy, wherever it is pasted', async () => {
    const files = twentyClasses();
    const all = [...names, ...single];
    await withScanner(async (scan) => {
      const first = await scan(files);
      const baseline = createBaseline(first);
      for (const variant of ['base', 'type2']) {
        const pasted = Object.fromEntries(all.map((name, i) => [`zz/${variant}/paste${i}.${name.split('.').at(-1) ?? ''}`, sample(variant, name)]));
        const result = await scan({ ...files, ...pasted });
        const verdict = judge({ result, baseline, against });
        expect(new Set(fresh(verdict))).toEqual(new Set(Object.keys(pasted)));
        // and so it is against a commit that had none of them
        const base = { result: first, renames: new Map<string, string>() };
        expect(new Set(fresh(judge({ result, base, against: { kind: 'commit', name: 'HEAD' } })))).toEqual(new Set(Object.keys(pasted)));
      }
      // into the very file of the original
      const twice = Object.fromEntries(Object.entries(files).map(([path, text]) => [path, path.startsWith('lib/') ? `${text}\n\n${text}` : text]));
      const doubled = judge({ result: await scan(twice), baseline, against });
      expect(new Set(fresh(doubled))).toEqual(new Set(Object.keys(files).filter((path) => path.startsWith('lib/'))));
    });
  });
  it('sees a function that was rewritten into a copy in its place, and none where a copy took the place of another', async () => {
    const files = twentyClasses();
    await withScanner(async (scan) => {
      const first = await scan(files);
      const base = { result: first, renames: new Map<string, string>() };
      const both = async (changed: Files): Promise<readonly (readonly string[])[]> => {
        const result = await scan(changed);
        return [judge({ result, baseline: createBaseline(first), against }), judge({ result, base, against: { kind: 'commit', name: 'HEAD' } })].map(fresh);
      };
      const rewritten = sample('type2', 'slugify.ts').replace(/function \w+/, 'function retryWithBackoff');
      // which of two is the copy is known from a commit, not from a baseline
      expect(await both({ ...files, 'lib/retry.ts': rewritten })).toEqual([[expect.stringMatching(/retry|slugify/)], ['lib/retry.ts']]);
      // moved, renamed and edited at once: the class has not grown
      const { 'copies/deep-merge.ts': gone = '', ...rest } = files;
      const moved = gone.replace(/function (\w+)/, 'function mergedDeeply').replace(/\{\n/, '{\n  const depth = 1;\n  void depth;\n');
      expect((await both({ ...rest, 'other/place.ts': moved }))[1]).toEqual([]);
    });
  });
});

function join(files: Files, ending: string): string {
  return Object.entries(files).filter(([path]) => path.endsWith(ending)).toReversed().map(([, text]) => text).join('\n\n');
}
