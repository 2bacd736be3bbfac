import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Speaks `/v1/embeddings`: vectors that depend on the text alone, as base64 where asked, else as numbers. */
export async function loopback(dims: number): Promise<{ readonly url: string; close(): void }> {
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part)).on('end', () => {
      response.setHeader('content-type', 'application/json');
      if (request.method === 'GET') return response.end(JSON.stringify({ data: request.url === '/v1/models' ? [{ id: 'bench' }] : [] }));
      const { input, encoding_format: format } = JSON.parse(Buffer.concat(parts).toString()) as { readonly input: readonly string[]; readonly encoding_format?: string };
      const embedding = (text: string): unknown => (format === 'base64' ? Buffer.from(vectorOf(text, dims).buffer).toString('base64') : [...vectorOf(text, dims)]);
      response.end(JSON.stringify({ model: 'bench', data: input.map((text, index) => ({ index, embedding: embedding(text) })) }));
    });
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, close: () => { server.close(); server.closeAllConnections(); } };
}

/** Three words in a row, hashed to a place and a sign: like texts have like vectors, others a cosine near 0. */
function vectorOf(text: string, dims: number): Float32Array {
  const row = new Float32Array(dims);
  const words = text.split(' ').map((word) => [...word].reduce((hash, letter) => Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193), 0x811c9dc5));
  for (let at = 0; at < words.length; at++) {
    const hash = Math.imul((words[at] ?? 0) ^ Math.imul(words[at + 1] ?? 0, 31) ^ Math.imul(words[at + 2] ?? 0, 961), 0x9e3779b1) >>> 0;
    const place = (hash >>> 1) % dims;
    row[place] = (row[place] ?? 0) + ((hash & 1) === 0 ? 1 : -1);
  }
  return row;
}
