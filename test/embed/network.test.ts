import { createServer, request, type IncomingMessage } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { pullModel } from '../../src/io/models/pull.ts';
import { createServerEmbedder } from '../../src/io/server/embedder.ts';
import { simcode } from '../cli/run.ts';
import { tempFolder } from '../helpers/temp.ts';
import { commit, fakeHub } from './fake-hub.ts';
import { fakeServer, unitVector } from './fake-server.ts';
import { temporaryDir } from './temporary.ts';

const model = fileURLToPath(new URL('../../fixtures/embed/parity/bert-cls/', import.meta.url));
const files = Object.fromEntries(readdirSync(model, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => {
  const path = join(entry.parentPath, entry.name);
  return [relative(model, path).replaceAll('\\', '/'), readFileSync(path)];
}));

/** A forward proxy that leads every name to one port of the loopback, and notes who was asked for. */
async function proxy(port: number): Promise<{ readonly url: string; readonly asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((from, response) => {
    asked.push(new URL(from.url ?? '').host);
    const { pathname, search } = new URL(from.url ?? '');
    from.pipe(request({ port, host: '127.0.0.1', method: from.method ?? 'GET', path: pathname + search, headers: from.headers }, (answer: IncomingMessage) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    }));
  });
  server.on('connect', (from, socket) => {
    asked.push(from.url ?? '');
    const to = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      to.pipe(socket).pipe(to);
    });
    for (const one of [to, socket]) one.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

beforeEach(() => {
  for (const name of ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy', 'NO_PROXY', 'no_proxy', 'HF_TOKEN', 'HF_HUB_OFFLINE']) vi.stubEnv(name, undefined);
  vi.stubEnv('HF_HUB_DISABLE_IMPLICIT_TOKEN', '1');
});

test('servers are reached through the proxy, and directly where NO_PROXY says so', async () => {
  const server = await fakeServer();
  const { url, asked } = await proxy(Number(new URL(server.url).port));
  vi.stubEnv('HTTP_PROXY', url);
  vi.stubEnv('NO_PROXY', '127.0.0.1');
  for (const [address, through] of [['http://gpu-box.invalid:8000/v1', true], [server.url, false]] as const) {
    asked.length = 0;
    const embedder = await createServerEmbedder({ urls: [address] });
    const rows = await embedder.embed(['a']).finally(() => embedder.close());
    for (const [at, value] of unitVector('a').entries()) expect(rows[at]).toBeCloseTo(value, 6);
    expect(asked.length > 0 && asked.every((host) => host === 'gpu-box.invalid:8000')).toBe(through);
  }
});

test('models are pulled through the proxy', async () => {
  // small files only: what is sent on elsewhere would come back to the same port
  const hub = await fakeHub({ ...files });
  const { url, asked } = await proxy(Number(new URL(hub.endpoint).port));
  vi.stubEnv('HTTP_PROXY', url);
  vi.stubEnv('NO_PROXY', '127.0.0.1');
  vi.stubEnv('HF_ENDPOINT', 'http://hub.invalid');
  vi.stubEnv('HF_HUB_CACHE', temporaryDir());
  const dir = await pullModel({ repo: 'tiny/model', revision: 'main', device: 'cpu', f16: false, pace: { attempts: 2, pauseMs: 1, timeoutMs: 5000 } });
  expect(dir).toContain(commit);
  expect(new Set(asked.map((host) => host.replace(/:80$/, '')))).toEqual(new Set(['hub.invalid']));
  expect(hub.requests.length).toBeGreaterThan(3);
});

test('nothing is downloaded unless told: scan and check name the way, --pull goes it, --offline bars it', async () => {
  const hub = await fakeHub(files);
  const env = { HF_ENDPOINT: hub.endpoint, HF_HUB_CACHE: temporaryDir(), SIMCODE_CACHE_DIR: temporaryDir(), CI: 'true' };
  const cwd = tempFolder({ 'simcode.json': JSON.stringify({ model: 'tiny/model' }), 'a.js': 'function first(list) {\n  return list[0];\n}\n' });
  for (const command of ['scan', 'check']) {
    expect(await simcode([command], { cwd, env })).toMatchObject({ code: 2, stderr: expect.stringContaining('simcode models pull tiny/model') as string });
    expect(await simcode([command, '--pull', '--offline'], { cwd, env })).toMatchObject({ code: 2, stderr: expect.stringContaining('--offline') as string });
  }
  expect(await simcode(['scan', '--pull', '--print-config'], { cwd, env })).toMatchObject({ code: 0 });
  expect(hub.requests).toEqual([]);
  const pulled = await simcode(['scan', 'fixtures/demo', '--model', 'tiny/model', '--dtype', 'fp32', '--pull', '--json'], { env });
  expect(pulled).toMatchObject({ code: 0, stderr: expect.stringContaining('licence apache-2.0') as string });
  expect(JSON.parse(pulled.stdout)).toMatchObject({ model: { id: 'tiny/model', calibrated: false, device: 'cpu' } });
  const asked = hub.requests.length;
  expect(await simcode(['scan', 'fixtures/demo', '--model', 'tiny/model', '--pull', '--offline', '--json'], { env })).toMatchObject({ code: 0 });
  expect(hub.requests).toHaveLength(asked);
}, 300_000);

test('models info says what is known before a download, and which calibration holds', async () => {
  const env = { HF_HUB_CACHE: temporaryDir() };
  const { stdout } = await simcode(['models', 'info', 'qwen3-embedding-0.6b'], { env });
  expect(stdout).toMatch(/folder\s+not downloaded; fetch it with simcode models pull qwen3-embedding-0\.6b/);
  expect(stdout).toMatch(/licence\s+apache-2\.0/);
  expect(stdout).toMatch(/dimensions\s+1024, may be cut to 32/);
  expect(stdout).toMatch(/calibration\s+default, threshold 0\.8; .*not fitted/);
  const own = join(temporaryDir(), 'model');
  cpSync(model, own, { recursive: true });
  cpSync(fileURLToPath(new URL('../../models/mini/calibration.json', import.meta.url)), join(own, 'calibration.json'));
  const folder = await simcode(['models', 'info', own], { env });
  expect(folder.stdout).toMatch(/^model\s+model [0-9a-f]{12}$/m);
  expect(folder.stdout).toMatch(/calibration\s+its own, threshold 0\.\d+/);
}, 120_000);
