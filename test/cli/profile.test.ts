import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { z } from 'zod';
import { demo, simcode, temporaryFolder } from './run.ts';

vi.setConfig({ testTimeout: 300_000 });
const env = { SIMCODE_CACHE_DIR: join(temporaryFolder(), 'cache') };
const flow = z.object({ count: z.number(), busySeconds: z.number(), waitSeconds: z.number() }).loose();
const report = z.object({ summary: z.object({
  files: z.number(), chunks: z.number(),
  profile: z.object({ cpuSeconds: z.number().positive(), peakMegabytes: z.number().positive(), lag: z.object({ p50: z.number(), p99: z.number(), most: z.number() }), read: flow, parse: flow, embed: flow, compare: flow }),
}) });

async function profiled(): Promise<{ readonly summary: z.infer<typeof report>['summary']; readonly stderr: string }> {
  const { code, stdout, stderr } = await simcode(['scan', demo, '--json', '--profile'], { env });
  expect(code).toBe(0);
  return { summary: report.parse(JSON.parse(stdout)).summary, stderr };
}

test('--profile says what a scan worked on, and what a second one did not', async () => {
  const { summary: { files, chunks, profile: cold }, stderr } = await profiled();
  expect(stderr).toMatch(/^run +\d.* of CPU, at most [\d,]+ MB.*\nstages +chunk .*cluster .*\nread +12 files, .*\nparse +12 files, 0 known; .*\nembed +\d+ texts, .* a second\ncompare +1 tile; .*\n$/);
  expect(cold.read.count).toBe(files);
  expect(cold.read['bytes']).toBeGreaterThan(1000);
  expect(cold.parse).toMatchObject({ count: files, skipped: 0 });
  expect(cold.embed.count).toBeGreaterThan(10);
  expect(cold.embed).toMatchObject({ cached: 0, identical: chunks - cold.embed.count });
  expect(cold.embed.busySeconds).toBeGreaterThan(0);

  const { profile: warm } = (await profiled()).summary;
  expect(warm.parse).toMatchObject({ count: 0, busySeconds: 0, skipped: files });
  expect(warm.embed).toMatchObject({ count: 0, busySeconds: 0, cached: cold.embed.count });
  expect(warm.compare.count).toBe(0);
});

test('without it nothing of this is written, and a store has nothing to profile', async () => {
  const { stdout, stderr } = await simcode(['scan', demo, '--json'], { env });
  expect(stderr).toBe('');
  expect((JSON.parse(stdout) as { summary: object }).summary).not.toHaveProperty('profile');
  const refused = await simcode(['scan', '--store', 'somewhere', '--profile'], { env });
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain("option '--profile' cannot be used with option '--store <where>'");
});
