import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, expect, test, vi } from 'vitest';
import { defaultDtype } from '../../src/io/models/dtype.ts';
import { findSnapshot, hubCacheDir, hubToken } from '../../src/io/models/hub-paths.ts';
import { pullModel, type PullOptions } from '../../src/io/models/pull.ts';
import { registered, registry } from '../../src/io/models/registry.ts';
import { createOnnxEmbedder } from '../../src/io/onnx/embedder.ts';
import { simcode } from '../cli/run.ts';
import { commit, fakeHub } from './fake-hub.ts';
import { temporaryDir } from './temporary.ts';

const qwen = fileURLToPath(new URL('../../fixtures/embed/parity/qwen/', import.meta.url));

/** Files of a model folder by their POSIX names. */
function filesOf(dir: string): Record<string, Buffer> {
  const names = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(names.map((entry) => {
    const path = join(entry.parentPath, entry.name);
    return [relative(dir, path).replaceAll('\\', '/'), readFileSync(path)];
  }));
}

const toy = (): Record<string, Buffer> => ({ 'config.json': Buffer.from('{}'), 'tokenizer.json': randomBytes(9000), 'README.md': Buffer.from('x'), 'onnx/model.onnx': randomBytes(300_000), 'onnx/model_fp16.onnx': randomBytes(10) });
const pull = (options: Partial<PullOptions> = {}): Promise<string> =>
  pullModel({ repo: 'tiny/model', revision: 'main', device: 'cpu', f16: false, ...options, pace: { pauseMs: 1, attempts: 4, timeoutMs: 5000, ...options.pace } });

let cache = '';
function useHub(endpoint: string): void {
  cache = temporaryDir();
  vi.stubEnv('HF_HUB_CACHE', cache);
  vi.stubEnv('HF_ENDPOINT', endpoint);
}

beforeEach(() => {
  for (const name of ['HF_TOKEN', 'HF_HUB_OFFLINE', 'HF_HOME', 'HTTP_PROXY', 'http_proxy']) vi.stubEnv(name, '');
  vi.stubEnv('HF_HUB_DISABLE_IMPLICIT_TOKEN', '1');
});

test('a download broken off 50 times at random points is resumed and whole', async () => {
  const files = toy();
  let breaks = 0;
  const hub = await fakeHub(files, { breakAfter: (name) => (name.endsWith('.onnx') && breaks < 50 ? (breaks++, 1 + Math.floor(Math.random() * 9000)) : undefined) });
  useHub(hub.endpoint);
  const seen: number[] = [];
  const dir = await pull({ onProgress: (done) => seen.push(done) });
  expect(breaks).toBe(50);
  expect(hub.requests.filter(({ range }) => range !== undefined).length).toBeGreaterThan(40);
  for (const name of ['config.json', 'tokenizer.json', 'onnx/model.onnx']) expect(readFileSync(join(dir, name)).equals(files[name] ?? Buffer.alloc(0))).toBe(true);
  expect(readdirSync(join(cache, 'models--tiny--model', 'blobs')).filter((name) => name.includes('.'))).toEqual([]);
  expect(readdirSync(join(dir, 'onnx'))).toEqual(['model.onnx']);
  expect(seen.at(-1)).toBe(9000 + 300_000 + 2);
  expect(await findSnapshot('tiny/model', 'main')).toBe(dir);
  expect(await findSnapshot('tiny/model', commit)).toBe(dir);
});

test('corrupted bytes never get into the cache', async () => {
  for (const wrong of ['onnx/model.onnx', 'tokenizer.json']) {
    const hub = await fakeHub(toy(), { corrupt: (name) => name === wrong });
    useHub(hub.endpoint);
    await expect(pull()).rejects.toMatchObject({ code: 'bad-model', message: expect.stringContaining(wrong) });
    expect(await findSnapshot('tiny/model', 'main')).toBeUndefined();
  }
});

test('pulls of one model at the same time share the work', async () => {
  const files = toy();
  const hub = await fakeHub(files);
  useHub(hub.endpoint);
  const dirs = await Promise.all([pull(), pull(), pull()]);
  expect(new Set(dirs).size).toBe(1);
  expect(hub.requests.filter(({ path }) => path === '/onnx/model.onnx')).toHaveLength(1);
  expect(statSync(join(dirs[0] ?? '', 'onnx/model.onnx')).size).toBe(300_000);
});

test('the token goes to the endpoint alone', async () => {
  const hub = await fakeHub(toy());
  useHub(hub.endpoint);
  vi.stubEnv('HF_TOKEN', 'hf_secret');
  await pull();
  expect(hub.requests.filter(({ host }) => host === 'hub').every(({ authorization }) => authorization === 'Bearer hf_secret')).toBe(true);
  expect(hub.requests.filter(({ host }) => host === 'content').map(({ authorization }) => authorization)).toEqual([undefined]);
  expect(await hubToken({ HF_HUB_DISABLE_IMPLICIT_TOKEN: '1' })).toBeUndefined();
});

test('no network, a network switched off, no such model and no such weights are one line with a way out', async () => {
  useHub('http://127.0.0.1:9');
  await expect(pull()).rejects.toMatchObject({ code: 'network', hint: expect.stringContaining('HTTPS_PROXY') });
  vi.stubEnv('HF_HUB_OFFLINE', '1');
  await expect(pull()).rejects.toMatchObject({ code: 'network', hint: expect.stringContaining('HF_HUB_OFFLINE') });
  vi.stubEnv('HF_HUB_OFFLINE', '');
  const hub = await fakeHub(toy());
  useHub(hub.endpoint);
  await expect(pull({ repo: 'tiny/other' })).rejects.toMatchObject({ code: 'missing-model' });
  await expect(pull({ repo: '../../etc/passwd' })).rejects.toMatchObject({ code: 'bad-option' });
  await expect(pull({ dtype: 'q8' })).rejects.toMatchObject({ code: 'missing-model', hint: expect.stringContaining('fp32, fp16') });
});

test('a pulled model, its weights in a second file, embeds from the cache', async () => {
  const hub = await fakeHub(filesOf(qwen));
  useHub(hub.endpoint);
  const dir = await pull({ dtype: 'q4' });
  const options = { device: 'cpu', threads: 1, dtype: 'q4' } as const;
  const [pulled, original] = await Promise.all([dir, qwen].map(async (folder) => {
    const embedder = await createOnnxEmbedder(folder, options);
    return embedder.embed(['return a']).finally(() => embedder.close());
  }));
  expect(pulled).toEqual(original);
});

test('the command line: pull, list, info, remove, and a licence that forbids commercial use', async () => {
  const hub = await fakeHub(filesOf(qwen));
  const env = { HF_ENDPOINT: hub.endpoint, HF_HUB_CACHE: temporaryDir() };
  const pulled = await simcode(['models', 'pull', 'tiny/model', '--dtype', 'fp32'], { env });
  expect(pulled).toMatchObject({ code: 0, stdout: expect.stringContaining(commit), stderr: expect.stringContaining('licence apache-2.0') });
  expect((await simcode(['models', 'info', 'tiny/model'], { env })).stdout).toMatch(/dimensions\s+64, may be cut to 8/);
  expect((await simcode(['models', 'list'], { env })).stdout).toMatch(/qwen3-embedding-0\.6b[\s\S]*tiny\/model/);
  expect(await simcode(['models', 'remove', 'tiny/model'], { env })).toMatchObject({ code: 0 });
  expect(await simcode(['models', 'remove', 'tiny/model'], { env })).toMatchObject({ code: 2, stderr: expect.stringContaining('not on this machine') });
  const closed = await fakeHub(filesOf(qwen), { license: 'cc-by-nc-4.0' });
  const refused = await simcode(['models', 'pull', 'tiny/model'], { env: { ...env, HF_ENDPOINT: closed.endpoint } });
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('forbids commercial use') });
  expect(closed.requests.filter(({ path }) => path.includes('resolve'))).toEqual([]);
}, 180_000);

test('the registry names pinned commits and licences that permit commercial use', () => {
  expect(registry.length).toBeGreaterThanOrEqual(5);
  for (const { revision, license } of registry) {
    expect(revision).toMatch(/^[0-9a-f]{40}$/);
    expect(['apache-2.0', 'mit']).toContain(license);
  }
  expect(registered('Qwen/Qwen3-Embedding-0.6B')?.name).toBe('qwen3-embedding-0.6b');
  expect(registered('ibm-granite/granite-embedding-small-english-r2')?.pooling).toBe('cls');
  expect(hubCacheDir({ HF_HOME: '/h' })).toMatch(/[\\/]h[\\/]hub$/);
});

test('the default dtype follows size and device', () => {
  const offered = new Map([['fp32', 2.4e9], ['fp16', 1.2e9], ['q8', 6e8]] as const);
  expect(defaultDtype(offered, { device: 'cpu', f16: false })).toBe('q8');
  expect(defaultDtype(new Map([['fp32', 1e8], ['q8', 3e7]] as const), { device: 'cpu', f16: false })).toBe('fp32');
  expect(defaultDtype(offered, { device: 'cuda', f16: true })).toBe('fp16');
  expect(defaultDtype(offered, { device: 'webgpu', f16: false })).toBe('fp32');
  expect(defaultDtype(new Map([['fp16', 1]] as const), { device: 'webgpu', f16: false })).toBeUndefined();
});
