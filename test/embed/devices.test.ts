import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test, vi } from 'vitest';
import { planPadded } from '../../src/io/onnx/batches.ts';
import { deviceHint, probeDevice, resolveDevice } from '../../src/io/onnx/devices.ts';
import { createOnnxEmbedder } from '../../src/io/onnx/embedder.ts';
import { simcode } from '../cli/run.ts';

const model = fileURLToPath(new URL('../../fixtures/embed/parity/bert-cls/', import.meta.url));

test('padded batches hold every text once, within the limits', () => {
  const lengths = Array.from({ length: 200 }, (_, at) => 1 + ((at * 37) % 300));
  const batches = planPadded(lengths, { tokens: 1000, rows: 16 });
  expect(batches.flat().toSorted((a, b) => a - b)).toEqual(lengths.map((_, at) => at));
  for (const batch of batches) {
    expect(batch.length).toBeLessThanOrEqual(16);
    expect(batch.length * Math.max(...batch.map((at) => lengths[at] ?? 0))).toBeLessThanOrEqual(1000);
  }
  expect(planPadded([5000], { tokens: 1000, rows: 16 })).toEqual([[0]]);
});

test('the CPU computes; a device that does not start says why and what to do', async () => {
  expect(await probeDevice('cpu')).toMatchObject({ ok: true });
  const { device: chosen } = await resolveDevice('auto', 1000);
  expect(await probeDevice(chosen)).toMatchObject({ ok: true });
  expect(await probeDevice('abacus')).toMatchObject({ ok: false });
  for (const device of ['cuda', 'tensorrt', 'webgpu', 'dml', 'coreml']) expect(deviceHint(device)).toContain('--device');
  const run = await simcode(['scan', 'fixtures/demo', '--device', 'dml'], { env: { SIMCODE_CACHE: '0' } });
  expect(run).toMatchObject({ code: 2, stderr: expect.stringMatching(/error: .*dml[\s\S]*hint: /) });
});

/** Software Vulkan: Debian's chromium package and libvulkan1, as .ci/run installs them. */
const swiftshader = '/usr/lib/chromium/vk_swiftshader_icd.json';

test('webgpu gives the vectors of the CPU, in batches; where there is no adapter, asking for it is an error with a way out', async () => {
  if (existsSync(swiftshader)) vi.stubEnv('VK_ICD_FILENAMES', swiftshader);
  if (!(await probeDevice('webgpu')).ok) {
    await expect(createOnnxEmbedder(model, { device: 'webgpu' })).rejects.toMatchObject({ code: 'missing-device', hint: expect.stringContaining('--device') as string });
    return;
  }
  const texts = ['return a', 'function add(a, b) { return a + b; }', 'x'];
  const rows = await Promise.all(['cpu', 'webgpu'].map(async (device) => {
    const embedder = await createOnnxEmbedder(model, { device, threads: 1 });
    expect(embedder.device).toBe(device);
    return embedder.embed(texts).finally(() => embedder.close());
  }));
  const [cpu, gpu] = rows;
  for (const [at, value] of (cpu ?? new Float32Array()).entries()) expect(gpu?.[at]).toBeCloseTo(value, 3);
  expect(gpu).toHaveLength(cpu?.length ?? -1);
}, 180_000);
