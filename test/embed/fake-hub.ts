import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface HubBehaviour {
  readonly license?: string;
  /** Bytes of an answer after which the connection breaks, or undefined. */
  breakAfter?(path: string, nth: number): number | undefined;
  /** Wrong bytes instead of the file's. */
  corrupt?(path: string): boolean;
}

export const commit = 'a'.repeat(40);

/** A hub of one repository, `tiny/model`, on the loopback: sends large files on to another origin and knows ranges. */
export async function fakeHub(files: Readonly<Record<string, Buffer>>, behaviour: HubBehaviour = {}) {
  const requests: { readonly host: string; readonly path: string; readonly authorization: string | undefined; readonly range: string | undefined }[] = [];
  let served = 0;
  const content = createServer((request, response) => {
    note('content', request);
    serve(request, response);
  });
  const hub = createServer((request, response) => {
    note('hub', request);
    const path = request.url ?? '';
    if (path.startsWith(`/api/models/tiny/model/revision/`)) return response.end(JSON.stringify(description(files, behaviour)));
    const name = path.replace(`/tiny/model/resolve/${commit}/`, '');
    if (files[name] === undefined) return response.writeHead(404).end();
    if (isLarge(name)) return response.writeHead(302, { location: `http://127.0.0.1:${(content.address() as AddressInfo).port}/${name}` }).end();
    serve(request, response, name);
  });
  const note = (host: string, { url = '', headers }: IncomingMessage): void => {
    requests.push({ host, path: url, authorization: headers.authorization, range: headers.range });
  };
  const serve = (request: IncomingMessage, response: ServerResponse, name = (request.url ?? '').slice(1)): void => {
    const whole = files[name] ?? Buffer.alloc(0);
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const rest = Buffer.from(whole.subarray(from));
    if (behaviour.corrupt?.(name)) rest[rest.length - 1] = (rest.at(-1) ?? 0) ^ 1;
    response.writeHead(from > 0 ? 206 : 200, { 'content-length': rest.length, ...(from > 0 && { 'content-range': `bytes ${from}-${whole.length - 1}/${whole.length}` }) });
    const cut = behaviour.breakAfter?.(name, served++);
    if (cut === undefined || cut >= rest.length) response.end(rest);
    else response.write(rest.subarray(0, cut), () => response.destroy());
  };
  for (const server of [content, hub]) await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  onTestFinished(() => {
    for (const server of [content, hub]) {
      server.close();
      server.closeAllConnections();
    }
  });
  return { endpoint: `http://127.0.0.1:${(hub.address() as AddressInfo).port}`, requests };
}

const isLarge = (name: string): boolean => /\.onnx|\.safetensors/.test(name);

function description(files: Readonly<Record<string, Buffer>>, { license = 'apache-2.0' }: HubBehaviour): unknown {
  return {
    id: 'tiny/model', sha: commit, cardData: { license },
    siblings: Object.entries(files).map(([rfilename, data]) => ({
      rfilename, size: data.length, blobId: createHash('sha1').update(`blob ${data.length}\0`).update(data).digest('hex'),
      ...(isLarge(rfilename) && { lfs: { sha256: createHash('sha256').update(data).digest('hex'), size: data.length, pointerSize: 130 } }),
    })),
  };
}
