import { PGlite } from '@electric-sql/pglite';
import { vector } from '@electric-sql/pglite-pgvector';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import { afterAll } from 'vitest';

/** A PostgreSQL in this process with pgvector behind a port of the loopback device. */
export async function startPostgres(): Promise<{ readonly url: string; readonly db: PGlite }> {
  const db = await PGlite.create({ extensions: { vector } });
  const server = new PGLiteSocketServer({ db, host: '127.0.0.1', port: 0, maxConnections: 50 });
  await server.start();
  afterAll(async () => {
    await server.stop();
    await db.close();
  });
  return { url: `postgres://postgres:s3cret@${server.getServerConn()}/postgres`, db };
}
