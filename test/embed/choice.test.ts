import { expect, test } from 'vitest';
import { simcode } from '../cli/run.ts';
import { fakeServer } from './fake-server.ts';
import { tempFolder } from '../helpers/temp.ts';

test('scan on a server: the model, the device and the missing calibration are in the report', async () => {
  const { url, seen } = await fakeServer({ dims: 16, model: 'Qwen/Qwen3-Embedding-0.6B' });
  const { code, stdout, stderr } = await simcode(['scan', 'fixtures/demo', '--embed-url', url, '--model', 'qwen3-embedding-0.6b', '--instruction', 'plagiarism', '--no-cache', '--json'], { env: { SIMCODE_API_KEY: 'sk-secret' } });
  expect({ code, stderr: stderr.includes('sk-secret') }).toEqual({ code: 0, stderr: false });
  const report: unknown = JSON.parse(stdout);
  expect(report).toMatchObject({ model: { id: 'qwen3-embedding-0.6b', device: 'server', dims: 16, calibrated: false, instruction: expect.stringContaining('submission') } });
  expect(stdout).toContain('uncalibrated');
  expect(seen.at(-1)?.headers.authorization).toBe('Bearer sk-secret');
  expect(seen.at(-1)?.inputs[0]).toMatch(/^Instruct: Given a source code submission/);
}, 120_000);

test('a wrong preset, a model that is not there and a server that --offline forbids are errors with a way out', async () => {
  const preset = await simcode(['scan', 'fixtures/demo', '--instruction', 'clones']);
  expect(preset).toMatchObject({ code: 2, stderr: expect.stringMatching(/no instruction clones[\s\S]*clone, plagiarism, search/) });
  const missing = await simcode(['scan', 'fixtures/demo', '--model', 'qwen3-embedding-0.6b'], { env: { HF_HUB_CACHE: '/nowhere' } });
  expect(missing).toMatchObject({ code: 2, stderr: expect.stringContaining('simcode models pull qwen3-embedding-0.6b') });
  const offline = await simcode(['scan', 'fixtures/demo', '--embed-url', 'http://127.0.0.1:9/v1', '--offline']);
  expect(offline).toMatchObject({ code: 2, stderr: expect.stringContaining('--offline') });
}, 120_000);

test('a repository\'s configuration cannot have the key sent to a server of its choice', async () => {
  const { url, seen } = await fakeServer();
  const cwd = tempFolder({ 'simcode.json': JSON.stringify({ embedUrls: [url] }), 'a.js': 'function f(a) { return a; }\n' });
  const refused = await simcode(['scan'], { cwd, env: { SIMCODE_API_KEY: 'sk-secret' } });
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('SIMCODE_API_KEY') });
  expect(seen).toEqual([]);
}, 120_000);
